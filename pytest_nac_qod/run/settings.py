"""What the plugin's options, their ini twins and the environment say; stdlib and pytest only."""

import os
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import pytest

from pytest_nac_qod.foundation.problems import UnusableError, brief
from pytest_nac_qod.run.options import MODES, OPTIONS, TOKEN_VARIABLE, Kind, Option

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
    dry_run: bool
    target: Path | None
    url: str | None
    token: str | None
    release: str | None
    release_dir: Path | None
    api: tuple[str, ...]
    operation: tuple[str, ...]
    scenario: tuple[str, ...]
    level: str | None
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
    jobs: str | None
    budget: str | None
    yes: bool
    sink_url: str | None
    fault: tuple[str, ...]
    legal: tuple[str, ...]

    def steer(self) -> bool:
        """Whether any of them speaks of a conformance run, so that it has to be looked at before the run."""
        return any(
            (
                *(self.target, self.url, self.contract, self.release, self.release_dir, self.api),
                *(self.fault, self.legal),
                *(self.operation, self.scenario, self.level, self.mandatory),
                *(self.resume, self.expectations, self.sign),
                *(self.max_examples, self.seed, self.rate, self.jobs, self.budget),
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
        group.addoption(*option.words("--qod-"), dest=option.key, **option.arguments())
        text = f"{option.help} (as --qod-{option.name})"
        for key in option.ini_keys():
            parser.addini(key, text, _INI_TYPES[option.kind], default=None)
    group.addoption(f"--qod-{CLIENT}", dest=_CLIENT_KEY, metavar="WORDS", default=None, help=_CLIENT_HELP)
    parser.addini(_CLIENT_KEY, f"{_CLIENT_HELP} (as --qod-{CLIENT})", "string", default=None)


def client_named(config: pytest.Config) -> str | None:
    """The client that is to be judged; None for none."""
    return config.getoption(_CLIENT_KEY) or config.getini(_CLIENT_KEY) or None


def as_typed(text: str, config: pytest.Config) -> str:
    """`text` with options named as the user knows them: as in the ini file, with `--qod-`, or by nac-qod without."""
    from pytest_nac_qod.report.terminal.progress import Progress

    known = {option.name: option for option in OPTIONS}
    prefix = "--" if any(isinstance(plugin, Progress) for plugin in config.pluginmanager.get_plugins()) else "--qod-"

    def name(match: re.Match[str]) -> str:
        option = known.get(match[1])
        if option is None:
            return match[0]
        key = "" if config.getoption(option.key) else _ini_key(config, option)
        return key or f"{prefix}{option.name}"

    return re.sub(r"--qod-([a-z]+(?:-[a-z]+)*)", name, text)


def read_settings(config: pytest.Config) -> Settings:
    """The settings in force: an option beats its ini twin, which beats a resumed run, which beats the environment.

    Raises:
        pytest.UsageError: an option is none that there is, or the resumed run had another.
    """
    try:
        return _read_settings(config)
    except (pytest.UsageError, UnusableError) as error:
        from pytest_nac_qod.report.terminal.last_resort import safe

        raise pytest.UsageError(brief(as_typed(safe(str(error)), config))) from None


def _read_settings(config: pytest.Config) -> Settings:
    values = {option.name.replace("-", "_"): _given(config, option) for option in OPTIONS}
    if folder := values["resume"]:
        from pytest_nac_qod.run import resuming

        values = resuming.merged(values, folder)
        if values["report"] and values["report"].absolute() != folder.absolute():
            raise pytest.UsageError("--qod-report: a resumed run reports to its own folder; leave the option out")
        values["report"] = folder
    return settings(values)


def settings(given: Mapping[str, Any]) -> Settings:
    """The settings that options by name make, with their defaults and the environment's token.

    Raises:
        pytest.UsageError: the mode is neither lenient nor strict.
    """
    mode = given.get("mode") or MODES[0]
    if mode not in MODES:
        raise pytest.UsageError(f"--qod-mode: expected lenient or strict, got {mode!r}")
    token = given.get("token") or os.environ.get(TOKEN_VARIABLE)
    values = dict(given) | {"mode": mode, "token": token}
    kinds = {option.name.replace("-", "_"): option.kind for option in OPTIONS}
    return Settings(**{name: _TYPES[kind](values.get(name)) for name, kind in kinds.items()})


def _given(config: pytest.Config, option: Option) -> Any:  # noqa: ANN401 - of the option's kind
    given, key = config.getoption(option.key), _ini_key(config, option)
    ini = config.getini(key) if key else None
    if given or option.kind != "path":
        return _TYPES[option.kind](given or ini)
    base = config.inipath.parent if config.inipath else config.rootpath
    return base / ini if ini else None


def _ini_key(config: pytest.Config, option: Option) -> str:
    """The name by which the ini file gives the option; empty when it does not."""
    return next((key for key in option.ini_keys() if config.getini(key)), "")
