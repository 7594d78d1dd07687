"""What a client is given at the edge of the contract arrives unchanged, or is refused."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from pytest_nac_qod.foundation.jsontypes import JsonObject
from pytest_nac_qod.strategies import arguments_reach_the_wire, misordered_arguments_are_refused
from tests.support.callers import FEW, body_of, failure


@pytest.mark.parametrize(
    ("name", "change", "line"),
    [
        ("duration", lambda seconds: min(seconds, 86_400), "  $.duration  expected 86401, got 86400"),
        ("duration", lambda seconds: seconds & 0x7FFF, "  $.duration  expected 32768, got 0"),
        ("duration", lambda seconds: max(seconds, 60), "  $.duration  expected 1, got 60"),
        ("profile", lambda text: text.replace(".", "_"), "  $.qosProfile  expected 'q.o-s_9', got 'q_o-s_9'"),
        ("ip", lambda text: text.partition("/")[0],
         "  $.applicationServer.ipv4Address  expected '198.51.100.0/24', got '198.51.100.0'"),
    ],
    ids=["capped", "16 bits", "at least a minute", "tidied", "mask dropped"],
)  # fmt: skip
def test_what_is_changed_at_the_edge_is_told(name: str, change: Callable[[Any], Any], line: str) -> None:
    def create(profile: str, ip: str, duration: int) -> JsonObject:
        given = {"profile": profile, "ip": ip, "duration": duration}
        given[name] = change(given[name])
        return body_of(str(given["profile"]), str(given["ip"]), duration=given["duration"])

    assert line in failure(arguments_reach_the_wire, create)


def test_what_is_refused_at_the_edge_is_a_clients_own_business() -> None:
    def create(profile: str, ip: str, duration: int) -> JsonObject:
        if duration > 86_400 or "/" in ip or "." in profile or len(profile) > 40:
            raise ValueError("not here")
        return body_of(profile, ip, duration=duration)

    arguments_reach_the_wire(create, **FEW)


def test_a_check_of_the_objects_class_is_no_check_of_their_order() -> None:
    def create(profile: str, duration: timedelta, ip: str) -> JsonObject:
        if not isinstance(duration, timedelta):
            raise TypeError("no duration")
        return body_of(profile, ip, duration=int(duration.total_seconds()))

    seconds: Any = {"convert": {"$.duration": lambda given: timedelta(seconds=given)}}
    arguments_reach_the_wire(create, **seconds, **FEW)
    lines = failure(misordered_arguments_are_refused, create, **seconds)
    assert lines[0] == "create('198.51.100.1', datetime.timedelta(seconds=60), 'QOS_L') sends a request"
