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

SHA256 = {
    ("r1.3", "qod-provisioning"): "48ad75c2812d4c6015f5aa7a9b6905e605c7b8eb12584f83458dc9cef2bd6cd8",
    ("r1.3", "qos-profiles"): "3120c65707e1a66efd695a27bf53629a3f1da9766ef757285a4cde02048997ec",
    ("r1.3", "quality-on-demand"): "4aca061d8f007b7191f6d3a3e99eaf88bcd469f79cbd10d2a6b56d1d554b2123",
    ("r2.2", "qod-provisioning"): "f5efd1353bdb6535e6c23686b5c5a2fff8451ca8e95ceb6d4cea59204dd6f892",
    ("r2.2", "qos-profiles"): "f5318ff21c3ba479a76b03be0c9f956778c6c21ed6d302308b7bb5d2398712de",
    ("r2.2", "quality-on-demand"): "5b677a658143a86a752c045e386b5790243902cc8133b56103050ceddabaf3b4",
    ("r3.2", "qos-profiles"): "12d7130e6342da634759e3691a8c4a6bbf3f41aa0b717ef80f4b1e9e1336d31c",
    ("r3.2", "qos-provisioning"): "098ab3296505e9eded78b5b86f1019b2a39b86b45c43f9b18c1592b1fd0238f2",
    ("r3.2", "quality-on-demand"): "b50893bacfeeb45631f36dbfdc8f6e09de4a6e3b4d9a4515404b9c5765b02c31",
    ("r4.1", "qos-profiles"): "908697cc70d8e250720d8cc1ddab5c2d0d807848ff618e53f48a01d215a4e97d",
    ("r4.1", "qos-provisioning"): "a52e7cf0d1ca0049f1121754a3eceaa3485fe7987268bd14a14c7fe6811d01b7",
    ("r4.1", "quality-on-demand"): "9163892a1d6f6c784c0e1e15c5f2977ec07cbd10ed16ec267a6b0ad2f74f4689",
}


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
