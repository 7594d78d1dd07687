"""The types of what stands in results.json say the same as its schema."""

import sys
from typing import Literal, NotRequired, get_args, get_origin, get_type_hints

import pytest

from pytest_nac_qod.foundation.jsontypes import Json, JsonObject
from pytest_nac_qod.report import records, results, statement
from tests.support.report_documents import document, result

SCHEMA = results.schema()
DEFINITIONS = SCHEMA["$defs"]
PLACES: dict[str, JsonObject] = {
    "ResultsDocument": SCHEMA,
    "SuiteRecord": SCHEMA["properties"]["suite"],
    "TargetRecord": SCHEMA["properties"]["target"],
    "RunRecord": DEFINITIONS["run"],
    "PartRecord": DEFINITIONS["run"]["properties"]["part"],
    "AccountRecord": DEFINITIONS["run"]["properties"]["account"],
    "CauseRecord": DEFINITIONS["cause"],
    "ExampleRecord": DEFINITIONS["cause"]["properties"]["example"],
    "CaseRecord": DEFINITIONS["result"],
    "ExpectationRecord": DEFINITIONS["result"]["properties"]["expectation"],
    "ViolationRecord": DEFINITIONS["violation"],
    "ExchangeRecord": DEFINITIONS["exchange"],
    "RequestRecord": DEFINITIONS["exchange"]["properties"]["request"],
    "ResponseRecord": DEFINITIONS["exchange"]["properties"]["response"],
    "StandardRecord": DEFINITIONS["standard"],
    "LoadRecord": DEFINITIONS["load"],
    "RateRecord": DEFINITIONS["rate"],
    "TimesRecord": DEFINITIONS["times"],
    "WindowRecord": DEFINITIONS["window"],
    "KneeRecord": DEFINITIONS["load"]["properties"]["knee"],
    "DeliveriesRecord": DEFINITIONS["load"]["properties"]["events"],
}


def declared(record: Json) -> dict[str, Json]:
    """Types of the properties, without the mark of those that may be missing."""
    hints = get_type_hints(record, vars(sys.modules[record.__module__]), include_extras=True)
    return {name: get_args(hint)[0] if origin(hint) == NotRequired else hint for name, hint in hints.items()}


def origin(hint: Json) -> Json:
    return get_origin(hint)


def choices(schema: JsonObject) -> set[str] | None:
    """The texts that a schema allows; None for any."""
    schema = DEFINITIONS[schema["$ref"].rpartition("/")[2]] if "$ref" in schema else schema
    return {schema["const"]} if "const" in schema else set(schema["enum"]) if "enum" in schema else None


def test_every_record_has_a_place_in_the_schema() -> None:
    kinds = {name for name, kind in vars(records).items() if hasattr(kind, "__required_keys__")}
    assert kinds == {*PLACES, "About"}


@pytest.mark.parametrize("name", PLACES)
def test_properties_are_the_same(name: str) -> None:
    record, schema = getattr(records, name), PLACES[name]
    assert set(declared(record)) == set(schema["properties"])
    assert record.__required_keys__ == set(schema["required"])
    assert schema["additionalProperties"] is False


@pytest.mark.parametrize("name", PLACES)
def test_choices_are_the_same(name: str) -> None:
    hints = declared(getattr(records, name))
    typed = {key: set(get_args(hint)) for key, hint in hints.items() if origin(hint) == Literal}
    allowed = {key: given for key, schema in PLACES[name]["properties"].items() if (given := choices(schema))}
    assert typed == allowed


def test_a_level_is_read_from_what_an_earlier_version_wrote() -> None:
    now = document(result())
    run = {name: value for name, value in now["run"].items() if name != "level"}
    before: Json = now | {"run": run | {"profile": "core"}}
    assert results.problems(before) == []
    assert dict(statement.facts(before))["Level"] == ["core"]
    assert dict(statement.facts(now))["Level"] == ["full"]
