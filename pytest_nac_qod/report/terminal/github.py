"""What a run tells GitHub Actions: annotations in the log, and a summary of the job."""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import islice
from pathlib import Path

from pytest_nac_qod.foundation.visible import one_line
from pytest_nac_qod.report import standard
from pytest_nac_qod.report.records import About, CaseRecord
from pytest_nac_qod.report.terminal import failure, table

# Kinds of annotation by verdict; GitHub shows ten of each kind for a step.
_KINDS = {"fail": "error", "stale": "error", "error": "warning", "inconclusive": "warning"}
_SHOWN = 10
_LISTED = 200  # entries of a summary, which may have 1 MiB
_PUNCTUATION = re.compile(r"([!-/:-@\[-`{-~])")


def running(environ: Mapping[str, str]) -> bool:
    """Whether this is a step of GitHub Actions."""
    return environ.get("GITHUB_ACTIONS") == "true"


def annotations(results: Iterable[CaseRecord], release: str) -> Iterator[str]:
    """Workflow commands that mark what failed, the first ten of each kind, and one that counts the others."""
    marked = [(kind, result) for result in results if (kind := _KINDS.get(result["verdict"]))]
    for wanted in ("error", "warning"):
        of_kind = [result for kind, result in marked if kind == wanted]
        for result in of_kind[:_SHOWN]:
            first, *rest = failure.lines(result, release)
            said = (text.strip() for text in rest if not text.lstrip().startswith("again "))
            yield command(wanted, first, "\n".join(said) or first)
        if len(of_kind) > _SHOWN:
            more = f"{len(of_kind) - _SHOWN} more are in the job's summary and in the report"
            yield command("notice", "QoD conformance", more)


def command(kind: str, title: str, message: str) -> str:
    """One workflow command; nothing in title or message ends it or begins another."""
    return f"::{kind} title={_escaped(title).replace(':', '%3A').replace(',', '%2C')}::{_escaped(message)}"


def _escaped(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def summary(about: About, results: Sequence[CaseRecord], unfinished: str = "") -> str:
    """The run in Markdown: how it ended, the verdicts of each operation, and what is not as it should be."""
    heading, *rows = table.rows(results)
    lines = [
        f"## QoD conformance: {escaped(table.conclusion(results, unfinished))}",
        "",
        escaped(f"{about['target']['name']}, {standard.short(about)}, {about['mode']}"),
        "",
        _row(heading),
        _row(["---", *["--:"] * (len(heading) - 1)], plain=True),
        *map(_row, rows),
        "",
    ]
    wrong = [result for result in results if result["verdict"] in _KINDS]
    lines += [entry for result in islice(wrong, _LISTED) for entry in _entry(result)]
    if len(wrong) > _LISTED:
        lines.append(f"- and {len(wrong) - _LISTED} more")
    return "\n".join(lines) + "\n"


def _row(cells: Sequence[str], *, plain: bool = False) -> str:
    return f"| {' | '.join(cell if plain else escaped(cell) for cell in cells)} |"


def _entry(result: CaseRecord) -> Iterator[str]:
    yield f"- **{result['verdict']}** {escaped(failure.title(result))}"
    if result["reason"]:
        yield f"  - {escaped(result['reason'])}"
    for violation in result["violations"]:
        said = f"expected {violation['expected']}, got {violation['actual']} ({violation['clause']})"
        yield f"  - {escaped(said)}"


def escaped(text: str) -> str:
    """`text` in one line of Markdown that means nothing but itself."""
    return _PUNCTUATION.sub(r"\\\1", one_line(text))


def append(text: str, environ: Mapping[str, str]) -> None:
    """Add `text` to the summary of the job, if there is one."""
    if path := environ.get("GITHUB_STEP_SUMMARY"):
        with Path(path).open("a", encoding="utf-8") as file:
            file.write(text)


def with_warnings(texts: Sequence[str], environ: Mapping[str, str]) -> list[str]:
    """These lines, and where GitHub Actions runs this, workflow commands that warn of each."""
    commands = [command("warning", "QoD expectations", text) for text in texts] if running(environ) else []
    return [*texts, *commands]


def tell(
    about: About,
    results: Sequence[CaseRecord],
    unfinished: str,
    environ: Mapping[str, str],
    line: Callable[[str], None],
) -> None:
    """Annotate the change and add to the summary of the job, where GitHub Actions runs it."""
    if not running(environ):
        return
    for annotation in annotations(results, about["release"]):
        line(annotation)
    try:
        append(summary(about, results, unfinished), environ)
    except OSError as error:
        line(f"GITHUB_STEP_SUMMARY: cannot be written: {error.strerror}")
