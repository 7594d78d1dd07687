"""`contract diff`: each change once, by the schema that it is written in, with its weight; and changed words."""

import copy
from itertools import pairwise
from pathlib import Path

import pytest
import yaml

from pytest_nac_qod import contracts
from pytest_nac_qod.cli import main
from pytest_nac_qod.contracts.comparison.diff import diff
from pytest_nac_qod.contracts.comparison.grouping import changes, counted, lines
from pytest_nac_qod.foundation.jsontypes import Json, JsonObject

QOD = "quality-on-demand"


def altered(**places: Json) -> JsonObject:
    """The contract of quality-on-demand r3.2 with other values; `__` separates the steps below its schemas."""
    document: JsonObject = copy.deepcopy(contracts.document("r3.2", QOD))
    for place, value in places.items():
        *way, last = place.split("__")
        inner = document["components"]["schemas"]
        for step in way:
            inner = inner[int(step)] if isinstance(inner, list) else inner[step]
        inner[last] = value
    return document


def told(**places: Json) -> list[str]:
    return lines(changes(diff(contracts.document("r3.2", QOD), altered(**places))))


def test_change_of_a_schema_is_told_once_however_often_it_is_used() -> None:
    assert told(Port__minimum=1) == ["Port", "  stricter  /minimum: 0 → 1  (36 places)"]


def test_change_that_is_inherited_is_told_where_it_is_written() -> None:
    assert told(BaseSessionInfo__properties__sink__maxLength=2048) == [
        "BaseSessionInfo",
        "  stricter  /properties/sink/maxLength: absent → 2048  (5 places)",
    ]


@pytest.mark.parametrize(
    ("place", "value", "weight"),
    [
        ("Port__maximum", 70000, "looser"),
        ("Port__maximum", 1000, "stricter"),
        ("ErrorInfo__required", ["status"], "looser"),
        ("PortsSpec__required", ["ports"], "stricter"),
        ("QosStatus__enum", ["REQUESTED", "AVAILABLE"], "stricter"),
        ("QosStatus__enum", ["REQUESTED", "AVAILABLE", "UNAVAILABLE", "PAUSED"], "looser"),
        ("QosStatus__enum", ["REQUESTED", "AVAILABLE", "OVER"], "other"),
        ("SessionId__pattern", "^[a-f0-9-]+$", "stricter"),
        ("XCorrelator__pattern", "^.*$", "other"),
        ("ErrorInfo__properties__detail", {"type": "string"}, "stricter"),
    ],
)
def test_change_says_whether_more_is_asked(place: str, value: Json, weight: str) -> None:
    made = changes(diff(contracts.document("r3.2", QOD), altered(**{place: value})))
    assert {change.weight for change in made} == {weight}
    back = changes(diff(altered(**{place: value}), contracts.document("r3.2", QOD)))
    turned = {"stricter": "looser", "looser": "stricter", "other": "other"}[weight]
    assert {change.weight for change in back} == {turned}


def test_status_and_operation_more_are_weighed() -> None:
    more = altered()
    more["paths"]["/sessions"]["get"] = {"operationId": "listSessions", "responses": {"200": {"description": "all"}}}
    more["paths"]["/sessions"]["post"]["responses"]["202"] = {"description": "later"}
    told_now = {change.place: change.weight for change in changes(diff(contracts.document("r3.2", QOD), more))}
    assert told_now == {"/responses/202": "looser", "/": "stricter"}


def test_releases_are_compared_as_a_whole(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["contract", "diff", "r3.2", "r4.1"]) == 1
    said = capsys.readouterr().out.splitlines()
    assert said[0] == "64 changes from r3.2 to r4.1: 47 stricter, 6 looser, 11 other"
    assert len(said) < 120
    assert said.count("Port") == 1


def test_renamed_api_is_compared_with_what_it_was(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["contract", "diff", "r2.2", "r3.2"]) == 1
    said = capsys.readouterr().out
    assert "\n/device-qos\n" in said
    assert '"/qod-provisioning/v0.2"' in said


def test_every_difference_is_part_of_a_change() -> None:
    for before, after in pairwise(contracts.RELEASES):
        differences = diff(contracts.document(before, QOD), contracts.document(after, QOD))
        made = changes(differences)
        assert sorted(pointer for change in made for pointer in change.pointers) == sorted(
            difference.pointer for difference in differences
        )
        assert sum(counted(made).values()) == len(made)


def test_words_that_changed_are_shown(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for name, text in (("a", "Lives for\n 10 seconds.\nNothing else."), ("b", "Lives for\n20 seconds.\nNothing else.")):
        schemas = {"Port": {"type": "integer", "description": text, "properties": {"description": {"type": "string"}}}}
        document = {"openapi": "3.0.3", "paths": {"/a": {}}, "components": {"schemas": schemas}}
        (tmp_path / f"{name}.yaml").write_text(yaml.safe_dump(document), encoding="utf-8")
    a, b = str(tmp_path / "a.yaml"), str(tmp_path / "b.yaml")
    assert main(["contract", "diff", "--prose", a, b]) == 1
    assert capsys.readouterr().out.splitlines() == [
        f"1 description changed: - {a}, + {b}",
        "#/components/schemas/Port/description",
        "  - 10 seconds.",
        "  + 20 seconds.",
    ]
    assert main(["contract", "diff", "--prose", a, a]) == 0
    assert capsys.readouterr().out == f"{a} and {a} say the same\n"


def test_contract_of_ours_has_no_words(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["contract", "diff", "--prose", "r3.2:qos-profiles", "r4.1:qos-profiles"]) == 2
    said = capsys.readouterr()
    assert "r3.2:qos-profiles: has no descriptions, as no contract of ours has; give the published file" in said.err
