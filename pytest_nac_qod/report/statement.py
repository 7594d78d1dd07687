"""The conformance statement: what was tested how, enough to do it again."""

import shlex
from collections.abc import Iterator

from pytest_nac_qod.foundation.jsontypes import Json
from pytest_nac_qod.foundation.values import moment
from pytest_nac_qod.report import parts, standard
from pytest_nac_qod.report.records import ResultsDocument, RunRecord


def facts(document: ResultsDocument) -> list[tuple[str, list[str]]]:
    """The statement's lines: a name and the values that stand beside it."""
    return [(name, values) for name, values in _facts(document) if values]


def _facts(document: ResultsDocument) -> Iterator[tuple[str, list[str]]]:
    target, suite, run = document["target"], document["suite"], document.get("run")
    yield "Target", [target["name"]]
    yield "Addresses", [f"{api}: {url}" for api, url in target["apis"].items()]
    yield "Judged by" if "judged_by" in document else "Release", [standard.label(document)]
    yield "Documents", _documents(document)
    yield from _asked(document, run) if run else ()
    yield "Mode", [document["mode"]]
    yield "Part", [parts.said(run["part"])] if run and "part" in run else []
    yield "Complete", [complete(document)]
    yield "Declared unsupported", [f"{name}: {why}" for name, why in run["unsupported"].items()] if run else []
    yield "Deviations tolerated", _tolerated(document)
    yield "Left at the target", _account(run)
    yield "Time", _time(run)
    yield "Tester", [f"{suite['name']} {suite['version']}"]
    if run:
        yield "Environment", [f"Python {run['python']} on {run['platform']}"]
        yield "Packages", [", ".join(f"{name} {version}" for name, version in run["packages"].items())]
        yield "Seed", [] if run["seed"] is None else [str(run["seed"])]
        yield "Options", [f"--{_option(name)} {_shown(value)}" for name, value in run["options"].items()]


def _documents(document: ResultsDocument) -> list[str]:
    """Each file that was judged by instead of a published release, with its sum and how it differs."""
    others = document.get("judged_by", [])
    files = {name: sha for other in others for name, sha in other.get("files", {}).items()}
    return [
        *map(standard.document_line, others),
        *(f"{name}: SHA-256 {sha}" for name, sha in files.items()),
        *(f"without scenarios: {', '.join(other['untested'])}" for other in others if other.get("untested")),
    ]


def _asked(document: ResultsDocument, run: RunRecord) -> Iterator[tuple[str, list[str]]]:
    yield "Level", list(filter(None, [standard.level(document, run)]))
    yield "Selection", [f"{name}: {_shown(value)}" for name, value in run.get("selection", {}).items() if value]


def complete(document: ResultsDocument) -> str:
    """Whether all cases of the run came to a verdict, and if not, why."""
    run = document.get("run")
    part = run.get("part") if run else None
    if part and part["left_out"]:
        number = part["cases"] + part["left_out"]
        return f"no: {' '.join(part['left_out_by'])} left out {part['left_out']} of {number} cases"
    if not document["complete"]:
        return "no: the run ended before its last case"
    return "yes, of the part" if part else "yes"


def _tolerated(document: ResultsDocument) -> list[str]:
    """Each reason for which a violation was let pass, with the number of cases."""
    cases: dict[str, set[int]] = {}
    for position, result in enumerate(document["results"]):
        for violation in result["violations"]:
            if reason := violation.get("reason"):
                cases.setdefault(reason, set()).add(position)
    return [
        f"{reason} ({len(positions)} case{'s' if len(positions) > 1 else ''})" for reason, positions in cases.items()
    ]


def _account(run: RunRecord | None) -> list[str]:
    """What the run created and deleted at its target, and what is left there."""
    account = run.get("account") if run else None
    if not account:
        return []
    left = account["left"]
    return [f"{account['created']} created, {account['deleted']} deleted, {len(left)} left", *left]


def _time(run: RunRecord | None) -> list[str]:
    if not run:
        return []
    started, ended = moment(run["started"]), moment(run["ended"])
    lasted = f" ({(ended - started).total_seconds():.0f} s)" if started and ended else ""
    return [f"{run['started']} to {run['ended']}{lasted}"]


def again(document: ResultsDocument) -> str:
    """The command that repeats the run, given the same files and the tokens in the environment; empty if unknown."""
    run = document.get("run")
    if run is None:
        return ""
    words = ["nac-qod", "check"]
    for name, value in run["options"].items():
        for item in value if isinstance(value, list) else [value]:
            words += [f"--{_option(name)}"] if item is True else [f"--{_option(name)}", shlex.quote(str(item))]
    if "release" not in run["options"]:
        words += ["--release", document["release"]]
    left_out = [by for by in run.get("part", {}).get("left_out_by", ()) if by.startswith("-")]
    return " ".join([*words, *(["--", *left_out] if left_out else [])])


def _option(name: str) -> str:
    return name.replace("_", "-")


def _shown(value: Json) -> str:
    if isinstance(value, list):
        return ", ".join(map(str, value))
    return "yes" if value is True else str(value)
