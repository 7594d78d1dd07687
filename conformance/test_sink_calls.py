"""Whom events are sent to, and whom not."""

import httpx

from pytest_nac_qod.foundation.jsontypes import JsonObject
from pytest_nac_qod.suite import Case, purpose, ruling, send, sinks, states
from pytest_nac_qod.suite.waits import waiting
from pytest_nac_qod.verdicts import NotTested
from pytest_nac_qod.wire.sink import Sink, Subscription


def told(case: Case, body: JsonObject, elsewhere: Subscription, expected: str) -> None:
    """Something with this sink becomes AVAILABLE, or is refused, and no event of it comes elsewhere."""
    created = send(case, body=body)
    ruling.succeeded(case, created)
    if created.response.is_success:
        states.await_available(case, ruling.created_id(case, created))
        waiting.quiet(case)
    events = elsewhere.events()
    came = f"{events[0].method} with headers {', '.join(name for name, _ in events[0].headers)}" if events else ""
    ruling.require(case, created.exchange, not events, expected=expected, actual=came)


@purpose
def test_sink_verified(case: Case) -> None:
    listener = sinks.Listener.of(case)
    with Sink(host=case.target.sink.host) as stranger:  # its certificate is its own
        place = stranger.subscribe()
        told(case, listener.creation() | {"sink": place.url}, place, "no call of a sink with a certificate of its own")


@purpose
def test_sink_redirects(case: Case) -> None:
    listener = sinks.Listener.of(case)
    if case.run.sink is None:
        raise NotTested("the target cannot reach the sink")
    elsewhere = case.run.sink.subscribe()
    listener.subscription.answer(httpx.codes.TEMPORARY_REDIRECT, elsewhere.url)
    told(case, listener.creation(), elsewhere, "no call of where the sink redirects to")
