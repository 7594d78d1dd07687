"""The tables beside this module, read once."""

import tomllib
from collections.abc import Mapping
from functools import cache
from importlib.resources import files

from pytest_nac_qod.catalogue import Row
from pytest_nac_qod.foundation.jsontypes import JsonObject


@cache
def table(name: str, package: str = __package__) -> Mapping[str, JsonObject]:
    """The tables of a file, in its order."""
    return tomllib.loads(files(package).joinpath(name).read_text(encoding="utf-8"))


def remedy(row: Row) -> str:
    """How to mend an implementation that breaks `row`."""
    purposes, codes, statuses = (table("remedies.toml")[name] for name in ("purposes", "codes", "statuses"))
    outcome = row.accepted[0]
    texts = (purposes.get(row.purpose.key), codes.get(outcome.code), statuses.get(str(outcome.status)))
    return next((str(text) for text in texts if text), "")
