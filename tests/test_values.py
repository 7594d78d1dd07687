"""Times, ids, numbers and patterns: what is one, and what only looks like it."""

import re
from datetime import UTC, datetime
from typing import Any

import pytest

from pytest_nac_qod import contracts
from pytest_nac_qod.contracts import Contract
from pytest_nac_qod.contracts.validation.formats import formats
from pytest_nac_qod.contracts.validation.patterns import in_python
from pytest_nac_qod.foundation.jsontypes import Json, JsonObject
from pytest_nac_qod.foundation.values import is_uuid, moment, short_text, whole
from pytest_nac_qod.strategies.breaking import broken
from pytest_nac_qod.wire.exchange import parse_json

NOON = datetime(2024, 6, 1, 12, tzinfo=UTC)
UUID = "3fa85f64-5717-4562-b3fc-2c963f66afa6"
RIGHT = {
    "date-time": [
        "2024-06-01T12:00:00Z",
        "2024-06-01t12:00:00z",
        "2024-06-01T12:00:00.1Z",
        "2024-06-01T12:00:00.123456789012345678901234567890Z",
        "2024-06-01T17:45:00+05:45",
        "2024-06-01T12:00:00-00:00",
        "2024-06-01T12:00:00+23:59",
        "2016-12-31T23:59:60Z",
        "2016-12-31T23:59:60.5Z",
        "2016-12-31T15:59:60-08:00",
        "2024-02-29T00:00:00Z",
        "0001-01-01T00:00:00Z",
        "0001-01-01T00:00:00+14:00",
        "9999-12-31T23:59:59-12:00",
        "9999-12-31T23:59:60Z",
    ],
    "uuid": [UUID, UUID.upper(), "00000000-0000-0000-0000-000000000000"],
    "ipv4": ["198.51.100.10", "255.255.255.255"],
    "ipv6": ["2001:db8::1", "2001:DB8:0:0:0:0:0:1", "::ffff:198.51.100.1", "::"],
    "uri": ["https://example.com/events", "HTTPS://example.com", "urn:a:b"],
    "uri-reference": ["/events", "https://example.com", "x"],
    "url": ["https://example.com/events"],
}
WRONG = {
    "date-time": [
        "2024-06-01T12:00:00Z\n",
        "2024-06-01T12:00:00z\n",
        " 2024-06-01T12:00:00Z",
        "2024-06-01 12:00:00Z",
        "2024-06-01T12:00:00",
        "2024-06-01",
        "2024-06-01T12:00Z",
        "2024-06-01T24:00:00Z",
        "2024-06-01T12:00:60Z",
        "2024-06-15T23:59:60Z",
        "2024-06-01T12:60:00Z",
        "2024-02-30T12:00:00Z",
        "2023-02-29T12:00:00Z",
        "2024-06-01T12:00:00.Z",
        "2024-06-01T12:00:00,5Z",
        "2024-06-01T12:00:00+0545",
        "2024-06-01T12:00:00+05",
        "2024-06-01T12:00:00+05:60",
        "2024-06-01T12:00:00+24:00",
        "20240601T120000Z",
        "2024-W22-6T12:00:00Z",
        "+2024-06-01T12:00:00Z",
        "\uff12024-06-01T12:00:00Z",
        "1717243200",
        "",
    ],
    "uuid": [
        "3fa85f64-5717-4562-b3fc-2c963f66af_6",
        "\uff13fa85f64-5717-4562-b3fc-2c963f66afa6",
        "{3fa85f64-5717-4562-b3fc-2c963f66afa6}",
        "urn:uuid:3fa85f64-5717-4562-b3fc-2c963f66afa6",
        "3fa85f6457174562b3fc2c963f66afa6",
        "3fa85f645-717-4562-b3fc-2c963f66afa6",
        f"{UUID}\n",
        f" {UUID}",
        "gfa85f64-5717-4562-b3fc-2c963f66afa6",
        "",
    ],
    "ipv4": [
        "198.51.100.10\n",
        "198.51.100.010",
        "198.51.100.\uff11",
        "198.51.100.0/24",
        "198.51.100",
        " 198.51.100.1",
    ],
    "ipv6": ["2001:db8::1\n", "fe80::1%eth0", "2001:db8::\uff11", "2001:db8::/64", "[2001:db8::1]", ":::"],
    "uri": ["https://example.com/\n", "/events", "https://exa mple.com/"],
    "uri-reference": ["/events\n", "\n", "a b"],
    "url": ["https://example.com/\n", "events"],
}


def pairs(table: dict[str, list[str]]) -> list[tuple[str, str]]:
    return [(name, value) for name, values in table.items() for value in values]


@pytest.mark.parametrize(("name", "value"), pairs(RIGHT))
def test_right_values_of_formats(name: str, value: str) -> None:
    assert formats.conforms(value, name)


@pytest.mark.parametrize(("name", "value"), pairs(WRONG))
def test_wrong_values_of_formats(name: str, value: str) -> None:
    assert not formats.conforms(value, name)


@pytest.mark.parametrize("name", sorted(formats.checkers))
def test_no_format_lets_a_line_end_follow(name: str) -> None:
    samples = {"date": "2024-06-01", "time": "12:00:00Z", "email": "a@example.com", "idn-email": "a@example.com"}
    text = {**{key: values[0] for key, values in RIGHT.items()}, **samples}.get(name, "a")
    if name not in ("int32", "int64"):
        assert formats.conforms(text, name)
        assert not formats.conforms(f"{text}\n", name)


@pytest.mark.parametrize(
    ("text", "time"),
    [
        ("2024-06-01t12:00:00z", NOON),
        ("2024-06-01T17:45:00+05:45", NOON),
        ("2024-06-01T12:00:00-00:00", NOON),
        ("2024-06-01T12:00:00.1234567Z", NOON.replace(microsecond=123456)),
        ("2016-12-31T23:59:60Z", datetime(2017, 1, 1, tzinfo=UTC)),
        ("9999-12-31T23:59:59-12:00", datetime.max.replace(tzinfo=UTC)),
        ("0001-01-01T00:00:00+14:00", datetime.min.replace(tzinfo=UTC)),
        ("2024-06-01 12:00:00Z", None),
        (1717243200, None),
        (None, None),
    ],
)
def test_time_that_a_text_stands_for(text: Json, time: datetime | None) -> None:
    assert moment(text) == time


def test_uuid_is_told_from_what_python_reads_as_one() -> None:
    assert [text for text in WRONG["uuid"] if is_uuid(text)] == []


@pytest.mark.parametrize(
    ("pattern", "right", "wrong"),
    [
        (r"^[0-9]+$", ["12"], ["12\n", ""]),
        (r"^\d+$", ["12"], ["12\n", "\uff11\uff12"]),
        (r"^\w+$", ["a_1"], ["a_1\n", "é"]),
        (r"^[\w-]+$", ["a-1"], ["é"]),
        (r"^(?:a$|b$)", ["a", "b"], ["a\n", "b\n"]),
        (r"^https:\/\/.+$", ["https://x"], ["https://x\r", "https://\u2028", "https://x\n"]),
        (r"^a\$$", ["a$"], ["a$\n", "a"]),
        (r"^[.$]$", [".", "$"], ["a", "\n", "$\n"]),
        (r"^\\$", ["\\"], ["\\\n"]),
    ],
)
def test_pattern_means_what_it_means_in_ecma(pattern: str, right: list[str], wrong: list[str]) -> None:
    expression = re.compile(in_python(pattern))
    assert [text for text in right if not expression.search(text)] == []
    assert [text for text in wrong if expression.search(text)] == []


def contract_of(schema: JsonObject) -> Contract:
    return Contract.of({"openapi": "3.0.3", "paths": {}, "components": {"schemas": {"Value": schema}}}, "a")


@pytest.mark.parametrize("text", ["3600.0", "1e3", "1E3", "true", '"3600"', "3600.5", "1e400", "-0.0"])
def test_what_is_no_integer(text: str) -> None:
    contract = contract_of({"type": "integer"})
    (error,) = contract.validate(parse_json(text), "#/components/schemas/Value", direction="response")
    assert error.clause == "#/components/schemas/Value/type"


@pytest.mark.parametrize("text", ["3600", "0", "-1", "9" * 400])
def test_what_is_an_integer(text: str) -> None:
    contract = contract_of({"type": "integer"})
    assert contract.validate(parse_json(text), "#/components/schemas/Value", direction="response") == []


@pytest.mark.parametrize(
    ("value", "number"), [(3600, 3600), (3600.0, 3600), (3600.5, None), (True, None), ("3600", None), (None, None)]
)
def test_whole_number_that_a_value_stands_for(value: Json, number: int | None) -> None:
    assert whole(value) == number
    assert whole(float("inf")) is None


@pytest.mark.parametrize("name", ["date-time", "uuid", "uri", "url", "uri-reference", "ipv4", "ipv6"])
def test_values_made_up_to_break_a_format_do(name: str) -> None:
    made = broken("format", {"type": "string", "format": name}, RIGHT[name][0])
    assert made
    assert [value for value in made if formats.conforms(value, name)] == []


EVENTS = [
    (release, api)
    for release in contracts.RELEASES
    for api in contracts.apis(release)
    if contracts.contract(release, api).event_schema
]


@pytest.mark.parametrize(("release", "api"), EVENTS)
@pytest.mark.parametrize("time", ["2024-06-01T13:00:00Z\n", "2024-06-01 13:00:00Z"])
def test_time_of_an_event_with_what_does_not_belong_there(release: str, api: str, time: str) -> None:
    contract = contracts.contract(release, api)
    event: dict[str, Any] = {"id": "1", "source": "/x", "specversion": "1.0", "type": contract.event_types[0]}
    assert contract.event_schema
    errors = contract.validate({**event, "time": time, "data": {}}, contract.event_schema, direction="event")
    assert "$.time" in [error.path for error in errors]
    right = contract.validate({**event, "time": time[:10] + "t13:00:00z"}, contract.event_schema, direction="event")
    assert "$.time" not in [error.path for error in right]


@pytest.mark.parametrize(
    ("value", "text"),
    [({"a": [1, 2.0, None]}, '{"a": [1, 2.0, null]}'), ("x" * 20_000, None), ({"a": b"x"}, None), ([10**5000], None)],
    ids=["short", "long", "no JSON", "too many digits"],
)
def test_text_of_a_short_value(value: Any, text: str | None) -> None:  # noqa: ANN401 - JSON or not
    assert short_text(value) == text
