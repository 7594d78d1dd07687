"""Checks files that a person writes for a draft, so that a mistyped word is told and not passed over."""

from collections.abc import Collection, Iterator, Mapping

from pytest_nac_qod.contracts.stating import problem_in
from pytest_nac_qod.foundation.alike import meant
from pytest_nac_qod.foundation.jsontypes import Json, JsonObject


def shape_problem(content: Json, schema: str) -> str:
    """What is wrong with a file by one of the schemas here: rows, server, requests or draft; empty when nothing is."""
    return problem_in(content, __package__, schema)


def row_problems(
    rows: Mapping[str, list[JsonObject]],
    operations: Mapping[str, Collection[str]],
    purposes: Collection[str],
    readings: Collection[str],
) -> Iterator[str]:
    """Names in rows that stand for nothing.

    Args:
        rows: of the release, by API.
        operations: of the release, by API.
        purposes: keys of those that there are.
        readings: keys of those that there are.
    """
    for api, own in rows.items():
        if api not in operations:
            yield f"no API {api!r}; {_meant(api, operations)}"
            continue
        for row in own:
            reasons = [item["reason"] for key in ("lenient", "inapplicable") for item in row.get(key, [])]
            for kind, names, known in (
                ("operation", [row["operation"]], operations[api]),
                ("purpose", [row["purpose"]], purposes),
                ("reading", [*row.get("readings", []), *reasons], readings),
            ):
                unknown = (name for name in names if name not in known)
                yield from (f"{row['id']}: no {kind} {name!r}; {_meant(name, known)}" for name in unknown)


def _meant(name: str, known: Collection[str]) -> str:
    return meant(name, list(known), f"there are {', '.join(known)}" if len(known) < 12 else "nothing is like it", 1)
