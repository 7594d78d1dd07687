"""Conformance suite and pytest plugin for CAMARA Quality-on-Demand APIs."""

from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

try:
    __version__ = version("pytest-nac-qod")
except PackageNotFoundError:  # run from a checkout that is not installed
    __version__ = "0.0.0"

_package = Path(__file__).parent
if not (_package / "conformance").is_dir():  # a wheel has the suite inside the package, a checkout beside it
    __path__.append(str(_package.parent))
