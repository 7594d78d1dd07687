"""How a device is identified, or not."""

from pytest_nac_qod.foundation.jsontypes import Json, JsonObject
from pytest_nac_qod.run.needs import require_identifier
from pytest_nac_qod.suite import Case, purpose, request, send

NO_STRING = {"networkAccessIdentifier": 123456789}  # its schema is any string
MALFORMED: dict[str, JsonObject] = {
    "$.device.phoneNumber": {"phoneNumber": "not-a-number"},
    "$.device.ipv4Address": {"ipv4Address": {"publicAddress": "203.0.113.999", "publicPort": 59765}},
    "$.device.ipv6Address": {"ipv6Address": "2001:db8::fffff"},
    "$.device.networkAccessIdentifier": NO_STRING,
    "$.device.networkIdentifier": NO_STRING,  # as an outline misspells it
}


def body(case: Case, device: Json) -> JsonObject:
    """The default body with this device."""
    _, valid = request(case)
    content: JsonObject = {**valid, "device": device}
    return content


@purpose
def test_empty_device(case: Case) -> None:
    case.judge(send(case, body=body(case, {})))


@purpose
def test_malformed_device_identifier(case: Case) -> None:
    for name in MALFORMED[case.name]:
        require_identifier(case.target, name)
    case.judge(send(case, body=body(case, MALFORMED[case.name])))


@purpose
def test_unknown_device(case: Case) -> None:
    case.judge(send(case, body=body(case, case.target.devices["not_found"])))


@purpose
def test_unnecessary_device(case: Case) -> None:
    device = case.target.devices.get("three_legged", case.target.devices["default"])
    case.judge(send(case, token="three_legged", body=body(case, device)))


@purpose
def test_missing_device(case: Case) -> None:
    _, valid = request(case)
    case.judge(send(case, body={name: value for name, value in valid.items() if name != "device"}))


@purpose
def test_unsupported_device(case: Case) -> None:
    case.judge(send(case, body=body(case, case.target.devices["unsupported"])))


@purpose
def test_device_not_applicable(case: Case) -> None:
    case.judge(send(case, body=body(case, case.target.devices["not_applicable"])))


@purpose
def test_device_of_another_token(case: Case) -> None:
    case.judge(send(case, token="three_legged", body=body(case, case.target.devices["default"])))


@purpose
def test_mismatched_device_identifiers(case: Case) -> None:
    case.judge(send(case, body=body(case, case.target.devices["mismatched"])))
