"""Known failures of a client: listed ones are `known`, and listed ones that pass are `stale`."""

import tomllib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from importlib.resources import files
from pathlib import Path

from pytest_nac_qod.jsontypes import Json
from pytest_nac_qod.sdk.cases import client_cases
from pytest_nac_qod.sdk.environments import Sdk
from pytest_nac_qod.sdk.problems import SdkError
from pytest_nac_qod.sdk.running import CaseResult

_KEYS = {"id", "release", "reason", "issue", "expires"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Expectation:
    """One failure that is known.

    Attributes:
        release: of the client, such as `8.0.0`.
        issue: link to where it is tracked.
        expires: last day on which the failure counts as known.
    """

    id: str
    release: str
    reason: str
    issue: str | None = None
    expires: date | None = None

    def in_force(self, today: date) -> bool:
        """Whether it still counts."""
        return self.expires is None or today <= self.expires


def shipped(wanted: Sdk) -> tuple[Expectation, ...]:
    """What we know of a released SDK; nothing for one that we have not measured."""
    file = files(__package__).joinpath("known", f"{'npm' if wanted.npm else 'python'}-{wanted.version}.toml")
    if not file.is_file():
        return ()
    return tuple(parsed(file.read_text(encoding="utf-8"), str(file)))


def read(path: Path) -> tuple[Expectation, ...]:
    """The expectations of a file.

    Raises:
        SdkError: it cannot be read, or says something that it may not.
    """
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise SdkError(f"{path}: cannot be read: {error}") from None
    return tuple(parsed(text, str(path)))


def parsed(text: str, name: str) -> Iterator[Expectation]:
    """The expectations in `text`; `name` stands for it in messages. Raises SdkError."""
    try:
        content = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise SdkError(f"{name}: no TOML: {error}") from None
    entries = content.get("expectation", [])
    if set(content) - {"expectation"} or not isinstance(entries, list):
        raise SdkError(f"{name}: expected nothing but [[expectation]] tables")
    for number, entry in enumerate(entries, 1):
        yield _expectation(entry, f"{name}: expectation {number}")


def _expectation(entry: Mapping[str, Json], where: str) -> Expectation:
    if unknown := sorted(set(entry) - _KEYS):
        raise SdkError(f"{where}: unknown key {unknown[0]}; known are {', '.join(sorted(_KEYS))}")
    for key in ("id", "release", "reason"):
        if not isinstance(entry.get(key), str) or not entry[key]:
            raise SdkError(f'{where}: {key} is missing or no text; write {key} = "…"')
    if entry["id"] not in client_cases():
        raise SdkError(f"{where}: id {entry['id']} is no case; nac-qod client --list shows all")
    expires = entry.get("expires")
    if expires is not None and (not isinstance(expires, date) or isinstance(expires, datetime)):
        raise SdkError(f"{where}: expires is no date; write it as expires = 2027-01-31")
    issue = entry.get("issue")
    return Expectation(id=entry["id"], release=entry["release"], reason=entry["reason"], issue=issue, expires=expires)


def applied(
    results: Iterable[CaseResult], expectations: Iterable[Expectation], release: str, today: date | None = None
) -> Iterator[CaseResult]:
    """The results, failures that are listed for this release as `known`, and listed ones that pass as `stale`."""
    day = today or datetime.now(UTC).date()
    listed = {one.id: one for one in expectations if one.release == release and one.in_force(day)}
    for result in results:
        found = listed.get(result.case.id)
        if found is not None and result.verdict == "fail":
            yield replace(result, verdict="known", reason=found.reason)
        elif found is not None and result.verdict in ("pass", "warn", "not_applicable"):
            yield replace(
                result, verdict="stale", reason=f"listed as a known failure, but it ended as {result.verdict}"
            )
        else:
            yield result
