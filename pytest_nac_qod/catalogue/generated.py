"""Rules that are tested with generated requests."""

import tomllib
from collections.abc import Iterator
from functools import cache
from importlib.resources import files

from pytest_nac_qod.catalogue import Row, RowCase, _row
from pytest_nac_qod.jsontypes import Json, JsonObject


@cache
def rows(release: str) -> tuple[Row, ...]:
    """The rules that apply to `release`, in the order of generated.toml."""
    content = tomllib.loads(files(__package__).joinpath("generated.toml").read_text(encoding="utf-8"))
    names = {name: _of(release, by_release) for name, by_release in content.pop("names").items()}
    found: list[Row] = []
    for api, entries in content.items():
        for entry in entries:
            if _applies(release, entry):
                columns = {name: _of(release, value) for name, value in entry.items()}
                columns["operation"] = names.get(columns["operation"], columns["operation"])
                found.append(_row(release, names.get(api, api), columns))
    return tuple(found)


def cases(release: str, apis: tuple[str, ...]) -> Iterator[RowCase]:
    """Every case of these rules for these APIs."""
    for row in rows(release):
        if row.api in apis:
            for case in row.cases:
                yield RowCase(row, case)


def _order(release: str) -> tuple[int, ...]:
    return tuple(int(part) for part in release.removeprefix("r").split("."))


def _of(release: str, value: Json) -> Json:
    """What a column is in `release`: of a table by release, the entry that holds then."""
    if not isinstance(value, dict):
        return value
    return value[max((first for first in value if _order(first) <= _order(release)), key=_order)]


def _applies(release: str, entry: JsonObject) -> bool:
    first, last = entry.get("since", release), entry.get("until", release)
    return _order(first) <= _order(release) <= _order(last)
