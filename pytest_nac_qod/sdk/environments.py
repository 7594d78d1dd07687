"""The released SDKs, each in its own environment, installed from the indexes that pip and npm are configured for."""

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path
from uuid import uuid4

from pytest_nac_qod.foundation import user_cache
from pytest_nac_qod.sdk.problems import SdkError

PACKAGE = "network-as-code"
MATRIX = (
    *("1.0.1", "2.2.2", "3.1.0", "4.0.0", "4.1.0", "5.0.0", "5.2.1", "6.2.0", "7.0.0", "8.0.0", "10.0.0"),
    *("10.0.0/v0", "10.0.0/async", "npm:10.0.0"),
)
_SPEC = re.compile(r"(?:(npm):)?(\d+\.\d+\.\d+)(?:/(v0|async))?")
_PATIENCE = 300.0  # seconds for an installation


@dataclass(frozen=True, slots=True)
class Sdk:
    """A released SDK: of Python, or of Node when `npm`.

    Attributes:
        form: `v0` for the calls of 10.0.0 that are not of v1, `async` for its asynchronous client; else empty.
    """

    version: str
    npm: bool = False
    form: str = ""

    def __str__(self) -> str:
        return f"{'npm:' if self.npm else ''}{self.version}{f'/{self.form}' if self.form else ''}"

    @property
    def name(self) -> str:
        """For people: `network-as-code 8.0.0`."""
        return f"{PACKAGE} {self}"

    @property
    def slug(self) -> str:
        """For file names: `python-8.0.0`."""
        return f"{'npm' if self.npm else 'python'}-{self.version}{f'-{self.form}' if self.form else ''}"


def sdk(spec: str) -> Sdk:
    """The SDK that `8.0.0`, `10.0.0/v0` or `npm:10.0.0` stands for.

    Raises:
        SdkError: it is written otherwise.
    """
    match = _SPEC.fullmatch(spec)
    if match is None:
        raise SdkError(f"--sdk {spec}: expected a released version such as 8.0.0, or npm:10.0.0 for Node")
    return Sdk(match[2], npm=match[1] is not None, form=match[3] or "")


def default_cache() -> Path:
    """The folder that environments are kept in unless another is given."""
    return user_cache.folder() / "sdk"


def command(wanted: Sdk, cache: Path | None = None, python: str | None = None) -> tuple[str, ...]:
    """The words that run the SDK's adapter; the SDK is installed first if need be.

    Args:
        wanted: the SDK.
        cache: folder that SDKs are installed in; None for the one in the user's cache.
        python: interpreter for SDKs of Python; None for this one.

    Raises:
        SdkError: it cannot be installed.
    """
    place = installed(wanted, cache or default_cache(), python or sys.executable)
    adapters = Path(str(files("pytest_nac_qod.sdk.adapters")))
    if wanted.npm:
        return ("node", str(adapters / "node_adapter.mjs"), str(place))
    return (str(python_of(place)), str(adapters / "python_adapter.py"), *([wanted.form] if wanted.form else []))


def python_of(place: Path) -> Path:
    """The interpreter of a virtual environment."""
    return place / ("Scripts/python.exe" if os.name == "nt" else "bin/python")


def installed(wanted: Sdk, cache: Path, python: str = sys.executable) -> Path:
    """The folder that the SDK is installed in, made if need be.

    Several processes may ask at once: one installs, the others wait for it, and nobody sees half an environment.

    Raises:
        SdkError: it cannot be installed.
    """
    kind = "npm" if wanted.npm else "python-" + re.sub(r"\W+", "-", _version_of(python))
    place = cache / f"{kind}-{wanted.version}"
    if place.is_dir():
        return place
    cache.mkdir(parents=True, exist_ok=True)
    with _alone(cache / f"{place.name}.lock"):
        if not place.is_dir():
            partial = cache / f"{place.name}.partial-{uuid4().hex[:8]}"
            try:
                (_npm if wanted.npm else _pip)(wanted, partial, python)
                partial.rename(place)
            finally:
                shutil.rmtree(partial, ignore_errors=True)
    return place


def _pip(wanted: Sdk, place: Path, python: str) -> None:
    _run(wanted, [python, "-m", "venv", str(place)])
    words = ["-m", "pip", "install", "--quiet", "--disable-pip-version-check", f"{PACKAGE}=={wanted.version}"]
    _run(wanted, [str(python_of(place)), *words])


def _npm(wanted: Sdk, place: Path, python: str) -> None:  # noqa: ARG001 - as _pip
    place.mkdir()
    (place / "package.json").write_text('{"private": true}\n', encoding="utf-8")
    quiet = ["--no-audit", "--no-fund", "--loglevel=error"]
    _run(wanted, ["npm", "install", "--prefix", str(place), *quiet, f"{PACKAGE}@{wanted.version}"])


def _run(wanted: Sdk, words: Sequence[str]) -> None:
    try:
        done = subprocess.run(  # noqa: S603 - pip and npm
            words, capture_output=True, text=True, errors="replace", check=False, timeout=_PATIENCE
        )
    except FileNotFoundError:
        what = "install Node with npm, or leave npm out" if wanted.npm else "give another --python"
        raise SdkError(f"{wanted.name}: {words[0]} is not there; {what}") from None
    except subprocess.TimeoutExpired:
        raise SdkError(f"{wanted.name}: {words[0]} took longer than {_PATIENCE:g} s; try again") from None
    if done.returncode:
        said = [line for line in done.stderr.splitlines() if line.strip() and not line.startswith("WARNING")]
        advice = "" if wanted.npm else "; this version may need an older interpreter: give one with --python"
        raise SdkError(f"{wanted.name} cannot be installed: {' '.join(said[-2:])[:300]}{advice}")


def _version_of(python: str) -> str:
    if python == sys.executable:
        return f"{sys.version_info.major}.{sys.version_info.minor}"
    try:
        done = subprocess.run(  # noqa: S603 - the interpreter that the user named
            [python, "-c", "import sys; print('%d.%d' % sys.version_info[:2])"],
            capture_output=True,
            text=True,
            check=True,
            timeout=30,
        )
    except (OSError, subprocess.SubprocessError) as error:
        raise SdkError(f"--python {python} is not a Python interpreter: {error}") from None
    return done.stdout.strip()


@contextmanager
def _alone(path: Path) -> Iterator[None]:
    """One process at a time, where the system has file locks; elsewhere the rename decides who was first."""
    try:
        import fcntl  # noqa: PLC0415 - not on every system
    except ImportError:
        yield
        return
    with path.open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield
