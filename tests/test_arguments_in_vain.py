"""The two one-line checks do not pass for a client that does nothing, too much, or something else."""

import asyncio
from collections.abc import Callable, Iterator
from typing import Any

import httpx
import pytest

from pytest_nac_qod.foundation.jsontypes import JsonObject
from pytest_nac_qod.strategies import (
    arguments_reach_the_wire,
    misordered_arguments_are_refused,
    recording_endpoint,
)
from tests.support.callers import FEW, body_of, checked, failure, posting, told


@pytest.fixture
def http() -> Iterator[httpx.Client]:
    with httpx.Client(trust_env=False) as client:
        yield client


def test_a_careful_client_passes_both(http: httpx.Client) -> None:
    arguments_reach_the_wire(posting(http), **FEW)
    misordered_arguments_are_refused(posting(http), **FEW)


def test_a_client_of_another_server_is_told(http: httpx.Client) -> None:
    with recording_endpoint() as other:
        lines = failure(misordered_arguments_are_refused, lambda url: posting(http)(url and other.url))
    assert lines == [
        "create('QOS_L', '198.51.100.1') sends nothing",
        "  expected body  {'qosProfile': 'QOS_L', 'applicationServer': {'ipv4Address': '198.51.100.1'}}",
        "  actual         returned",
    ]


def test_a_client_that_is_refused_the_connection_is_told(http: httpx.Client) -> None:
    lines = failure(misordered_arguments_are_refused, lambda url: posting(http)(url and "http://127.0.0.1:1"))
    assert lines[0] == "create('QOS_L', '198.51.100.1') sends nothing"
    assert lines[2].startswith("  actual         raised ConnectError(")


def test_a_client_that_always_raises_is_told(http: httpx.Client) -> None:
    def never(profile: str, ip: str) -> None:
        raise ValueError(f"{profile} {ip}")

    lines = failure(misordered_arguments_are_refused, posting(http, before=never))
    assert lines[0] == "create('QOS_L', '198.51.100.1') sends nothing"
    assert lines[2] == "  actual         raised ValueError('QOS_L 198.51.100.1')"


def test_a_client_that_returns_none_for_all_is_told() -> None:
    def at(url: str) -> Callable[[str, str], None]:
        def idle(profile: str, ip: str) -> None:
            assert url
            assert profile
            assert ip

        return idle

    assert failure(misordered_arguments_are_refused, at)[2] == "  actual         returned"


def test_a_client_that_refuses_names_is_told(http: httpx.Client) -> None:
    def at(url: str) -> Callable[..., None]:
        create = posting(http)(url)

        def positional(*args: str, **named: str) -> None:
            if named:
                raise TypeError("by position, please")
            create(*args)

        return positional

    def like(profile: str, ip: str) -> None:
        """Its parameters."""

    lines = failure(misordered_arguments_are_refused, at, signature=like)
    assert lines[0].endswith(" sends nothing")
    assert "by position, please" in lines[2]


def test_a_mixed_up_call_has_to_raise_the_right_error(http: httpx.Client) -> None:
    class ClientError(Exception):
        """The client's own."""

    def strict(profile: str, ip: str) -> None:
        try:
            checked(profile, ip)
        except ValueError as error:
            raise ClientError(str(error)) from error

    lines = failure(misordered_arguments_are_refused, posting(http, before=strict))
    assert lines == [
        "create('198.51.100.1', 'QOS_L') is not refused",
        "  mixed up   the IP address stands before the profile",
        "  expected   ValueError or TypeError, and nothing sent",
        "  because    profile '198.51.100.1' is an IP address",
        "  because    ip 'QOS_L' is no IP address",
        "  actual     raised ClientError('no profile')",
    ]
    misordered_arguments_are_refused(posting(http, before=strict), raises=ClientError, **FEW)


def test_a_mixed_up_call_that_is_swallowed_is_told(http: httpx.Client) -> None:
    def at(url: str) -> Callable[[str, str], None]:
        create = posting(http)(url)

        def quiet(profile: str, ip: str) -> None:
            try:
                create(profile, ip)
            except ValueError:
                return

        return quiet

    lines = failure(misordered_arguments_are_refused, at)
    assert (lines[0], lines[-1]) == ("quiet('198.51.100.1', 'QOS_L') is not refused", "  actual     returned")


def test_a_request_of_any_method_is_sent(http: httpx.Client) -> None:
    def at(url: str) -> Callable[[str, str], None]:
        def create(profile: str, ip: str) -> None:
            http.put(f"{url}/drafts", json={"profile": profile})
            checked(profile, ip)
            http.post(f"{url}/sessions", json=body_of(profile, ip))

        return create

    lines = failure(misordered_arguments_are_refused, at)
    assert lines[0] == "create('QOS_L', '198.51.100.1') sends 2 requests"


def test_a_second_creation_is_told(http: httpx.Client) -> None:
    def at(url: str) -> Callable[[str, str], None]:
        def create(profile: str, ip: str) -> None:
            for body in (body_of(profile, ip), body_of(profile, "192.0.2.99")):
                http.post(f"{url}/sessions", json=body)

        return create

    assert failure(arguments_reach_the_wire, at) == [
        "create('QOS_L', '198.51.100.1') sends 2 requests",
        "  expected body  {'qosProfile': 'QOS_L', 'applicationServer': {'ipv4Address': '198.51.100.1'}}",
        "  actual         POST {'qosProfile': 'QOS_L', 'applicationServer': {'ipv4Address': '198.51.100.1'}}",
        "                 POST {'qosProfile': 'QOS_L', 'applicationServer': {'ipv4Address': '192.0.2.99'}}",
    ]


def test_a_deletion_after_the_creation_is_told(http: httpx.Client) -> None:
    def at(url: str) -> Callable[[str, str], None]:
        def create(profile: str, ip: str) -> None:
            answer = http.post(f"{url}/sessions", json=body_of(profile, ip))
            http.delete(f"{url}/sessions/{answer.json()['sessionId']}")

        return create

    assert failure(arguments_reach_the_wire, at)[0] == "create('QOS_L', '198.51.100.1') sends 2 requests"


def test_what_a_client_reads_beside_is_its_own_business(http: httpx.Client) -> None:
    def at(url: str) -> Callable[[str, str], None]:
        def create(profile: str, ip: str) -> None:
            checked(profile, ip)
            http.post(f"{url}/token", data={"grant_type": "client_credentials"})
            http.get(f"{url}/qos-profiles/{profile}")
            assert http.post(f"{url}/retrieve-sessions", json={"device": {"phoneNumber": "+123456"}}).json() == []
            made = http.post(f"{url}/sessions", json=body_of(profile, ip)).json()
            assert http.get(f"{url}/sessions/{made['sessionId']}").json() == made

        return create

    arguments_reach_the_wire(at, **FEW)
    misordered_arguments_are_refused(at, **FEW)


def test_raising_after_sending_is_told(http: httpx.Client) -> None:
    def at(url: str) -> Callable[[str, str], None]:
        def create(profile: str, ip: str) -> None:
            http.post(f"{url}/sessions", json=body_of(profile, ip))
            raise KeyError("device")

        return create

    lines = failure(arguments_reach_the_wire, at)
    assert lines[0] == "create('QOS_L', '198.51.100.1') raises after sending"
    assert lines[-1] == "  actual         raised KeyError('device')"


@pytest.mark.parametrize("name", ["server_v6", "lifetime", "retries"])
def test_an_optional_parameter_of_unknown_name_is_told(name: str) -> None:
    space: Any = {"body_of": body_of}
    exec(f"def create(profile, ip, {name}=None): return body_of(profile, ip)", space)  # noqa: S102 - only names differ
    assert told(arguments_reach_the_wire, space["create"]) == (
        f"create: parameter {name!r}: not clear where it goes in the body; "
        f"say it with paths={{{name!r}: '$.…'}}, or leave it out with leave_out=[{name!r}]"
    )
    arguments_reach_the_wire(space["create"], leave_out=[name], **FEW)
    lines = failure(arguments_reach_the_wire, space["create"], paths={name: "$.duration"})
    assert lines[1] == "  $.duration  expected 60, got nothing"


def test_each_optional_parameter_is_given_however_few_the_calls_are() -> None:
    def create(profile: str, ip: str, duration: int | None = None, sink: str | None = None) -> JsonObject:  # noqa: ARG001 - the mistake
        return body_of(profile, ip) | ({} if duration is None else {"duration": duration})

    lines = failure(arguments_reach_the_wire, create, max_examples=1)
    assert lines[1].startswith("  $.sink  expected 'https://")


@pytest.mark.parametrize(
    ("more", "line"),
    [
        ({"colour": "red"}, "  $.colour  expected nothing, got 'red'"),
        ({"duration": 600}, "  $.duration  expected nothing, got 600"),
        ({"sink": None}, "  $.sink  expected nothing, got None"),
        ({"devicePorts": {"ports": []}}, "  $.devicePorts  expected nothing, got {'ports': []}"),
    ],
)
def test_what_no_argument_stands_for_is_told(more: JsonObject, line: str) -> None:
    def create(profile: str, ip: str) -> JsonObject:
        return body_of(profile, ip, **more)

    assert failure(arguments_reach_the_wire, create)[1] == line
    arguments_reach_the_wire(create, also=[f"$.{name}" for name in more], **FEW)


def test_the_device_that_a_client_knows_is_allowed() -> None:
    def create(profile: str, ip: str) -> JsonObject:
        return body_of(profile, ip, device={"phoneNumber": "+99999991000"})

    arguments_reach_the_wire(create, **FEW)


@pytest.mark.parametrize("wrong", [float, str])
def test_a_number_of_another_type_is_told(wrong: Callable[[int], object]) -> None:
    def create(profile: str, ip: str, duration: int) -> JsonObject:
        return body_of(profile, ip, duration=wrong(duration))

    assert failure(arguments_reach_the_wire, create)[1].startswith("  $.duration  expected ")


def test_what_is_sent_beside_is_no_matter_of_order() -> None:
    def careful(profile: str, service_ipv4: str | None = None, service_ipv6: str | None = None) -> JsonObject:
        checked(profile, service_ipv4 or "192.0.2.1")
        if ":" not in (service_ipv6 or ":") or "." not in (service_ipv4 or "."):
            raise ValueError("addresses of the other family")
        server = {"ipv4Address": service_ipv4} | ({"ipv6Address": service_ipv6} if service_ipv6 else {})
        return {"qosProfile": profile, "applicationServer": server}

    misordered_arguments_are_refused(careful, **FEW)
    assert failure(arguments_reach_the_wire, careful, max_examples=50)[1].startswith(
        "  $.applicationServer.ipv4Address  expected nothing"
    )


def test_what_is_not_the_same_each_time_is_told() -> None:
    calls: list[str] = []

    def create(profile: str, ip: str) -> JsonObject:
        calls.append(profile)
        return body_of(profile if len(calls) > 1 else "QOS_E", ip)

    lines = failure(arguments_reach_the_wire, create)
    assert lines[1] == "  $.qosProfile  expected 'QOS_L', got 'QOS_E'"
    assert lines[-1] == "  not each time  the same call did otherwise when it was repeated"


class UnshowableError(Exception):
    """One whose text cannot be made."""

    def __repr__(self) -> str:
        raise RuntimeError


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (SystemExit(3), "raised SystemExit(3)"),
        (UnshowableError(), "raised UnshowableError"),
        (asyncio.CancelledError(), "raised CancelledError()"),
        (ValueError("x" * 10**6), f"raised ValueError('{'x' * 488}…"),
    ],
    ids=["exit", "unshowable", "cancelled", "long"],
)
def test_whatever_is_raised_is_shown(error: BaseException, said: str) -> None:
    def create(profile: str, ip: str) -> None:
        assert profile
        assert ip
        raise error

    assert failure(arguments_reach_the_wire, create)[-1] == f"  actual         {said}"
