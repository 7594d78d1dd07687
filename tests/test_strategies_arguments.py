"""Generated calls, and the two checks that put them to a user's callable."""

import asyncio
from collections.abc import Callable
from typing import Any

import httpx
import pytest
from hypothesis import Phase, find, given, settings

from pytest_nac_qod.catalogue import Outcome
from pytest_nac_qod.foundation.jsontypes import Json, JsonObject
from pytest_nac_qod.signatures import Signature, SignatureError, signature_of, signatures
from pytest_nac_qod.strategies import (
    ArgumentsError,
    Call,
    Misordered,
    arguments_reach_the_wire,
    misordered_arguments_are_refused,
    misordered_session_arguments,
    session_arguments,
)
from pytest_nac_qod.strategies.arguments import Families

ALONE = settings(database=None, max_examples=60, derandomize=True, deadline=None, phases=[Phase.generate, Phase.shrink])
SEARCH = settings(ALONE, max_examples=1000)
ALL = (*signatures("python"), *signatures("typescript"))
SINK = "https://example.com/events/0"
IP4, IP6 = "198.51.100.1", "2001:db8::1"


def server(ipv4: Json, ipv6: Json) -> JsonObject:
    return {"ipv4Address": ipv4} | ({"ipv6Address": ipv6} if ipv6 else {})


def addressed(ipv4: Json, ipv6: Json) -> JsonObject:
    return {name: value for name, value in (("ipv4Address", ipv4), ("ipv6Address", ipv6)) if value}


def sdk_3(  # noqa: PLR0913, PLR0917 - as the SDK has it
    profile: str, service_ipv4: Json = None, service_ipv6: Json = None, device_ports: Json = None,
    service_ports: Json = None, duration: Json = None, notification_url: Json = None,
    notification_auth_token: Json = None,
) -> JsonObject:  # fmt: skip
    """What SDKs 3.0.0 to 3.1.0 make of it."""
    if not service_ipv4 and not service_ipv6:
        raise ValueError("an address is needed")
    body: JsonObject = {"qosProfile": profile, "applicationServer": server(service_ipv4, service_ipv6)}
    given = {"devicePorts": device_ports, "applicationServerPorts": service_ports, "duration": duration,
             "notificationUrl": notification_url}  # fmt: skip
    body |= {name: value for name, value in given.items() if value}
    return body | ({"notificationAuthToken": f"Bearer {notification_auth_token}"} if notification_auth_token else {})


def sdk_8(  # noqa: PLR0913, PLR0917 - as the SDK has it
    profile: str, duration: Json, service_ipv4: Json = None, service_ipv6: Json = None, device_ports: Json = None,
    service_ports: Json = None, sink: Json = None, sink_credential: Json = None,
) -> JsonObject:  # fmt: skip
    """What SDK 8.0.0 makes of it."""
    body = sdk_3(profile, service_ipv4, service_ipv6, device_ports, service_ports) | {"duration": duration}
    if sink:
        body["sink"] = sink
        if sink_credential:
            body["sinkCredential"] = sink_credential
    return body


def careful(profile: str, service_ipv4: str | None = None, service_ipv6: str | None = None) -> JsonObject:
    """A wrapper that looks at what it is given."""
    for value, mark in ((service_ipv4, "."), (service_ipv6, ":")):
        if value is not None and mark not in value:
            raise ValueError("no address")
    if "." in profile or ":" in profile:
        raise ValueError("no profile")
    return {"qosProfile": profile, "applicationServer": addressed(service_ipv4, service_ipv6)}


@pytest.mark.parametrize("callee", ALL, ids=str)
def test_calls_can_be_made_and_repeated(callee: Signature) -> None:
    @settings(ALONE)
    @given(session_arguments(signature=callee))
    def test(call: Call) -> None:
        assert call.body == callee.body(callee.bind(call.args, call.kwargs))
        assert eval(repr(call)) == call  # noqa: S307 - its own repr

    test()


@pytest.mark.parametrize(("version", "sdk"), [("3.1.0", sdk_3), ("8.0.0", sdk_8)])
def test_expected_body_is_what_such_an_sdk_sends(version: str, sdk: Callable[..., JsonObject]) -> None:
    objects = {"$.devicePorts": dict, "$.applicationServerPorts": dict, "$.sinkCredential": dict}

    @settings(ALONE)
    @given(session_arguments(signature=version, families=("ipv4", "ipv6", "both", "neither"), convert=objects))
    def test(call: Call) -> None:
        if call.body is None:
            with pytest.raises(ValueError, match="an address is needed"):
                sdk(*call.args, **call.kwargs)
        else:
            assert sdk(*call.args, **call.kwargs) == call.body

    test()


@pytest.mark.parametrize(
    ("families", "condition", "args", "kwargs"),
    [
        ("ipv4", lambda call: not call.kwargs, ("QOS_L", 60, IP4), {}),
        ("ipv6", lambda call: not call.kwargs, ("QOS_L", 60, None, IP6), {}),
        ("both", lambda call: not call.kwargs, ("QOS_L", 60, IP4, IP6), {}),
        ("neither", lambda call: not call.kwargs, ("QOS_L", 60), {}),
        ("ipv4", lambda call: not call.args, (), {"profile": "QOS_L", "duration": 60, "service_ipv4": IP4}),
        ("ipv6", lambda call: "service_ipv6" in call.kwargs, ("QOS_L", 60), {"service_ipv6": IP6}),
        ("ipv4", lambda call: set(call.kwargs) == {"service_ipv4"}, ("QOS_L", 60), {"service_ipv4": IP4}),
        ("ipv4", lambda call: len(call.args) > 6, ("QOS_L", 60, IP4, None, None, None, SINK), {}),
    ],
)  # fmt: skip
def test_every_split_comes_up(
    families: Families, condition: Callable[[Call], bool], args: tuple[Any, ...], kwargs: dict[str, Any]
) -> None:
    example = find(session_arguments(signature="8.0.0", families=[families]), condition, settings=SEARCH)
    assert (example.args, example.kwargs) == (args, kwargs)
    assert (example.body is None) is (families == "neither")


@pytest.mark.parametrize("callee", [signature for signature in ALL if signature.positional], ids=str)
def test_misordered_calls_say_what_is_wrong(callee: Signature) -> None:
    @settings(ALONE)
    @given(misordered_session_arguments(signature=callee))
    def test(call: Misordered) -> None:
        assert call.problems
        assert call.accepted == (Outcome(400, "INVALID_ARGUMENT"),)
        assert eval(repr(call)) == call  # noqa: S307 - its own repr

    test()


@pytest.mark.parametrize(
    ("version", "what", "args", "sent"),
    [
        ("3.1.0", "before the profile", (IP4, "QOS_L"),
         {"qosProfile": IP4, "applicationServer": {"ipv4Address": "QOS_L"}}),
        ("8.0.0", "before the profile", (IP4, 60, "QOS_L"),
         {"qosProfile": IP4, "duration": 60, "applicationServer": {"ipv4Address": "QOS_L"}}),
        ("3.1.0", "from 4.0.0", ("QOS_L", 60, IP4),
         {"qosProfile": "QOS_L", "applicationServer": {"ipv4Address": 60, "ipv6Address": IP4}}),
        ("8.0.0", "up to 3.1.0", ("QOS_L", IP4), None),
    ],
)  # fmt: skip
def test_the_mistakes_that_callers_make(
    version: str, what: str, args: tuple[Any, ...], sent: JsonObject | None
) -> None:
    values = misordered_session_arguments(signature=version)
    example = find(values, lambda call: what in call.what, settings=SEARCH)
    assert (example.args, example.kwargs, example.sent) == (args, {}, sent)


def test_two_addresses_in_the_old_order_are_sent_by_a_new_sdk() -> None:
    values = misordered_session_arguments(signature="8.0.0")
    example = find(values, lambda call: "up to 3.1.0" in call.what and call.sent is not None, settings=SEARCH)
    assert example.args == ("QOS_L", IP4, IP6)
    assert example.sent == {"qosProfile": "QOS_L", "duration": IP4, "applicationServer": {"ipv4Address": IP6}}
    assert example.problems == (f"duration {IP4!r} is no number of seconds", f"service_ipv4 {IP6!r} is no IPv4 address")
    assert [str(outcome) for outcome in example.accepted] == ["400 INVALID_ARGUMENT"]


def test_a_call_without_addresses_has_nothing_to_mix_up() -> None:
    def fixed(profile: str, duration: int) -> JsonObject:
        return {"qosProfile": profile, "duration": duration}

    with pytest.raises(SignatureError, match="no parameter for an address, so nothing to mix up; say which it is"):
        misordered_session_arguments(signature=fixed)


def test_sdk_10_is_called_wrongly_by_keyword() -> None:
    example = find(misordered_session_arguments(signature="10.0.0"), lambda call: True, settings=SEARCH)  # noqa: ARG005
    assert example.kwargs == {"qos_profile": IP4, "application_server": {"ipv4Address": "QOS_L"}}
    assert example.sent == {"qosProfile": IP4, "applicationServer": {"ipv4Address": "QOS_L"}}


def test_right_callables_pass() -> None:
    arguments_reach_the_wire(careful)
    arguments_reach_the_wire(sdk_8, also=["$.applicationServer.ipv4Address"], max_examples=50)
    arguments_reach_the_wire(
        sdk_3,
        leave_out=["notification_auth_token"],
        paths={"notification_url": "$.notificationUrl"},
        also=["$.applicationServer.ipv4Address"],  # a null
        max_examples=50,
    )
    misordered_arguments_are_refused(careful)


def test_a_callable_over_http_passes() -> None:
    with httpx.Client() as http:

        def at(url: str) -> Callable[..., None]:
            def create(qos_profile: str, ip: str, seconds: int = 600) -> None:
                family = "ipv6Address" if ":" in ip else "ipv4Address"
                body = {"qosProfile": qos_profile, "applicationServer": {family: ip}, "duration": seconds}
                assert http.post(f"{url}/sessions", json=body).json()["qosStatus"] == "AVAILABLE"

            return create

        arguments_reach_the_wire(at, max_examples=30)
        with pytest.raises(ArgumentsError) as caught:
            misordered_arguments_are_refused(at, max_examples=30)
    assert str(caught.value).splitlines() == [
        "create('198.51.100.1', 'QOS_L') sends a request",
        "  mixed up   the IP address stands before the profile",
        "  expected   ValueError or TypeError, and nothing sent",
        "  because    qos_profile '198.51.100.1' is an IP address",
        "  because    ip 'QOS_L' is no IP address",
        "  actual     {'qosProfile': '198.51.100.1', 'applicationServer': {'ipv4Address': 'QOS_L'}, 'duration': 600}",
    ]


def test_a_coroutine_function_and_a_capture_of_ones_own() -> None:
    captured: list[Json] = []
    loops: set[asyncio.AbstractEventLoop] = set()  # one for all calls, since clients keep connections

    async def create(profile: str, service_ipv4: str, *, duration: int) -> None:
        loops.add(asyncio.get_running_loop())
        captured.append(
            {"qosProfile": profile, "applicationServer": {"ipv4Address": service_ipv4}, "duration": duration}
        )

    arguments_reach_the_wire(create, sent=lambda: captured)
    assert len(loops) == 1


def test_what_does_not_arrive_is_shown_with_the_smallest_call() -> None:
    def forgetful(
        profile: str,
        duration: int,
        service_ipv4: str | None = None,
        service_ipv6: str | None = None,  # noqa: ARG001 - that is the mistake
    ) -> JsonObject:
        return {"qosProfile": profile, "duration": duration, "applicationServer": {"ipv4Address": service_ipv4}}

    with pytest.raises(ArgumentsError) as caught:
        arguments_reach_the_wire(forgetful)
    assert str(caught.value).splitlines() == [
        "forgetful('QOS_L', 60, None, '2001:db8::1') does not send what it is given",
        "  $.applicationServer.ipv4Address  expected nothing, got None",
        "  $.applicationServer.ipv6Address  expected '2001:db8::1', got nothing",
        "  expected body  {'qosProfile': 'QOS_L', 'duration': 60, 'applicationServer': {'ipv6Address': '2001:db8::1'}}",
        "  actual body    {'qosProfile': 'QOS_L', 'duration': 60, 'applicationServer': {'ipv4Address': None}}",
    ]


def test_a_call_that_raises_is_shown() -> None:
    def broken(profile: str, service_ipv4: str) -> JsonObject:
        raise KeyError(profile + service_ipv4)

    with pytest.raises(ArgumentsError) as caught:
        arguments_reach_the_wire(broken)
    assert str(caught.value).splitlines() == [
        "broken('QOS_L', '198.51.100.1') sends nothing",
        "  expected body  {'qosProfile': 'QOS_L', 'applicationServer': {'ipv4Address': '198.51.100.1'}}",
        "  actual         raised KeyError('QOS_L198.51.100.1')",
    ]


def test_a_callable_without_body_or_capture_is_told() -> None:
    def silent(profile: str, service_ipv4: str) -> str:
        return profile + service_ipv4

    with pytest.raises(TypeError) as caught:
        arguments_reach_the_wire(silent)
    assert (
        str(caught.value)
        == "silent returned str, which is no body; give a function of `url` that returns it, or `sent`"
    )


def test_parameters_that_go_elsewhere_keep_their_place() -> None:
    def create(profile: str, retries: int = 3, service_ipv4: str = "") -> JsonObject:
        assert retries == 3
        return {"qosProfile": profile, "applicationServer": {"ipv4Address": service_ipv4}}

    arguments_reach_the_wire(create, leave_out=["retries"])
    example = find(session_arguments(signature=signature_of(create)), lambda call: not call.kwargs, settings=SEARCH)
    assert example.args == ("QOS_L", 3, IP4)
