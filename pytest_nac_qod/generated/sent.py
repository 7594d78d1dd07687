"""A case of schemathesis as it is sent: what would be valid for any target, replaced by what is for this one."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from schemathesis import Case as Generated
from schemathesis.core import NOT_SET

from pytest_nac_qod.contracts import SchemaError
from pytest_nac_qod.foundation.jsontypes import Json
from pytest_nac_qod.generated.valid import create_path
from pytest_nac_qod.suite import bodies, sinks
from pytest_nac_qod.suite.case import Case
from pytest_nac_qod.wire.client import Answer
from pytest_nac_qod.wire.exchange import NotJsonError, parse_json
from pytest_nac_qod.wire.resources import resource_of

THREE_LEGGED = "3-legged"  # in the name of a case
_DEVICE = "#/components/schemas/Device"


@dataclass(frozen=True, slots=True)
class Sent:
    """What went out and what came back.

    Attributes:
        body: as it was sent; None without one.
        errors: constraints of the contract that the body, or what stands in the path, breaks.
    """

    answer: Answer[Any]
    body: Json
    errors: tuple[SchemaError, ...]


def sent(case: Case, generated: "Generated[Any]") -> Sent:
    """Send a generated case with the token and x-correlator of `case`, and keep what it creates in the account."""
    pointer = case.contract.request_pointer(case.row.operation)
    content, body, errors = _content(case, generated.body)
    path = {name: str(value) for name, value in (generated.path_parameters or {}).items()}
    errors += _wrong_in_path(case, path)
    if pointer and not errors:
        errors += case.contract.validate(body, pointer, direction="request")
    answer = case.call(
        case.row.operation,
        token="three_legged" if THREE_LEGGED in case.name else "two_legged",
        path=path if errors else _path(case, path),
        content=content if pointer else None,
        headers={str(name): str(value) for name, value in generated.headers.items()},
        role="judged",
    )
    return Sent(answer, body, tuple(errors))


def _wrong_in_path(case: Case, path: Mapping[str, str]) -> Iterator[SchemaError]:
    for place, parameter in case.contract.parameters(case.row.operation):
        if parameter["in"] == "path" and parameter["name"] in path:
            yield from case.contract.validate(path[parameter["name"]], f"{place}/schema", direction="request")


def _path(case: Case, path: Mapping[str, str]) -> Mapping[str, str]:
    """Path parameters of what is there."""
    if not path:
        return {}
    if resource_of(case.contract) is None:
        return dict.fromkeys(path, case.target.profiles["default"].name)
    created = create_path(case)
    inside = case.contract.operations[case.row.operation].path.startswith(_beginning(case))
    own = dict(zip(path, created.values(), strict=False)) if inside else {}
    return {**path, **own, **{name: key for name, key in created.items() if name in path}}


def _beginning(case: Case) -> str:
    """How the paths of one session or assignment begin, whatever their parameter is called."""
    return case.contract.operations[case.resource.read].path.partition("{")[0] + "{"


def _content(case: Case, generated: object) -> tuple[bytes, Json, list[SchemaError]]:
    """The bytes to send, the JSON that they stand for, and what is wrong if they stand for none."""
    if generated is NOT_SET or isinstance(generated, bytes):
        content = generated if isinstance(generated, bytes) else b""
        try:
            return content, parse_json(content.decode()), []
        except (UnicodeDecodeError, NotJsonError):
            pointer = case.contract.operations[case.row.operation].pointer + "/requestBody"
            wrong = SchemaError(path="$", clause=pointer, expected="one JSON value", actual=repr(content), value=None)
            return content, None, [wrong] if case.contract.request_pointer(case.row.operation) else []
    body = _body(case, generated)
    return json.dumps(body).encode(), body, []


def _body(case: Case, body: Json) -> Json:
    """The body with a device and a sink of this run in place of any valid ones."""
    if not isinstance(body, dict):
        return body
    adapted = dict(body)
    if "device" in adapted and not case.contract.validate_as(adapted["device"], _DEVICE, direction="request"):
        adapted["device"] = case.target.devices["default"]
    if isinstance(adapted.get("sink"), str) and "://" in adapted["sink"][:9] and adapted["sink"].startswith("http"):
        adapted["sink"] = adapted["sink"].partition("://")[0] + "://" + sinks.url(case).partition("://")[2]
    resource = resource_of(case.contract)
    return bodies.with_sink(case.target, adapted) if resource and case.row.operation == resource.create else adapted
