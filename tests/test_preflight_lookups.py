"""What preflight says of one profile, and of one receiver of events."""

import socket
from dataclasses import replace

import httpx
import pytest

from pytest_nac_qod import contracts
from pytest_nac_qod.foundation.jsontypes import Json
from pytest_nac_qod.preflight import lookups, sinks
from pytest_nac_qod.preflight.finding import Finding
from pytest_nac_qod.target import Profile, SinkSettings, target_from_url
from pytest_nac_qod.wire.client import QodClient
from pytest_nac_qod.wire.sink import Sink


@pytest.mark.parametrize(
    ("duration", "seconds"),
    [
        ({"value": 2, "unit": "Minutes"}, 120),
        ({"value": 1, "unit": "Days"}, 86400),
        ({"value": 1500, "unit": "Milliseconds"}, 2),
        ({"value": 1, "unit": "Fortnights"}, None),
        ({"value": "2", "unit": "Minutes"}, None),
        (None, None),
    ],
)
def test_durations_of_profiles(duration: Json, seconds: int | None) -> None:
    assert lookups.seconds(duration) == seconds


def reading(*answers: Json) -> QodClient:
    """A client of qos-profiles that gets these answers, an object with 200 and None with 404."""
    left = iter(answers)

    def answer(_: httpx.Request) -> httpx.Response:
        body = next(left)
        return (
            httpx.Response(404, json={"status": 404, "code": "NOT_FOUND", "message": ""})
            if body is None
            else (httpx.Response(200, json=body))
        )

    http = httpx.Client(transport=httpx.MockTransport(answer))
    contract = contracts.contract("r3.2", "qos-profiles")
    return QodClient(contract=contract, base_url="http://h/qos-profiles/v1", http=http)


@pytest.mark.parametrize(
    ("role", "answer", "finding"),
    [
        ("default", {"status": "ACTIVE"}, ("ok", "QOS_L is ACTIVE")),
        ("default", {"status": "INACTIVE"}, ("warn", "QOS_L is INACTIVE, expected ACTIVE")),
        ("default", None, ("fail", "QOS_L: answered 404 NOT_FOUND, expected 200; is the name right?")),
        ("default", {"status": "ACTIVE", "minDuration": {"value": 1, "unit": "Minutes"},
                     "maxDuration": {"value": 2, "unit": "Days"}},
         ("warn", "QOS_L: set max_duration = 172800 in the target file")),
        ("inactive", {"status": "DEPRECATED"}, ("ok", "QOS_L is DEPRECATED")),
        ("inactive", {"status": "ACTIVE"}, ("warn", "QOS_L is ACTIVE, expected INACTIVE or DEPRECATED")),
        ("unknown", None, ("ok", "QOS_L does not exist, as it should be")),
        ("unknown", {"status": "ACTIVE"}, ("warn", "QOS_L answered 200, expected 404; give another name")),
    ],
)  # fmt: skip
def test_what_is_said_of_a_profile(role: str, answer: Json, finding: tuple[str, str]) -> None:
    client = reading(answer)
    with client.http:
        (found,) = lookups.profile(client, role, Profile("QOS_L", 60, 86400))
    assert (found.level, found.text) == finding


def test_a_public_address_that_leads_nowhere() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    target = replace(target_from_url("http://127.0.0.1:9", "t0ken", release="r3.2"),
                     sink=SinkSettings(url=f"https://127.0.0.1:{port}/sink"))  # fmt: skip
    (found,) = sinks.sink(target, 2.0)
    assert found.level == "fail"
    assert found.text.startswith(f"https://127.0.0.1:{port}/sink cannot be reached: ConnectError")


def test_a_public_address_that_leads_elsewhere() -> None:
    with Sink() as other:
        settings = SinkSettings(url=other.url)
        target = replace(target_from_url("http://127.0.0.1:9", "t0ken", release="r3.2"), sink=settings)
        (found,) = sinks.sink(target, 2.0)
    assert found.level == "fail"
    assert found.text.startswith(f"{settings.url} answered 404, and nothing arrived at 127.0.0.1:")


def test_a_public_address_whose_certificate_is_not_trusted_here() -> None:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    settings = SinkSettings(url=f"https://127.0.0.1:{port}", port=port)
    target = replace(target_from_url("http://127.0.0.1:9", "t0ken", release="r3.2"), sink=settings)
    (found,) = sinks.sink(target, 2.0)
    assert found == Finding(
        "warn", "sink", f"{settings.url} leads to the receiver, but its certificate is not trusted from here"
    )
