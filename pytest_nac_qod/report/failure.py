"""One result in words: the same in terminal, JUnit and report."""

from collections.abc import Mapping

from pytest_nac_qod.jsontypes import Json
from pytest_nac_qod.report import curl

_INDENT = "      "


def title(result: Mapping[str, Json]) -> str:
    """Id of the row and, in brackets, the case."""
    return f"{result['id']} [{result['case']}]" if result["case"] else str(result["id"])


def lines(result: Mapping[str, Json], release: str) -> list[str]:
    """The result line by line: what was required, what happened, where it says so, and how to see it again."""
    found = [f"{result['verdict'].upper()}  {title(result)}  {release}"]
    if result["reason"]:
        found += [f"{_INDENT}reason    {text}" for text in result["reason"].splitlines()]
    shown: list[str] = []
    for violation in result["violations"]:
        found += [
            f"{_INDENT}expected  {violation['expected']}",
            f"{_INDENT}actual    {violation['actual']}",
            f"{_INDENT}clause    {violation['clause']}",
        ]
        if violation["reason"]:
            found.append(f"{_INDENT}tolerated {violation['reason']}")
        if violation["exchange"] not in shown:
            shown.append(violation["exchange"])
            found += [f"{_INDENT}again     {text}" for text in curl.lines(result["exchanges"], violation["exchange"])]
    return found


def text(result: Mapping[str, Json], release: str) -> str:
    """The lines as one text."""
    return "\n".join(lines(result, release))
