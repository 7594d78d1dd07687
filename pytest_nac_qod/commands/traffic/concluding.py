"""How a command that judged traffic ends: expectations, report, what it prints, exit status."""

from __future__ import annotations

import argparse
import difflib
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from pytest_nac_qod.foundation.jsontypes import Json

if TYPE_CHECKING:  # what takes long to load is loaded by the functions
    from pytest_nac_qod.report.records import CaseRecord, ResultsDocument
    from pytest_nac_qod.run.known.expectations import Expectation


def add_options(command: argparse.ArgumentParser) -> None:
    """Declare the options that these commands share."""
    command.add_argument("--report", type=Path, metavar="DIR", help="folder to write the report to, JUnit XML included")
    command.add_argument("--expectations", type=Path, metavar="FILE", help="file (TOML) of known failures")
    command.add_argument(
        "--client",
        action="append",
        default=[],
        metavar="LABEL=NAME",
        help="name of the API client that a token was issued to, by the label that stands for it in reports, such as "
        "1a2b3c4d; may be repeated",
    )


def check_options(args: argparse.Namespace) -> None:
    """Return when what will be written can be, what is read is there, and clients are named as they have to be.

    Raises:
        UnusableError: it is not; the message names the option.
    """
    check_files(args)
    pairs("--client", args.client, "LABEL=NAME")


def check_files(args: argparse.Namespace) -> None:
    """Return when what will be written can be, and what is read is there.

    Raises:
        UnusableError: it is not; the message names the option or the file.
    """
    from pytest_nac_qod.foundation.outputs import check_folder
    from pytest_nac_qod.run.known import expectations

    if args.report:
        check_folder("--report", args.report)
    if args.expectations:  # which entries mean nothing shows only when it is known what was judged
        expectations.parsed(args.expectations)


def pairs(option: str, given: Sequence[str], shape: str) -> dict[str, str]:
    """The values of an option that are a name and what it stands for.

    Raises:
        UnusableError: one of them is not of the shape that the option has.
    """
    from pytest_nac_qod.foundation.problems import UnusableError

    for text in given:
        name, _, value = text.partition("=")
        if not name or not value:
            raise UnusableError(f"{option}: {text!r}: write it as {shape}")
    return dict(text.split("=", 1) for text in given)


def expected(path: Path, results: Sequence[CaseRecord]) -> tuple[Expectation, ...]:
    """The expectations in a file about rules of traffic.

    Raises:
        ExpectationsError: a line for each problem.
    """
    from pytest_nac_qod.run.known import expectations

    return expectations.read(path, unknown=_unknown(results))


def _unknown(results: Sequence[CaseRecord]) -> Callable[[Mapping[str, Json], str], Iterator[str]]:
    from pytest_nac_qod.contracts import releases
    from pytest_nac_qod.traffic.rules import rules

    def problems(entry: Mapping[str, Json], key: str) -> Iterator[str]:
        release = entry["release"]
        if release not in releases():
            yield f"{key}: release: unknown release {release!r}; known: {', '.join(releases())}"
        elif "scenario" in entry:
            yield f"{key}: scenario: traffic is judged by rules; write rule"
        elif "rule" in entry and entry["rule"] not in rules(release):
            near = difflib.get_close_matches(entry["rule"], rules(release), n=1)
            hint = f"; did you mean {near[0]}?" if near else ""
            yield f"{key}: rule: no rule of traffic in {release}: {entry['rule']!r}{hint}"
        elif "case" in entry:
            cases = sorted({result["case"] for result in results if result["id"] == entry.get("rule")})
            if entry["case"] not in cases:
                yield f"{key}: case: no case {entry['case']!r} here; it has {', '.join(filter(None, cases)) or 'none'}"

    return problems


def settled(document: ResultsDocument, listed: Sequence[Expectation]) -> tuple[ResultsDocument, list[str]]:
    """The document with failures known as the expectations say, and a line for each stale entry about a cause."""
    from pytest_nac_qod.report.results import document as made
    from pytest_nac_qod.run.known import causes as known_causes
    from pytest_nac_qod.run.known import expectations

    day = expectations.today()
    results = [_applied(result, listed, document["release"]) for result in document["results"]]
    results, stale = known_causes.settle(results, listed, document["release"], day)
    about = {
        name: value for name, value in document.items() if name not in ("causes", "results", "summary", "complete")
    }
    return made(about, results, complete=document["complete"]), stale  # type: ignore[arg-type] # what is left is About


def _applied(result: CaseRecord, listed: Sequence[Expectation], release: str) -> CaseRecord:
    from pytest_nac_qod.run.known import expectations

    of = (result["id"], result.get("release", release))
    matching = [entry for entry in listed if (entry.id, entry.release) == of and entry.case in (None, result["case"])]
    entry = min(matching, key=lambda candidate: candidate.case is None, default=None)
    if entry is None:
        return result
    verdict, reason = expectations.applied(result["verdict"], result["reason"], entry, expectations.today())
    changed: CaseRecord = {**result, "verdict": verdict, "reason": reason}
    return {**changed, "expectation": entry.to_dict()} if verdict in ("known", "stale") else changed


def conclude(document: ResultsDocument, args: argparse.Namespace) -> int:
    """Apply expectations, print what there is to say, write the report; returns the exit status."""
    from pytest_nac_qod.foundation.exits import EXIT_BROKEN
    from pytest_nac_qod.report import standard, writing
    from pytest_nac_qod.report.terminal import causes, painting
    from pytest_nac_qod.report.terminal.headline import headline
    from pytest_nac_qod.verdicts import exit_status

    stale: list[str] = []
    if args.expectations:
        document, stale = settled(document, expected(args.expectations, document["results"]))
    told = causes.lines(document["results"])
    for line in painting.painted(told) if painting.wanted(terminal=sys.stdout.isatty()) else told:
        print(line)
    said = headline(document)
    print(f"{document['target']['name']}  {standard.short(document)}: {said.title}")
    for line in (*said.sentences, *(f"stale: {line}" for line in stale)):
        print(line)
    if args.report:
        writing.write(document, args.report)
        print(f"report: {args.report / 'report.html'}")
    return EXIT_BROKEN if stale else exit_status(document["summary"])
