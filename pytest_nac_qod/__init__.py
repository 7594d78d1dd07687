"""Conformance suite and pytest plugin for CAMARA Quality-on-Demand APIs."""

from importlib.metadata import PackageNotFoundError, version

try:
    __version__ = version("pytest-nac-qod")
except PackageNotFoundError:  # run from a checkout that is not installed
    __version__ = "0.0.0"
