"""Signatures of the SDKs and of callables, and the bodies that their arguments make."""

import re
from collections.abc import Callable
from typing import Any

import pytest

from pytest_nac_qod.signatures import SignatureError, signature, signature_of, signatures

RELEASED = [
    ["1.0.0", "1.0.1", "2.0.0", "2.1.0", "2.2.0", "2.2.1"],
    ["2.2.2"],
    ["3.0.0", "3.0.1", "3.1.0"],
    ["4.0.0"],
    ["4.0.1", "4.1.0", "5.0.0", "5.1.0", "5.1.1", "5.2.0", "5.2.1", "6.0.0", "6.1.0", "6.2.0", "7.0.0"],
    ["8.0.0"],
    ["10.0.0"],
]
PORTS = {"ports": [443]}


def test_every_released_version_has_its_signature() -> None:
    for expected, versions in zip(signatures(), RELEASED, strict=True):
        assert [signature(version) for version in versions] == [expected] * len(versions)


@pytest.mark.parametrize(
    ("version", "args", "kwargs", "body"),
    [
        ("2.2.0", ("QOS_L", "198.51.100.7"), {"notification_auth_token": "t"},
         {"qosProfile": "QOS_L", "applicationServer": {"ipv4Address": "198.51.100.7"}, "devicePorts": None,
          "applicationServerPorts": None, "notificationAuthToken": "Bearer t"}),
        ("2.2.2", ("QOS_L", None, "2001:db8::1", PORTS), {},
         {"qosProfile": "QOS_L", "applicationServer": {"ipv4Address": None, "ipv6Address": "2001:db8::1"},
          "devicePorts": {"ranges": [], "ports": [443]}}),
        ("4.0.0", ("QOS_L", 60, "198.51.100.7"), {"notification_url": "https://example.com"},
         {"qosProfile": "QOS_L", "duration": 60, "applicationServer": {"ipv4Address": "198.51.100.7"},
          "notificationUrl": "https://example.com"}),
        ("5.2.1", ("QOS_L", 60, "198.51.100.7"), {"notification_auth_token": "t"},
         {"qosProfile": "QOS_L", "duration": 60, "applicationServer": {"ipv4Address": "198.51.100.7"}}),
        ("7.0.0", ("QOS_L", 60, "198.51.100.7", None, None, None, "https://example.com", "t"), {},
         {"qosProfile": "QOS_L", "duration": 60, "applicationServer": {"ipv4Address": "198.51.100.7"},
          "webhook": {"notificationUrl": "https://example.com", "notificationAuthToken": "Bearer t"}}),
        ("8.0.0", ("QOS_L", 60), {"service_ipv4": "198.51.100.7", "sink": "https://e.example", "service_ports": PORTS},
         {"qosProfile": "QOS_L", "duration": 60, "applicationServer": {"ipv4Address": "198.51.100.7"},
          "sink": "https://e.example", "applicationServerPorts": PORTS}),
        ("10.0.0", (), {"qos_profile": "QOS_L", "application_server": {"ipv4Address": "198.51.100.7"}, "duration": 60},
         {"qosProfile": "QOS_L", "duration": 60, "applicationServer": {"ipv4Address": "198.51.100.7"}}),
    ],
)  # fmt: skip
def test_body_is_what_that_version_sends(
    version: str, args: tuple[Any, ...], kwargs: dict[str, Any], body: dict[str, Any]
) -> None:
    callee = signature(version)
    assert callee.body(callee.bind(args, kwargs)) == body


def test_old_order_with_a_new_version_sends_the_address_as_duration() -> None:
    callee = signature("4.0.0")
    assert callee.body(callee.bind(("QOS_L", "198.51.100.7", "2001:db8::1"), {})) == {
        "qosProfile": "QOS_L",
        "duration": "198.51.100.7",
        "applicationServer": {"ipv4Address": "2001:db8::1"},
    }


def test_typescript_has_positions_first_and_options_later() -> None:
    old, new, generated = signatures("typescript")
    assert [parameter.name for parameter in old.positional][:2] == ["profile", "serviceIpv4"]
    assert [parameter.name for parameter in new.positional] == ["profile"]
    assert generated.positional == ()


@pytest.mark.parametrize(
    ("args", "kwargs", "message"),
    [
        ((), {}, "device.create_qod_session() missing required argument: 'profile'"),
        (("QOS_L",), {"profile": "QOS_L"}, "device.create_qod_session() got multiple values for argument 'profile'"),
        (("QOS_L",), {"colour": 1}, "device.create_qod_session() got an unexpected keyword argument 'colour'"),
        ((1,) * 9, {}, "device.create_qod_session() takes 8 positional arguments but 9 were given"),
    ],
)
def test_calls_that_python_refuses_are_refused(args: tuple[Any, ...], kwargs: dict[str, Any], message: str) -> None:
    with pytest.raises(TypeError, match=re.escape(message)):
        signature("3.1.0").bind(args, kwargs)


def test_unknown_version_is_told() -> None:
    with pytest.raises(SignatureError, match="python SDK 9: no such version; known: "):
        signature("9")


def create(qos_profile: str, /, server_ip: str, *, seconds: int = 60, retries: int = 3) -> None:
    """A user's own."""


def test_a_callable_is_read() -> None:
    callee = signature_of(create)
    assert str(callee) == "create"
    assert [
        (parameter.name, parameter.path, parameter.required, parameter.positional, parameter.named)
        for parameter in callee.parameters
    ] == [
        ("qos_profile", "$.qosProfile", True, True, False),
        ("server_ip", "$.applicationServer.*", True, True, True),
        ("seconds", "$.duration", False, False, True),
        ("retries", "", False, False, True),
    ]
    for family, address in (("ipv4Address", "198.51.100.7"), ("ipv6Address", "2001:db8::1")):
        body = callee.body(callee.bind(("QOS_L", address), {"seconds": 30}))
        assert body == {"qosProfile": "QOS_L", "applicationServer": {family: address}, "duration": 30}
    assert callee.body(callee.bind(("QOS_L", "198.51.100.7"), {}))["duration"] == 60


def unclear(p: str, a: str) -> None:
    """Names that do not speak."""


def colourful(profile: str, colour: str) -> None:
    """A parameter that no body has."""


def profileless(duration: int) -> None:
    """No profile."""


def test_names_that_do_not_speak_are_given() -> None:
    callee = signature_of(unclear, paths={"p": "$.qosProfile", "a": "$.applicationServer.*"})
    assert [parameter.name for parameter in callee.parameters] == ["p", "a"]


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (
            colourful,
            (
                "colourful: parameter 'colour': not clear where it goes in the body; "
                "say it with paths={'colour': '$.…'} or fix it with functools.partial"
            ),
        ),
        (profileless, "profileless: no parameter for the profile; say which with paths={'…': '$.qosProfile'}"),
    ],
)
def test_a_callable_that_is_not_understood_is_told(call: Callable[..., object], message: str) -> None:
    with pytest.raises(SignatureError) as caught:
        signature_of(call)
    assert str(caught.value) == message
