"""What the diff sees, and what it is blind to."""

import copy
import hashlib
from collections.abc import Callable
from pathlib import Path

import pytest

from pytest_nac_qod import contracts
from pytest_nac_qod.contracts.comparison.diff import diff
from pytest_nac_qod.foundation.jsontypes import Json, JsonObject
from tests.support.contract_changes import CHANGES, DELETED, OTHER_CHANGES, SCHEMAS
from tests.support.manifest import SHA256


@pytest.fixture(scope="session")
def document(published: Path) -> JsonObject:
    """The published document of quality-on-demand r3.2."""
    return contracts.load(str(published / "r3.2" / "quality-on-demand.yaml"))


def changed(document: JsonObject, place: str, value: Json) -> JsonObject:
    """A copy of the document with another value at a place, its steps separated by spaces."""
    altered: JsonObject = copy.deepcopy(document)
    *way, last = place.split(" ")
    inner: Json = altered
    for step in way:
        inner = inner[int(step)] if isinstance(inner, list) else inner[step]
    key = int(last) if isinstance(inner, list) else last
    if value is DELETED:
        del inner[key]
    else:
        inner[key] = value
    return altered


@pytest.mark.parametrize(("release", "api"), SHA256)
def test_our_contract_requires_what_the_published_one_does(published: Path, release: str, api: str) -> None:
    path = published / release / f"{api}.yaml"
    assert hashlib.sha256(path.read_bytes()).hexdigest() == SHA256[release, api]
    assert contracts.diff_report(f"{release}:{api}", str(path)) == (f"{release}:{api} and {path} require the same", 0)


@pytest.mark.parametrize("name", CHANGES)
def test_each_single_change_is_seen_where_it_is(document: JsonObject, name: str) -> None:
    place, value, pointer = CHANGES[name]
    differences = diff(document, changed(document, place, value))
    assert differences
    assert any(pointer in difference.pointer for difference in differences), [item.pointer for item in differences]


@pytest.mark.parametrize("name", OTHER_CHANGES)
def test_change_to_a_document_of_another_kind_is_seen_where_it_is(published: Path, name: str) -> None:
    release, api, place, value, pointer = OTHER_CHANGES[name]
    document = contracts.load(str(published / release / f"{api}.yaml"))
    differences = diff(document, changed(document, place, value))
    assert differences
    assert any(pointer in difference.pointer for difference in differences), [item.pointer for item in differences]


def with_prose(document: JsonObject) -> JsonObject:
    altered = changed(document, f"{SCHEMAS} Port description", "Another text")
    altered = changed(altered, f"{SCHEMAS} Port example", 7)
    altered = changed(altered, "components examples", {})
    return changed(altered, "info x-note", "anything")


def reordered(document: JsonObject) -> JsonObject:
    altered = changed(document, f"{SCHEMAS} QosStatus enum", ["UNAVAILABLE", "REQUESTED", "AVAILABLE"])
    altered = changed(altered, f"{SCHEMAS} ErrorInfo required", ["message", "code", "status"])
    return changed(altered, "paths", dict(reversed(document["paths"].items())))


def renamed(document: JsonObject) -> JsonObject:
    altered: JsonObject = _mapped(
        document,
        lambda text: text.replace("schemas/Port", "schemas/TcpPort"),
        {"Port": "TcpPort", "PortsSpec": "TcpPortsSpec"},
    )
    return altered


def _mapped(value: Json, text: Callable[[str], str], names: dict[str, str]) -> Json:
    if isinstance(value, dict):
        return {names.get(key, key): _mapped(item, text, names) for key, item in value.items()}
    if isinstance(value, list):
        return [_mapped(item, text, names) for item in value]
    return text(value) if isinstance(value, str) else value


def inlined(document: JsonObject) -> JsonObject:
    port = document["components"]["schemas"]["Port"]
    return changed(document, f"{SCHEMAS} DeviceIpv4Addr properties publicPort", port)


def flattened(document: JsonObject) -> JsonObject:
    schemas = document["components"]["schemas"]
    first, _, third = schemas["CreateSession"]["allOf"]
    base = schemas["BaseSessionInfo"]
    flat = {
        "type": "object",
        "properties": {**first["properties"], **base["properties"], **third["properties"]},
        "required": [*base["required"], *third["required"]],
    }
    return changed(document, f"{SCHEMAS} CreateSession", flat)


@pytest.mark.parametrize("same", [with_prose, reordered, renamed, inlined, flattened])
def test_what_requires_the_same_is_no_difference(
    document: JsonObject, same: Callable[[JsonObject], JsonObject]
) -> None:
    assert diff(document, same(document)) == []


def test_a_recursive_schema_ends() -> None:
    tree = {"type": "object", "properties": {"child": {"$ref": "#/components/schemas/Tree"}}}
    recursive = {
        "paths": {
            "/t": {
                "get": {"responses": {"200": {"content": {"a/b": {"schema": {"$ref": "#/components/schemas/Tree"}}}}}}
            }
        },
        "components": {"schemas": {"Tree": tree}},
    }
    assert diff(recursive, copy.deepcopy(recursive)) == []


def test_report_names_pointer_and_both_values(tmp_path: Path) -> None:
    other = tmp_path / "other.yaml"
    shown = contracts.show("r3.2", "quality-on-demand")
    assert "    Port:\n      type: integer\n      minimum: 0\n      maximum: 65535\n" in shown
    other.write_text(shown.replace("version: 1.1.0", "version: 1.1.1"), encoding="utf-8")
    text, status = contracts.diff_report("r3.2:quality-on-demand", str(other), full=True)
    assert status == 1
    assert text.splitlines() == [
        f"1 difference: - r3.2:quality-on-demand, + {other}",
        "#/info/version",
        '  - "1.1.0"',
        '  + "1.1.1"',
    ]
