"""Documents of several files are judged by as if they were one."""

import json
from pathlib import Path

import pytest

from pytest_nac_qod import contracts
from pytest_nac_qod.contracts.pointers import resolved
from pytest_nac_qod.foundation.jsontypes import Json, JsonObject
from tests.support.commands import check, importable

__all__ = ["importable"]

APIS = [(release, api) for release in contracts.RELEASES for api in contracts.apis(release)]


def split(release: str, api: str, folder: Path) -> Path:
    """The document of the release in three files, as on CAMARA's main branches: its own, common ones, and paths."""
    whole = contracts.document(release, api)
    common = folder / "common"
    common.mkdir()
    kinds = ("schemas", "parameters", "headers", "responses")
    moved = {kind: whole["components"][kind] for kind in kinds if kind in whole["components"]}
    (common / "CAMARA_common.yaml").write_text(json.dumps({"components": moved}), encoding="utf-8")
    first, *others = whole["paths"]
    own: JsonObject = {
        **whole,
        "paths": {first: {"$ref": "first.json"}, **{path: whole["paths"][path] for path in others}},
    }
    own["components"] = {kind: part for kind, part in whole["components"].items() if kind not in kinds}
    (folder / "api").mkdir()
    for name, part in (("own.json", own), ("first.json", whole["paths"][first])):
        text = json.dumps(part).replace('"#/components/', '"../common/CAMARA_common.yaml#/components/')
        (folder / "api" / name).write_text(text, encoding="utf-8")
    return folder / "api" / "own.json"


@pytest.mark.parametrize(("release", "api"), APIS)
def test_document_in_three_files_is_the_document_in_one(tmp_path: Path, release: str, api: str) -> None:
    whole, document = contracts.document(release, api), contracts.load(str(split(release, api, tmp_path)))
    assert document["paths"] == whole["paths"]
    for kind, part in document["components"].items():
        assert {name: whole["components"][kind][name] for name in part} == part
    own = contracts.contract_of(document, release, api)
    assert own.alignment.missing == own.alignment.extra == ()


def loaded(folder: Path, schema: Json, **files: Json) -> JsonObject:
    content = {"application/json": {"schema": schema}}
    answer = {"200": {"description": "", "content": content}, "400": {"$ref": "answers.yaml#/Bad"}}
    document = {
        "openapi": "3.0.3",
        "paths": {"/a": {"get": {"responses": answer}}},
        "components": {"schemas": {"Name": {"type": "string"}}},
    }
    files.setdefault("answers", {"Bad": {"description": "bad"}})
    for name, part in {"own": document, **files}.items():
        (folder / f"{name}.yaml").write_text(json.dumps(part), encoding="utf-8")
    return contracts.load(str(folder / "own.yaml"))


def test_names_that_are_taken_and_circles_and_ways_back(tmp_path: Path) -> None:
    node = {
        "properties": {
            "next": {"$ref": "#/components/schemas/Node"},
            "name": {"$ref": "#/components/schemas/Name"},
            "own": {"$ref": "own.yaml#/components/schemas/Name"},
        }
    }
    other = {"components": {"schemas": {"Node": node, "Name": {"type": "integer"}}}}
    document = loaded(tmp_path, {"$ref": "./other.yaml#/components/schemas/Node"}, other=other)
    assert document["components"]["schemas"] == {
        "Name": {"type": "string"},
        "Node": {
            "properties": {
                "next": {"$ref": "#/components/schemas/Node"},
                "name": {"$ref": "#/components/schemas/Name_2"},
                "own": {"$ref": "#/components/schemas/Name"},
            }
        },
        "Name_2": {"type": "integer"},
    }
    assert document["components"]["responses"] == {"Bad": {"description": "bad"}}


def test_whole_file_is_a_schema_and_its_mapping_is_followed(tmp_path: Path) -> None:
    discriminator = {"propertyName": "kind", "mapping": {"a": "#/$defs/A", "b": "B"}}
    device: JsonObject = {"discriminator": discriminator, "$defs": {"A": {"type": "object"}}}
    document = loaded(tmp_path, {"$ref": "Device.yaml"}, Device=device)
    schema = resolved(document, "#/paths/~1a/get/responses/200/content/application~1json/schema")
    assert schema[0] == "#/components/schemas/Device"
    assert schema[1]["discriminator"]["mapping"] == {"a": "#/components/schemas/A", "b": "B"}
    assert document["components"]["schemas"]["A"] == {"type": "object"}


def test_file_that_is_referred_to_is_named_when_it_cannot_be_read(tmp_path: Path) -> None:
    (tmp_path / "answers.yaml").write_text("a: [", encoding="utf-8")
    text = {"openapi": "3.0.3", "paths": {"/a": {"$ref": "answers.yaml#/a"}}}
    (tmp_path / "own.yaml").write_text(json.dumps(text), encoding="utf-8")
    with pytest.raises(contracts.ContractError) as caught:
        contracts.load(str(tmp_path / "own.yaml"))
    assert str(caught.value).startswith(f"{tmp_path / 'answers.yaml'}: neither YAML nor JSON: ")


def test_run_is_judged_by_such_a_document(tmp_path: Path) -> None:
    path = split("r4.1", "qos-profiles", tmp_path).relative_to(tmp_path)
    some = ("--release", "r4.1", "--api", "qos-profiles", "--scenario", "*getQosProfile_0*")
    done = check("--contract", str(path), *some, folder=tmp_path)
    assert done.returncode == 0, done.stdout + done.stderr
