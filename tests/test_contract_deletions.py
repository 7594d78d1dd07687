"""The diff sees each single deletion from each published document, but those of what nobody notices."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from pytest_nac_qod import contracts
from pytest_nac_qod.contracts.comparison.requirements import canonical, requirements
from pytest_nac_qod.foundation.jsontypes import Json, JsonObject

ALL = [(release, api) for release in contracts.RELEASES for api in contracts.apis(release)]
PROSE = {"description", "summary", "title", "tags", "externalDocs", "example", "examples"}
NAMED = {"properties", "headers", "parameters", "schemas", "mapping", "responses"}  # under them, keys are names

# What requires the same when it is gone, and why.
UNNOTICED = {
    r"info/(license(/.*)?|x-camara-commonalities)": "required of nobody",
    r"servers/0/variables(/.*)?": "the path of the server stays",
    r".*/type": "another part of the same allOf has the type too",
    r".*/RetrieveSessionsOutput/minItems": "0 holds without it",
    r".*/SessionInfo/allOf/0/properties/device/allOf/1": "a description only",
    r".*/CreateAssignment/allOf/0(/properties(/device(/\$ref)?)?)?": "BaseAssignmentInfo has the device too",
    r".*/BaseAssignmentInfo/properties/device(/\$ref)?": "CreateAssignment and DeviceResponse have the device too",
    r".*/DeviceResponse/allOf/0(/\$ref)?": "BaseAssignmentInfo has the device too",
}


def places(value: Json, way: tuple[Any, ...] = (), *, names: bool = False) -> Iterator[tuple[Any, ...]]:
    """The ways to everything in a document but its prose."""
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, item in items:
        if names or key not in PROSE:
            yield (*way, key)
            yield from places(item, (*way, key), names=key in NAMED)


def required_without(document: JsonObject, way: tuple[Any, ...]) -> str | None:
    """What the document requires without what is at `way`; None when nothing can be made of the rest."""
    owner: Any = document
    for step in way[:-1]:
        owner = owner[step]
    gone = owner.pop(way[-1])
    try:
        return canonical(requirements(document))
    except (KeyError, AttributeError, TypeError):
        return None
    finally:
        if isinstance(owner, list):
            owner.insert(way[-1], gone)
        else:
            owner[way[-1]] = gone


@pytest.mark.slow
@pytest.mark.parametrize(("release", "api"), ALL)
def test_each_deletion_is_seen_but_those_that_nobody_notices(published: Path, release: str, api: str) -> None:
    document = contracts.load(str(published / release / f"{api}.yaml"))
    judged = {part: document[part] for part in ("info", "servers", "paths", "components")}
    required = canonical(requirements(document))
    tried = list(places(judged))
    unseen = ["/".join(map(str, way)) for way in tried if required_without(document, way) == required]
    assert len(tried) > 300
    assert [place for place in unseen if not any(re.fullmatch(known, place) for known in UNNOTICED)] == []
    assert canonical(requirements(document)) == required
