"""What the releases ask of a provider differently, beyond their schemas."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Literal

from pytest_nac_qod.catalogue import drafts
from pytest_nac_qod.catalogue.checking import shape_problem
from pytest_nac_qod.catalogue.scenarios import CatalogueError
from pytest_nac_qod.contracts import Operation
from pytest_nac_qod.contracts.facts import followed
from pytest_nac_qod.contracts.patches import merged
from pytest_nac_qod.foundation.jsontypes import JsonObject
from pytest_nac_qod.reference.refusals import Refusal

Codes = Mapping[str, Mapping[str, str]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Rules:
    """The rules of one release; releases.toml says what each means.

    Attributes:
        codes: by API or for `all`, `STATUS CODE` of a refusal by the name that it has here.
        served: operations that are served as another one of the family, by their names there.
    """

    redundant_device: Literal["refused", "must match"]
    several_identifiers: Literal["independent", "must match"]
    malformed_correlator: Literal["refused", "accepted"]
    unknown_properties: Literal["accepted", "refused"]
    unusable_credentials: tuple[str, ...]
    application_servers: Literal["as described", "by schema"]
    codes: Codes
    served: Mapping[str, str] = field(default_factory=dict)


UNDECIDED = "undecided"
"""Key of a draft's file that lists keys which nobody has looked at; meanwhile they are as in the release before."""


@cache
def rules(release: str) -> Rules:
    """The rules of `release`."""
    values = {name: value for name, value in _entry(release).items() if name not in ("follows", UNDECIDED)}
    values["unusable_credentials"] = tuple(values["unusable_credentials"])
    return Rules(**values)


def _entry(release: str) -> JsonObject:
    folder = drafts.folder_of(release)
    own = _of_draft(release, folder) if folder else stated_by_package().get(release, {"follows": followed(release)})
    entry: JsonObject = merged(_entry(own["follows"]), own) if "follows" in own else own
    return entry


@cache
def stated_by_package() -> JsonObject:
    """What releases.toml states, by release; raises CatalogueError when a key means nothing."""
    path = files(__package__).joinpath("releases.toml")
    content = tomllib.loads(path.read_text(encoding="utf-8"))
    for release, stated in content.items():
        if told := shape_problem(stated, "server"):
            raise CatalogueError(f"{path}: {release}: {told}")
    return content


def _of_draft(release: str, folder: Path) -> JsonObject:
    return {"follows": followed(release), **drafts.settings(folder, drafts.SERVER)}


def translated(refusal: Refusal, codes: Codes, api: str, operation: Operation | None) -> Refusal:
    """The refusal as the release names it: by its codes, with the prefix that the contract documents."""
    names = {**codes["all"], **codes.get(api, {})}
    status, _, code = names.get(refusal.code, f"{refusal.status} {refusal.code}").partition(" ")
    documented = operation.errors.get(int(status), ()) if operation else ()
    refusal.status = int(status)
    refusal.code = next((candidate for candidate in documented if candidate.endswith(f".{code}")), code)
    return refusal
