"""Rules that are tested with generated requests."""

from collections.abc import Iterator
from functools import cache

from pytest_nac_qod.catalogue import Row, RowCase, applying


@cache
def rows(release: str) -> tuple[Row, ...]:
    """The rules that apply to `release`, in the order of generated.toml."""
    return applying(release, "generated.toml")


def cases(release: str, apis: tuple[str, ...]) -> Iterator[RowCase]:
    """Every case of these rules for these APIs."""
    for row in rows(release):
        if row.api in apis:
            for case in row.cases:
                yield RowCase(row, case)
