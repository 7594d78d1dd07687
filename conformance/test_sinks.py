"""Which sinks are accepted, and what becomes of their credentials."""

from typing import Any

from pytest_nac_qod.suite import Case, bodies, purpose, ruling, send, sinks, states
from pytest_nac_qod.wire.client import Answer


def refused(case: Case, sink: str) -> None:
    """No session is created with this sink."""
    ruling.accepted(case, send(case, body=bodies.creation(case.target, case.resource) | {"sink": sink}))


@purpose
def test_sink_not_https(case: Case) -> None:
    refused(case, "http://sink.example.com/qod-events")


@purpose
def test_sink_no_uri(case: Case) -> None:
    refused(case, "https://sink.example.com/qod events")


@purpose
def test_sink_too_long(case: Case) -> None:
    refused(case, "https://sink.example.com/".ljust(2049, "x"))


@purpose
def test_access_token_never_returned(case: Case) -> None:
    secret = sinks.token(case)
    sink = {"sink": sinks.url(case), "sinkCredential": bodies.credential(secret)}
    created = states.create(case, bodies.creation(case.target, case.resource) | sink)
    answer = ruling.reached(answered(case, created))
    hidden = case.run.redactor.text(secret) not in (answer.exchange.response.body if answer.exchange.response else "")
    ruling.require(case, answer.exchange, hidden, expected="no access token of the sink", actual="it came back")


def answered(case: Case, created: Answer[Any]) -> Answer[Any]:
    """The answer of the row's operation on what was created."""
    resource, key = case.resource, created.body[case.resource.id]
    path = {resource.id: key}
    match case.row.operation:
        case resource.create:
            return created
        case resource.retrieve:
            return send(case)
        case resource.extend:
            states.await_available(case, key)
            return send(case, path=path, body=bodies.extension(bodies.additional(case.target)))
        case _:
            return send(case, path=path, body=None)
