"""One result in words: the same in terminal, JUnit and report."""

from collections.abc import Iterator, Mapping

from pytest_nac_qod.foundation.jsontypes import Json
from pytest_nac_qod.foundation.visible import one_line
from pytest_nac_qod.report import curl

_INDENT = "      "


def title(result: Mapping[str, Json]) -> str:
    """Id of the row and, in brackets, the case."""
    return f"{result['id']} [{result['case']}]" if result["case"] else str(result["id"])


def lines(result: Mapping[str, Json], release: str) -> list[str]:
    """The result line by line: what was required, what happened, where it says so, and how to see it again.

    What came from the target is made visible: it has no line breaks, escape sequences or controls of its own here.
    """
    return [one_line(line) for line in _lines(result, release)]


def _lines(result: Mapping[str, Json], release: str) -> Iterator[str]:
    yield f"{result['verdict'].upper()}  {title(result)}  {release}"
    for text in result["reason"].splitlines():
        yield f"{_INDENT}reason    {text}"
    shown: set[str] = set()
    for violation in result["violations"]:
        if violation.get("severity") == "may":
            yield f"{_INDENT}note      nothing published forbids this"
        yield f"{_INDENT}expected  {violation['expected']}"
        yield f"{_INDENT}actual    {violation['actual']}"
        yield f"{_INDENT}clause    {violation['clause']}"
        if violation.get("reason"):
            yield f"{_INDENT}tolerated {violation['reason']}"
        if violation["exchange"] not in shown:
            shown.add(violation["exchange"])
            for text in curl.lines(result["exchanges"], violation["exchange"]):
                yield f"{_INDENT}again     {text}"


def text(result: Mapping[str, Json], release: str) -> str:
    """The lines as one text."""
    return "\n".join(lines(result, release))
