"""The plugin's options, each with an ini twin; stdlib and pytest only."""

import os
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import pytest

from pytest_nac_qod.commands.progress import Progress
from pytest_nac_qod.foundation.problems import UnusableError
from pytest_nac_qod.run import resuming
from pytest_nac_qod.run.last_resort import safe

MODES = ("lenient", "strict")
TOKEN_VARIABLE = "QOD_TOKEN"  # noqa: S105 - the variable's name

Kind = Literal["text", "path", "several", "flag"]


@dataclass(frozen=True, slots=True)
class Option:
    """One option: `--qod-NAME` of pytest, `--NAME` of nac-qod check, `qod_NAME` in the ini file.

    Attributes:
        kind: `several` may be repeated, `flag` takes no value.
    """

    name: str
    metavar: str
    kind: Kind
    help: str

    @property
    def key(self) -> str:
        """Name in the ini file, and of the attribute that pytest keeps it under."""
        return f"qod_{self.name.replace('-', '_')}"

    def arguments(self) -> dict[str, Any]:
        """What argparse has to know of it."""
        if self.kind == "flag":
            return {"action": "store_true", "default": None, "help": self.help}
        action = "append" if self.kind == "several" else "store"
        return {"action": action, "default": None, "metavar": self.metavar, "help": self.help}


OPTIONS: tuple[Option, ...] = (
    Option("list", "", "flag", "print what would be tested, with purpose and accepted outcomes, and contact nothing"),
    Option("basis", "", "flag", "with --qod-list: print what each row and each check rests on, and how much it weighs"),
    Option("target", "FILE", "path", "target file (TOML) that describes the implementation under test"),
    Option("url", "URL", "text", "API root or base URL of the implementation under test, instead of a target file"),
    Option(
        "token", "TOKEN", "text", f"access token for --qod-url; better given as {TOKEN_VARIABLE} in the environment"
    ),
    Option("release", "RELEASE", "text", "CAMARA release to test against (default: the target file's, else r3.2)"),
    Option("api", "API", "several", "API to test; may be repeated (default: all that the target serves)"),
    Option("operation", "OPERATION", "several", "test only this operation (operationId); may be repeated"),
    Option(
        "scenario",
        "GLOB",
        "several",
        "test only scenarios and rules with this id (wildcards * and ?); may be repeated",
    ),
    Option(
        "profile",
        "PROFILE",
        "text",
        "core: only what one base URL and one token allow; full (default): everything",
    ),
    Option("mandatory", "", "flag", "test only what breaks a MUST when it fails"),
    Option("fail-fast", "", "flag", "stop at the first case that fails"),
    Option(
        "mode",
        "MODE",
        "text",
        "lenient (default) tolerates what another published text of the release allows; strict does not",
    ),
    Option("report", "DIR", "path", "folder to write the report to: results.json and all that is made of it"),
    Option("sign", "FILE", "path", "Ed25519 private key (PEM) to sign the report with"),
    Option("resume", "DIR", "path", "finish the interrupted run whose --qod-report folder this is"),
    Option("expectations", "FILE", "path", "file (TOML) of known failures, which do not fail the run"),
    Option("contract", "FILE", "path", "OpenAPI document to judge by, instead of the release's own"),
    Option("max-examples", "N", "text", "examples for each generated rule (default 50); 0 leaves those rules out"),
    Option("seed", "N", "text", "start generation from this number instead of always from the same examples"),
    Option("rate", "N/s", "text", "send no more requests than this, such as 10/s or 600/min (default: no limit)"),
    Option("sink-url", "URL", "text", "public https address that is forwarded to the event receiver"),
    Option("fault", "NAME", "several", "start the embedded server with this defect; may be repeated"),
    Option(
        "legal",
        "NAME",
        "several",
        "start the embedded server with this behaviour that the documents allow; may be repeated",
    ),
)
_INI_TYPES: dict[Kind, Literal["string", "linelist", "bool"]] = {
    "text": "string",
    "path": "string",
    "several": "linelist",
    "flag": "bool",
}
_TYPES: dict[Kind, Callable[[Any], Any]] = {
    "text": lambda value: value or None,
    "path": lambda value: Path(value) if value else None,
    "several": lambda value: tuple(value or ()),
    "flag": bool,
}


@dataclass(frozen=True, slots=True)
class Settings:
    """What the options, their ini twins and the environment say, unchecked but for the mode."""

    list: bool
    basis: bool
    target: Path | None
    url: str | None
    token: str | None
    release: str | None
    api: tuple[str, ...]
    operation: tuple[str, ...]
    scenario: tuple[str, ...]
    profile: str | None
    mandatory: bool
    fail_fast: bool
    mode: Literal["lenient", "strict"]
    report: Path | None
    sign: Path | None
    resume: Path | None
    expectations: Path | None
    contract: Path | None
    max_examples: str | None
    seed: str | None
    rate: str | None
    sink_url: str | None
    fault: tuple[str, ...]
    legal: tuple[str, ...]

    def steer(self) -> bool:
        """Whether any of them speaks of a conformance run, so that it has to be looked at before the run."""
        return any(
            (
                *(self.target, self.url, self.contract, self.release, self.api, self.fault, self.legal),
                *(self.operation, self.scenario, self.profile, self.mandatory),
                *(self.resume, self.expectations, self.sign),
                *(self.max_examples, self.seed, self.rate),
            )
        )


CLIENT = "client"  # of pytest alone: nac-qod client is a command of its own
INSTALLED = "installed"
_CLIENT_KEY = "qod_client_named"  # qod_client is the fixture
_CLIENT_HELP = f"client of the API to judge: words that start a program, or {INSTALLED} for the NaC SDK that is here"


def add_options(parser: pytest.Parser) -> None:
    """Declare the options and their ini twins."""
    group = parser.getgroup("qod", "Quality on Demand (pytest-nac-qod)")
    for option in OPTIONS:
        group.addoption(f"--qod-{option.name}", dest=option.key, **option.arguments())
        text = f"{option.help} (as --qod-{option.name})"
        parser.addini(option.key, text, _INI_TYPES[option.kind], default=None)
    group.addoption(f"--qod-{CLIENT}", dest=_CLIENT_KEY, metavar="WORDS", default=None, help=_CLIENT_HELP)
    parser.addini(_CLIENT_KEY, f"{_CLIENT_HELP} (as --qod-{CLIENT})", "string", default=None)


def client_named(config: pytest.Config) -> str | None:
    """The client that is to be judged; None for none."""
    return config.getoption(_CLIENT_KEY) or config.getini(_CLIENT_KEY) or None


def as_typed(text: str, config: pytest.Config) -> str:
    """`text` with options named as the user knows them: as in the ini file, with `--qod-`, or by nac-qod without."""
    known = {option.name: option for option in OPTIONS}
    prefix = "--" if any(isinstance(one, Progress) for one in config.pluginmanager.get_plugins()) else "--qod-"

    def name(found: re.Match[str]) -> str:
        option = known.get(found[1])
        if option is None:
            return found[0]
        from_file = not config.getoption(option.key) and config.getini(option.key)
        return option.key if from_file else f"{prefix}{option.name}"

    return re.sub(r"--qod-([a-z]+(?:-[a-z]+)*)", name, text)


def read_settings(config: pytest.Config) -> Settings:
    """The settings in force: an option beats its ini twin, which beats a resumed run, which beats the environment.

    Raises:
        pytest.UsageError: an option is none that there is, or the resumed run had another.
    """
    try:
        return _read_settings(config)
    except (pytest.UsageError, UnusableError) as error:
        raise pytest.UsageError(as_typed(safe(str(error)), config)) from None


def _read_settings(config: pytest.Config) -> Settings:
    found = {option.name.replace("-", "_"): _given(config, option) for option in OPTIONS}
    if folder := found["resume"]:
        found = resuming.merged(found, folder)
        if found["report"] and found["report"].absolute() != folder.absolute():
            raise pytest.UsageError("--qod-report: a resumed run reports to its own folder; leave the option out")
        found["report"] = folder
    return settings(found)


def settings(given: Mapping[str, Any]) -> Settings:
    """The settings that options by name make, with their defaults and the environment's token.

    Raises:
        pytest.UsageError: the mode is neither lenient nor strict.
    """
    mode = given.get("mode") or MODES[0]
    if mode not in MODES:
        raise pytest.UsageError(f"--qod-mode: expected lenient or strict, got {mode!r}")
    token = given.get("token") or os.environ.get(TOKEN_VARIABLE)
    found = dict(given) | {"mode": mode, "token": token}
    kinds = {option.name.replace("-", "_"): option.kind for option in OPTIONS}
    return Settings(**{name: _TYPES[kind](found.get(name)) for name, kind in kinds.items()})


def _given(config: pytest.Config, option: Option) -> Any:  # noqa: ANN401 - of the option's kind
    found = config.getoption(option.key)
    if found or option.kind != "path":
        return _TYPES[option.kind](found or config.getini(option.key))
    ini = config.getini(option.key)
    base = config.inipath.parent if config.inipath else config.rootpath
    return base / ini if ini else None
