"""Results on disk as they come, so that a run that is killed leaves what it found; stdlib only.

A folder holds `results.jsonl`, complete after each case, and `results.json`, a second behind, or more if it is large.
"""

import json
import time
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TextIO, cast

from pytest_nac_qod.foundation.problems import UnusableError
from pytest_nac_qod.foundation.values import no_constant
from pytest_nac_qod.report.records import About, CaseRecord

FILE = "results.jsonl"
INTERVAL = 1.0  # seconds between two writings of results.json, at least
SHARE = 0.05  # of a run's time that they may take

Given = dict[str, Any]  # options of a run by name


class JournalError(UnusableError):
    """A journal that cannot be read; the message names the file and what to do."""


@dataclass(slots=True)
class Journal:
    """The results of one run in `folder`; `begin` it, `add` each result, `close` it at the end.

    Attributes:
        given: the options of the run, for those who resume it.
        about: all of results.json but its results, their summary and whether the run is complete.
        clock: seconds, for `INTERVAL`.
        file: where results are appended, once begun.
    """

    folder: Path
    given: Given
    about: About = field(default_factory=lambda: cast("About", {}))
    clock: Callable[[], float] = time.monotonic
    _lines: list[str] = field(default_factory=list, init=False)
    _counted: Counter[str] = field(default_factory=Counter, init=False)
    file: TextIO | None = field(default=None, init=False)
    _due: float = field(default=0.0, init=False)

    def begin(self, about: About, results: Iterable[CaseRecord] = ()) -> None:
        """Start new files with the results of an earlier part of the run."""
        self.about = about
        for result in results:
            self._keep(result)
        self.folder.mkdir(parents=True, exist_ok=True)
        header = json.dumps({"given": self.given, "about": about})
        path = self.folder / FILE
        _replace(path, "".join(f"{line}\n" for line in (header, *self._lines)))
        self.file = path.open("a", encoding="utf-8")

    def add(self, result: CaseRecord) -> None:
        """Note one result; it is in the hands of the operating system when this returns."""
        if self.file is None:
            return
        self.file.write(self._keep(result) + "\n")
        self.file.flush()
        started = self.clock()
        if started >= self._due:
            _replace(self.folder / "results.json", self._document())
            ended = self.clock()
            self._due = ended + max(INTERVAL, (ended - started) / SHARE)

    def _keep(self, result: CaseRecord) -> str:
        line = json.dumps(result)
        self._lines.append(line)
        self._counted[result["verdict"]] += 1
        return line

    def _document(self) -> str:
        """An incomplete results.json; the results are not serialised again."""
        start = json.dumps(self.about).removesuffix("}")
        results = ",\n".join(self._lines)
        return f'{start}, "results": [\n{results}\n], "summary": {json.dumps(self._counted)}, "complete": false}}\n'


def close(folder: Path, journal: Journal | None, *, complete: bool) -> None:
    """End the journal in `folder`; a complete run needs none any more."""
    if journal is not None and journal.file is not None:
        journal.file.close()
        journal.file = None
    if complete:
        (folder / FILE).unlink(missing_ok=True)


def _replace(path: Path, text: str) -> None:
    """Write a file so that a reader never sees half of it."""
    partial = path.with_name(f"{path.name}.partial")
    partial.write_text(text, encoding="utf-8")
    partial.replace(path)


@dataclass(frozen=True, slots=True)
class Found:
    """What a journal says: options, description of the run, and its results, of which each case has one."""

    given: Given
    about: About
    results: list[CaseRecord]


def key(result: CaseRecord) -> tuple[str, str, str]:
    """What a result is about, unique within a release."""
    return result["api"], result["id"], result["case"]


def read(folder: Path) -> Found:
    """The journal in `folder`; a torn last line is passed over.

    Raises:
        JournalError: there is none, or it is none.
    """
    path = folder / FILE
    try:
        header, *lines = path.read_text(encoding="utf-8").splitlines() or [""]
        start = json.loads(header, parse_constant=no_constant)
        journal = Found({**start["given"]}, cast("About", {**start["about"]}), [])
    except OSError as error:
        raise JournalError(
            f"{path}: cannot be read: {error.strerror}; is it the --report folder of that run?"
        ) from None
    except (ValueError, LookupError, TypeError, RecursionError):
        raise JournalError(f"{path}: not the journal of a run; start a new run") from None
    results: dict[tuple[str, str, str], CaseRecord] = {}
    for number, line in enumerate(lines, start=2):
        try:
            result = json.loads(line, parse_constant=no_constant)
            results[key(result)] = result
        except (ValueError, LookupError, TypeError, RecursionError):
            if number <= len(lines):
                raise JournalError(f"{path}: line {number}: not the result of a case; start a new run") from None
    journal.results.extend(results.values())
    return journal
