"""The plugin's options, each with an ini twin; stdlib and pytest only."""

import os
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import pytest

MODES = ("lenient", "strict")
TOKEN_VARIABLE = "QOD_TOKEN"  # noqa: S105 - the variable's name

# option without its prefix, metavar, whether it may be repeated, help
OPTIONS: tuple[tuple[str, str, bool, str], ...] = (
    ("target", "FILE", False, "target file (TOML) that describes the implementation under test"),
    ("url", "URL", False, "API root or base URL of the implementation under test, instead of a target file"),
    ("token", "TOKEN", False, f"access token for --qod-url; better given in the environment as {TOKEN_VARIABLE}"),
    ("release", "RELEASE", False, "CAMARA release to test against (default: the target file's, else r3.2)"),
    ("api", "API", True, "API to test; may be repeated (default: all that the target serves)"),
    (
        "mode",
        "MODE",
        False,
        "lenient (default) tolerates what another published text of the release allows; strict does not",
    ),
    ("report", "DIR", False, "folder to write results.json to"),
    ("contract", "FILE", False, "OpenAPI document to judge by, instead of the release's own"),
    ("sink-url", "URL", False, "public https address that is forwarded to the event receiver"),
    ("fault", "NAME", True, "start the embedded server with this defect; may be repeated"),
)


@dataclass(frozen=True, slots=True)
class Settings:
    """What the options, their ini twins and the environment say, unchecked but for the mode."""

    target: Path | None
    url: str | None
    token: str | None
    release: str | None
    api: tuple[str, ...]
    mode: Literal["lenient", "strict"]
    report: Path | None
    contract: Path | None
    sink_url: str | None
    fault: tuple[str, ...]


def add_options(parser: pytest.Parser) -> None:
    """Declare the options and their ini twins."""
    group = parser.getgroup("qod", "Quality on Demand (pytest-nac-qod)")
    for name, metavar, repeated, text in OPTIONS:
        key = f"qod_{name.replace('-', '_')}"
        action = "append" if repeated else "store"
        group.addoption(f"--qod-{name}", dest=key, metavar=metavar, action=action, default=None, help=text)
        kind: Literal["linelist", "string"] = "linelist" if repeated else "string"
        parser.addini(key, f"{text} (as --qod-{name})", kind, default=None)


def read_settings(config: pytest.Config) -> Settings:
    """The settings in force: an option beats its ini twin, which beats the environment.

    Raises:
        pytest.UsageError: the mode is neither lenient nor strict.
    """

    def text(name: str) -> str | None:
        return config.getoption(f"qod_{name}") or config.getini(f"qod_{name}") or None

    def path(name: str) -> Path | None:
        if option := config.getoption(f"qod_{name}"):
            return Path(option)
        ini = config.getini(f"qod_{name}")
        base = config.inipath.parent if config.inipath else config.rootpath
        return base / ini if ini else None

    def several(name: str) -> tuple[str, ...]:
        return tuple(config.getoption(f"qod_{name}") or config.getini(f"qod_{name}") or ())

    mode = text("mode") or "lenient"
    if mode not in MODES:
        raise pytest.UsageError(f"--qod-mode: expected lenient or strict, got {mode!r}")
    return Settings(
        target=path("target"),
        url=text("url"),
        token=text("token") or os.environ.get(TOKEN_VARIABLE) or None,
        release=text("release"),
        api=several("api"),
        mode="strict" if mode == "strict" else "lenient",
        report=path("report"),
        contract=path("contract"),
        sink_url=text("sink_url"),
        fault=several("fault"),
    )
