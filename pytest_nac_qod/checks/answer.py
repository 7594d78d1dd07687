"""Checks that every answer has to pass: outcome, media type, x-correlator, body, schema, error object."""

from collections.abc import Iterable

from pytest_nac_qod.catalogue import Outcome, listed
from pytest_nac_qod.contracts import Contract, SchemaError
from pytest_nac_qod.contracts.validation.schema import Direction
from pytest_nac_qod.foundation.jsontypes import Json
from pytest_nac_qod.verdicts import Violation
from pytest_nac_qod.wire.exchange import Exchange, Message, NotJsonError, Response

CORRELATOR = "x-correlator"
NOUNS = {"sessionId": "session", "assignmentId": "assignment", "provisioningId": "assignment"}
_CORRELATOR_HEADER = "#/components/headers/x-correlator"
_SHOWN = 120  # characters of a foreign text that a violation quotes


def quoted(value: str) -> str:
    """Text of the target as a violation quotes it: on one line, cut after 120 characters."""
    flat = " ".join(value.split())
    return flat if len(flat) <= _SHOWN else f"{flat[:_SHOWN]}…"


def body_of(message: Message) -> Json:
    """The body as JSON, or None if it is not JSON."""
    try:
        return message.json()
    except NotJsonError:
        return None


def outcome_of(response: Response) -> Outcome:
    """Status of the answer and, for an error object, its `code` (`#/components/schemas/ErrorInfo/properties/code`)."""
    body = body_of(response) if response.status >= 400 else None
    code = body.get("code") if isinstance(body, dict) else None
    return Outcome(response.status, code if isinstance(code, str) else "")


def answered(exchange: Exchange) -> Response:
    """The response of the exchange.

    Raises:
        ValueError: there is none; an exchange without a response must not be judged.
    """
    if exchange.response is None:
        raise ValueError(f"exchange {exchange.id} has no response to judge")
    return exchange.response


def described(exchange: Exchange) -> str:
    """What the answer was, in a few words: `404 NOT_FOUND`, `201; session 1f0c… was created`."""
    response = answered(exchange)
    observed = outcome_of(response)
    if observed.code:
        return quoted(str(observed))
    body = body_of(response)
    if response.status == 201 and isinstance(body, dict):
        for name, noun in NOUNS.items():
            if isinstance(body.get(name), str):
                return f"201; {noun} {quoted(body[name])} was created"
    if response.undecodable and response.body:
        return f"{response.status} with a body that is no JSON: {response.undecodable}"
    if response.status < 400:
        return str(response.status)
    return f"{response.status} with no error object: {quoted(response.body) or 'empty body'}"


def outcome(exchange: Exchange, contract: Contract, accepted: Iterable[Outcome]) -> list[Violation]:
    """The answer is one of the accepted outcomes.

    Args:
        exchange: the request and its answer.
        contract: names the clause, `/responses/STATUS` of the operation for the first accepted status.
        accepted: outcomes; one without a code accepts every code.
    """
    accepted = tuple(accepted)
    response = answered(exchange)
    observed = outcome_of(response)
    if any(observed.status == item.status and item.code in ("", observed.code) for item in accepted):
        return []
    operation = contract.operations[exchange.operation]
    return [
        Violation(
            clause=f"{contract.api}{operation.pointer}/responses/{accepted[0].status}",
            expected=listed(accepted),
            actual=described(exchange),
            path="$.code",
            value=str(observed),
        )
    ]


def correlator(exchange: Exchange, contract: Contract) -> list[Violation]:
    """A non-empty x-correlator is returned unchanged, unless it is malformed (`#/components/headers/x-correlator`)."""
    sent = exchange.request.header(CORRELATOR)
    got = answered(exchange).header(CORRELATOR)
    if not sent or got == sent or contract.validate_as(sent, f"{_CORRELATOR_HEADER}/schema", direction="request"):
        return []
    return [
        Violation(
            clause=f"{contract.api}{contract.place(_CORRELATOR_HEADER)}",
            expected=f"x-correlator: {quoted(sent)}",
            actual="no x-correlator" if got is None else f"x-correlator: {quoted(got)}",
            path="x-correlator",
            value=got,
            basis="correlator_echo",
        )
    ]


def media_type(exchange: Exchange, contract: Contract) -> list[Violation]:
    """An answer with a body is application/json, with or without parameters (`/responses/STATUS/content`)."""
    response = answered(exchange)
    content_type = response.header("content-type")
    if not contract.documents(exchange.operation):
        return []
    if contract.response_pointer(exchange.operation, response.status) is None:
        return []
    if content_type is not None and content_type.split(";")[0].strip().lower() == "application/json":
        return []
    return [
        Violation(
            clause=f"{contract.api}{contract.operations[exchange.operation].pointer}/responses/{response.status}/content",
            expected="Content-Type: application/json",
            actual=f"Content-Type: {quoted(content_type)}" if content_type else "no Content-Type",
            path="content-type",
            value=content_type,
            basis="media_type",
        )
    ]


def body(exchange: Exchange, contract: Contract) -> list[Violation]:
    """The body is as the contract says for this operation and status.

    Clauses: the schema at `/responses/STATUS/content/application~1json`; RFC 8259 section 2 (one JSON value); RFC 9110
    section 15.3.5 (a 204 has no content). Operations that the contract does not document are not judged.
    """
    response = answered(exchange)
    if not contract.documents(exchange.operation):
        return []
    pointer = contract.response_pointer(exchange.operation, response.status)
    clause = f"{contract.api}{contract.operations[exchange.operation].pointer}/responses/{response.status}"
    if pointer is None:
        return _no_content(response, clause)
    try:
        instance = response.json()
    except NotJsonError as error:
        return [
            Violation(
                clause=f"{clause}/content/application~1json",
                expected="one JSON value (RFC 8259)",
                actual=f"{error}: {quoted(response.body) or 'empty body'}",
                path="$",
                basis="one_json_value",
            )
        ]
    return schema(instance, pointer, contract, direction="response") + error_object(instance, response, contract)


def _no_content(response: Response, clause: str) -> list[Violation]:
    """A 204 has no content; of answers that nothing documents nobody says what they contain."""
    if response.status != 204 or not response.body:
        return []
    actual = f"body {quoted(response.body)}"
    return [Violation(clause=clause, expected="no body", actual=actual, path="$", basis="no_content")]


def schema(instance: Json, pointer: str, contract: Contract, *, direction: Direction) -> list[Violation]:
    """Every constraint of the schema at `pointer` that `instance` breaks."""
    basis = "event_schema" if direction == "event" else "response_schema"
    return broken(contract.validate(instance, pointer, direction=direction), contract, basis)


def broken(errors: Iterable[SchemaError], contract: Contract, basis: str = "response_schema") -> list[Violation]:
    """Broken constraints as violations."""
    return [
        Violation(
            clause=f"{contract.api}{error.clause}",
            expected=f"{error.path} {quoted(error.expected)}",
            actual=quoted(error.actual),
            path=error.path,
            value=error.value,
            basis=basis,
        )
        for error in errors
    ]


def error_object(instance: Json, response: Response, contract: Contract) -> list[Violation]:
    """An error object repeats the HTTP status and has a message that a person can read.

    Clauses: `#/components/schemas/ErrorInfo/properties/status` and `#/components/schemas/ErrorInfo/properties/message`.
    """
    if response.status < 400 or not isinstance(instance, dict):
        return []
    clause = f"{contract.api}{contract.place('#/components/schemas/ErrorInfo')}/properties"
    violations: list[tuple[str, str, str]] = []
    status, message = instance.get("status"), instance.get("message")
    if isinstance(status, int) and status != response.status:
        violations.append(("status", str(response.status), str(status)))
    if isinstance(message, str) and not any(character.isalpha() for character in message):
        violations.append(("message", "with a text for people", repr(message)))
    return [
        Violation(
            clause=f"{clause}/{name}",
            expected=f"$.{name} {expected}",
            actual=actual,
            path=f"$.{name}",
            basis=f"error_{name}",
        )
        for name, expected, actual in violations
    ]


def common(exchange: Exchange, contract: Contract) -> list[Violation]:
    """Everything that the contract requires of any answer, at most one violation per place of the answer."""
    violations = [*media_type(exchange, contract), *correlator(exchange, contract), *body(exchange, contract)]
    return list({(item.path or item.clause): item for item in reversed(violations)}.values())[::-1]
