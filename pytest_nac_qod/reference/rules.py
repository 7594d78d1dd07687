"""What the releases ask of a provider differently, beyond their schemas."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from difflib import get_close_matches
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Literal, get_args, get_origin, get_type_hints

from pytest_nac_qod.catalogue import drafts
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
CHOICES: Mapping[str, tuple[str, ...]] = {
    name: get_args(kind) for name, kind in get_type_hints(Rules).items() if get_origin(kind) is Literal
}


@cache
def rules(release: str) -> Rules:
    """The rules of `release`."""
    values = {name: value for name, value in _entry(release).items() if name not in ("follows", UNDECIDED)}
    values["unusable_credentials"] = tuple(values["unusable_credentials"])
    return Rules(**values)


def _entry(release: str) -> JsonObject:
    content = tomllib.loads(files(__package__).joinpath("releases.toml").read_text(encoding="utf-8"))
    folder = drafts.folder_of(release)
    own = _of_draft(release, folder) if folder else content.get(release, {"follows": followed(release)})
    entry: JsonObject = merged(_entry(own["follows"]), own) if "follows" in own else own
    return entry


def _of_draft(release: str, folder: Path) -> JsonObject:
    own = drafts.settings(folder, drafts.SERVER)
    known = [*(item.name for item in fields(Rules)), UNDECIDED]
    for name in own:
        if name not in known:
            near = get_close_matches(name, known, n=1)
            mend = f"did you mean {near[0]}?" if near else f"known: {', '.join(known)}"
            raise CatalogueError(f"{folder / drafts.SERVER}: {name}: no such key; {mend}")
        if name in CHOICES and own[name] not in CHOICES[name]:
            raise CatalogueError(
                f"{folder / drafts.SERVER}: {name}: {own[name]!r} is none of {', '.join(map(repr, CHOICES[name]))}"
            )
    return {"follows": followed(release), **own}


def translated(refusal: Refusal, codes: Codes, api: str, operation: Operation | None) -> Refusal:
    """The refusal as the release names it: by its codes, with the prefix that the contract documents."""
    names = {**codes["all"], **codes.get(api, {})}
    status, _, code = names.get(refusal.code, f"{refusal.status} {refusal.code}").partition(" ")
    documented = operation.errors.get(int(status), ()) if operation else ()
    refusal.status = int(status)
    refusal.code = next((candidate for candidate in documented if candidate.endswith(f".{code}")), code)
    return refusal
