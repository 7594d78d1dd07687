"""Which part of the suite a run is about, and what made it so; stdlib and pytest only."""

import shlex
from collections.abc import Iterable, Iterator, Mapping
from pathlib import PurePath
from typing import Any

import pytest

from pytest_nac_qod.report.records import PartRecord

SUITE = "pytest_nac_qod.conformance"
UNKNOWN = "a pytest plugin or conftest.py"
# pytest's options that leave tests out, as typed, by the name that pytest keeps them under; "" for one without a value
_LEAVING_OUT = {
    "keyword": "-k",
    "markexpr": "-m",
    "deselect": "--deselect",
    "ignore": "--ignore",
    "ignore_glob": "--ignore-glob",
}
_LEAVING_OUT_FLAGS = {"lf": "--lf", "stepwise": "--stepwise"}
_SELECTING = ("api", "operation", "scenario", "mandatory")


def selected_by(given: Mapping[str, Any]) -> list[str]:
    """The options that select cases, as `nac-qod check` spells them; `given` are the settings by name."""
    options = []
    for name in _SELECTING:
        values = (given[name],) if isinstance(given[name], bool) else given[name]
        options += [f"--{name}" if value is True else shlex.join([f"--{name}", value]) for value in values if value]
    if given["level"] not in (None, "full"):
        options.append(shlex.join(["--level", given["level"]]))
    if given["max_examples"] is not None and given["max_examples"].strip() == "0":
        options.append("--max-examples 0")
    return options


def left_out_by(config: pytest.Config) -> list[str]:
    """What of pytest's own arguments leaves tests out, wherever they were given; of paths only the name."""
    return list(_left_out_by(config)) or [UNKNOWN]


def _left_out_by(config: pytest.Config) -> Iterator[str]:
    for key, option in _LEAVING_OUT.items():
        given = config.getoption(key, None) or ()
        for value in (given,) if isinstance(given, str) else given:
            yield shlex.join([option, _without_folder(str(value)) if option.startswith("--") else value])
    yield from (option for key, option in _LEAVING_OUT_FLAGS.items() if config.getoption(key, None))
    yield from (
        shlex.quote(relative)
        for argument in config.args
        if (relative := _without_folder(argument)) and not _whole(argument)
    )


def _whole(argument: str) -> bool:
    """Whether an argument stands for the suite: by its name, or its folder."""
    return argument == SUITE or (PurePath(argument).name == "conformance" and "::" not in argument)


def _without_folder(argument: str) -> str:
    path, mark, rest = argument.partition("::")
    return f"{PurePath(path).name}{mark}{rest}"


def part(given: Mapping[str, Any], of: int, cases: int, left_out: int, by: Iterable[str]) -> PartRecord | None:
    """The `part` of results.json; None when the run is about all cases.

    Args:
        given: the settings by name.
        of: cases of the release for the APIs that the target serves.
        cases: of those, what the settings leave.
        left_out: of these, what pytest's arguments left out.
        by: those arguments.
    """
    if cases == of and not left_out:
        return None
    return {
        "of": of,
        "cases": cases - left_out,
        "selected_by": selected_by(given),
        "left_out": left_out,
        "left_out_by": list(by) if left_out else [],
    }


def said(share: PartRecord | None) -> str:
    """A part in words; empty for none."""
    if not share:
        return ""
    return f"{share['cases']} of {share['of']} cases, by {' '.join([*share['selected_by'], *share['left_out_by']])}"
