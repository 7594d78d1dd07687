"""What a resumed run takes from the one that was interrupted; stdlib and pytest only."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from pytest_nac_qod import __version__
from pytest_nac_qod.foundation.visible import one_line
from pytest_nac_qod.report import journal
from pytest_nac_qod.report.records import About, CaseRecord
from pytest_nac_qod.wire.secret_forms import in_address

# Options that may differ when a run is resumed: secrets, which are not written down, and what changes no verdict.
FREE = frozenset({"token", "report", "resume", "fail_fast", "sign", "rate", "budget", "yes", "dry_run"})
_SHOWN = 40  # characters of another version


@dataclass(frozen=True, slots=True)
class Earlier:
    """The interrupted run.

    Attributes:
        given: its options by name, paths in full.
        about: what results.json says besides its results.
        results: of the cases that are done; those that ended in an error are not, and run again.
    """

    given: Mapping[str, Any]
    about: About
    results: tuple[CaseRecord, ...]

    def done(self) -> frozenset[tuple[str, str, str]]:
        """API, id and case of what is not repeated."""
        return frozenset(journal.key(result) for result in self.results)


@cache
def earlier(folder: Path) -> Earlier:
    """The run that left its results in `folder`: interrupted, or complete, of which nothing is repeated.

    Raises:
        pytest.UsageError: there is none, or another version made it; says where it was looked for.
    """
    try:
        noted = journal.read(folder)
    except journal.JournalError as error:
        return _complete(folder, str(error))
    suite: Any = noted.about.get("suite")
    made = suite.get("version") if isinstance(suite, dict) else None
    if made != __version__:
        version = one_line(made)[:_SHOWN] if isinstance(made, str) else "unknown"
        raise pytest.UsageError(
            f"--qod-resume: the run in {folder} was made by version {version}, this is {__version__}; start a new run"
        )
    from pytest_nac_qod.report import results  # noqa: PLC0415 - only a resumed run needs the schema

    if problem := next(iter(results.noted_problems(noted)), ""):
        raise pytest.UsageError(f"--qod-resume: {folder / journal.FILE}: {problem}; start a new run")
    return Earlier(noted.given, noted.about, tuple(result for result in noted.results if result["verdict"] != "error"))


def _complete(folder: Path, problem: str) -> Earlier:
    """A run that came to its end has no journal any more, but says so."""
    try:
        document = json.loads((folder / "results.json").read_text(encoding="utf-8"))
        if document["complete"]:
            raise pytest.UsageError(f"--qod-resume: {folder}: this run is finished; there is nothing to resume")
    except (OSError, ValueError, LookupError, TypeError, RecursionError):
        pass
    raise pytest.UsageError(f"--qod-resume: {problem}")


def kept(given: Mapping[str, Any]) -> dict[str, Any]:
    """The options that a journal keeps, as JSON: paths in full, without secrets, nor addresses that hold one."""
    options = {name: _plain(value) for name, value in given.items() if value and name not in FREE}
    return {name: value for name, value in options.items() if not (isinstance(value, str) and any(in_address(value)))}


def merged(given: Mapping[str, Any], folder: Path) -> dict[str, Any]:
    """The options of the run in `folder`, with those that are given now and may differ.

    Raises:
        pytest.UsageError: one that is given now is another than then.
    """
    before = earlier(folder).given
    for name, value in kept(given).items():
        if value != before.get(name):
            then = f"with {before[name]!r}" if name in before else "without it"
            raise pytest.UsageError(
                f"--qod-{name.replace('_', '-')}: the run in {folder} was started {then}; "
                "leave the option out, or start a new run"
            )
    return {name: given[name] or before.get(name) for name in given}


def _plain(value: Any) -> Any:  # noqa: ANN401 - any option
    if isinstance(value, Path):
        return str(value.absolute())
    return list(value) if isinstance(value, tuple) else value
