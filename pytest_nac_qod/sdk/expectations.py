"""Known failures of clients: ours of released SDKs, and files of users in the same format."""

import difflib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from importlib.resources import as_file, files
from pathlib import Path

from pytest_nac_qod.foundation.jsontypes import Json
from pytest_nac_qod.run.known import expectations
from pytest_nac_qod.run.known.expectations import Expectation
from pytest_nac_qod.sdk.cases import client_cases
from pytest_nac_qod.sdk.environments import Sdk
from pytest_nac_qod.sdk.running import CaseResult

__all__ = ["Expectation", "applied", "read", "shipped"]


def shipped(wanted: Sdk) -> tuple[Expectation, ...]:
    """What we know of a released SDK; nothing for one that we have not measured."""
    file = files(__package__).joinpath("known", f"{wanted.slug}.toml")
    if not file.is_file():
        return ()
    with as_file(file) as path:
        return read(path)


def read(path: Path) -> tuple[Expectation, ...]:
    """The expectations of a file; `rule` is a case, and `release` the version of the client.

    Raises:
        ExpectationsError: a line for each problem.
    """
    return expectations.read(path, _unknown)


def _unknown(entry: Mapping[str, Json], key: str) -> Iterator[str]:
    name = entry.get("rule")
    if name not in client_cases():
        near = difflib.get_close_matches(str(name), client_cases(), n=1)
        hint = f"did you mean {near[0]}?" if near else "nac-qod client --list shows all"
        yield f"{key}: rule: no case of a client: {name!r}; {hint}"


def applied(results: Iterable[CaseResult], known: Iterable[Expectation], release: str) -> Iterator[CaseResult]:
    """The results, failures that are listed for this release as `known`, and listed ones that pass as `stale`."""
    listed = {expectation.id: expectation for expectation in known if expectation.release == release}
    for result in results:
        expected = listed.get(result.case.id)
        if expected is None:
            yield result
            continue
        verdict, reason = expectations.applied(result.verdict, result.reason, expected, expectations.today())
        yield replace(result, verdict=verdict, reason=reason)
