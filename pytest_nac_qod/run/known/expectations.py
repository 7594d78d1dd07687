"""Failures that are known: a file that names them with a reason, read before a run and written from one."""

import difflib
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path

from pytest_nac_qod import catalogue
from pytest_nac_qod.catalogue import RowCase
from pytest_nac_qod.foundation import toml
from pytest_nac_qod.foundation.jsontypes import Json, JsonObject
from pytest_nac_qod.foundation.problems import UnusableError
from pytest_nac_qod.report.records import ExpectationRecord
from pytest_nac_qod.verdicts import Verdict

TABLE = "known"
Unknown = Callable[[Mapping[str, Json], str], Iterator[str]]  # entry and its key to problems
_KEYS = ("scenario", "rule", "cause", "case", "release", "reason", "issue", "expires")
_SOON = 7  # days before its end in which an entry is told of
REASON = 200  # characters of a reason that nobody wrote
HEADER = f"""\
# Known failures, for nac-qod check --expectations FILE. Each [[{TABLE}]] has a `cause`, as results.json names it, or a
# `scenario` or `rule` with its `case` if it has several; `release` and `reason`; and if you like `issue`, a link, and
# `expires`, the last day on which it excuses.
"""


class ExpectationsError(UnusableError):
    """An expectations file that cannot be used; a line for each problem, with file, key and what to do."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Expectation:
    """One known failure.

    Attributes:
        id: of the scenario or rule; empty for a cause.
        cause: id of the cause whose cases are known to fail.
        case: of its outline; None for each of them.
        expires: last day on which it excuses.
        place: where it stands, such as `expectations.toml: entry 2`.
    """

    id: str
    release: str
    reason: str
    case: str | None = None
    cause: str = ""
    issue: str = ""
    expires: date | None = None
    place: str = ""

    def covers(self, row_case: RowCase) -> bool:
        """Whether it is about this case."""
        mine = (self.id, self.release) == (row_case.row.id, row_case.row.release)
        return mine and self.case in (None, row_case.case)

    def to_dict(self) -> ExpectationRecord:
        """The expectation as it stands in results.json."""
        entry: ExpectationRecord = {"place": self.place, "reason": self.reason}
        if self.issue:
            entry["issue"] = self.issue
        if self.expires:
            entry["expires"] = self.expires.isoformat()
        return entry


def today() -> date:
    """The current day, in UTC."""
    return datetime.now(UTC).date()


def ending(expectations: Iterable[Expectation], day: date) -> Iterator[str]:
    """A line for each expectation that expires within a week from `day`."""
    for entry in expectations:
        left = (entry.expires - day).days if entry.expires else -1
        if entry.expires and 0 <= left <= _SOON:
            when = "today" if left == 0 else f"in {left} day{'' if left == 1 else 's'}"
            yield f"{entry.place} expires {when}, on {entry.expires}: {entry.cause or entry.id}"


def covering(expectations: Iterable[Expectation], row_case: RowCase) -> Expectation | None:
    """The expectation that is about this case; one that names the case goes before one for all of them."""
    matching = [expectation for expectation in expectations if expectation.covers(row_case)]
    return min(matching, key=lambda expectation: expectation.case is None, default=None)


def applied(verdict: Verdict, reason: str, expectation: Expectation, day: date) -> tuple[Verdict, str]:
    """Verdict and reason of a case that is listed.

    A failure becomes `known`, unless the expectation has expired; a case that does not fail becomes `stale`. Cases that
    were not judged stay what they are.
    """
    expired = expectation.expires is not None and expectation.expires < day
    if verdict == "fail" and expired:
        return verdict, f"{expectation.place} no longer excuses it: it expired on {expectation.expires}"
    if verdict == "fail":
        return "known", f"{expectation.reason}{f' ({expectation.issue})' if expectation.issue else ''}"
    if verdict in ("pass", "warn") and not expired:
        return "stale", f"{expectation.place} lists it as failing, but it does not fail; remove the entry"
    return verdict, reason


def read(path: Path, unknown: Unknown | None = None) -> tuple[Expectation, ...]:
    """The expectations in a file.

    Args:
        path: of the file.
        unknown: says what an entry names that does not exist; as the catalogue has it when None.

    Raises:
        ExpectationsError: a line for each problem.
    """
    content = parsed(path)
    problems = list(_problems(content, unknown or _unknown))
    if problems:
        raise ExpectationsError("\n".join(f"{path}: {problem}" for problem in problems))
    return tuple(
        Expectation(
            id=entry.get("scenario") or entry.get("rule", ""),
            cause=entry.get("cause", ""),
            release=entry["release"],
            reason=entry["reason"],
            case=entry.get("case"),
            issue=entry.get("issue", ""),
            expires=entry.get("expires"),
            place=f"{path.name}: entry {number}",
        )
        for number, entry in enumerate(content.get(TABLE, []), start=1)
    )


def parsed(path: Path) -> JsonObject:
    """What a file of expectations says, its entries not looked at.

    Raises:
        ExpectationsError: it cannot be read, or is no TOML.
    """
    try:
        return toml.parsed(path.read_bytes().decode("utf-8"))
    except OSError as error:
        hint = "; nac-qod expectations writes one" if isinstance(error, FileNotFoundError) else ""
        raise ExpectationsError(f"{path}: cannot be read: {error.strerror}{hint}") from None
    except UnicodeDecodeError as error:
        raise ExpectationsError(f"{path}: byte {error.start}: not UTF-8; save it as UTF-8") from None
    except ValueError as error:
        raise ExpectationsError(f"{path}: not valid TOML: {error}; mend it there") from None


def _problems(content: JsonObject, unknown: Unknown) -> Iterator[str]:
    for name in content:
        if name != TABLE:
            yield f"{name}: unknown key; entries stand under [[{TABLE}]]"
    entries = content.get(TABLE, [])
    if not isinstance(entries, list) or not all(isinstance(entry, dict) for entry in entries):
        yield f"{TABLE}: expected a list of tables; write [[{TABLE}]] before each entry"
        return
    seen: dict[tuple[Json, ...], int] = {}
    for number, entry in enumerate(entries, start=1):
        key = f"entry {number}"
        problems = list(_wrong_keys(entry, key)) or list(unknown(entry, key))
        yield from problems
        what = tuple(entry.get(name) for name in ("scenario", "rule", "cause", "release", "case"))
        if not problems and what in seen:
            yield f"{key}: already listed as entry {seen[what]}; remove one of them"
        elif not problems:
            seen[what] = number


def _wrong_keys(entry: Mapping[str, Json], key: str) -> Iterator[str]:
    for name, value in entry.items():
        if name not in _KEYS:
            near = difflib.get_close_matches(name, _KEYS, n=1)
            hint = f'did you mean "{near[0]}"?' if near else f"known here: {', '.join(_KEYS)}"
            yield f"{key}: {name}: unknown key; {hint}"
        elif name == "expires":
            if not isinstance(value, date) or isinstance(value, datetime):
                yield f"{key}: {name}: expected a date such as 2027-01-31 without quotes, got {value!r}"
        elif not isinstance(value, str):
            yield f"{key}: {name}: expected a text, got {value!r}"
        elif not value and name != "case":
            yield f"{key}: {name}: expected a text, not an empty one"
    yield from _wrong_place(entry, key)


def _wrong_place(entry: Mapping[str, Json], key: str) -> Iterator[str]:
    if sum(name in entry for name in ("scenario", "rule", "cause")) != 1:
        yield f"{key}: give exactly one of scenario, rule and cause"
    if "cause" in entry and "case" in entry:
        yield f"{key}: case: a cause has no cases of its own; remove the key"
    for name in ("release", "reason"):
        if name not in entry:
            yield f"{key}: {name}: missing; add it"


def _unknown(entry: Mapping[str, Json], key: str) -> Iterator[str]:
    release = entry["release"]
    if release not in catalogue.releases():
        yield f"{key}: release: unknown release {release!r}; known: {', '.join(catalogue.releases())}"
        return
    if "cause" in entry:
        return
    kind = "scenario" if "scenario" in entry else "rule"
    rows = {row.id: row for row in catalogue.rows(release) if row.kind == kind}
    row = rows.get(entry[kind])
    if row is None:
        near = difflib.get_close_matches(entry[kind], rows, n=1)
        yield f"{key}: {kind}: no {kind} of {release}: {entry[kind]!r}{f'; did you mean {near[0]}?' if near else ''}"
    elif "case" in entry and entry["case"] not in row.cases:
        has = f"it has {', '.join(row.cases)}" if any(row.cases) else "it has no cases; remove the key"
        yield f"{key}: case: no case {entry['case']!r} of {row.id}; {has}"
