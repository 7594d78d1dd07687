"""Callables of all forms: the checks of arguments call them, or say in a line what is missing."""

import asyncio
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from functools import partial
from typing import Any

import httpx
import pytest

from pytest_nac_qod.foundation.jsontypes import JsonObject
from pytest_nac_qod.signatures import SignatureError
from pytest_nac_qod.strategies import arguments_reach_the_wire, misordered_arguments_are_refused
from tests.support.callers import FEW, body_of, checked, failure, posting, told


@pytest.fixture
def http() -> Iterator[httpx.Client]:
    with httpx.Client(trust_env=False) as client:
        yield client


def everything(profile: str, **kwargs: str) -> JsonObject:
    return {"qosProfile": profile, "applicationServer": {"ipv4Address": kwargs["service_ipv4"]}}


def nothing_named(*args: str) -> JsonObject:
    return body_of(*args)


def plain(profile: str, ip: str, seconds: int = 60) -> JsonObject:
    checked(profile, ip)
    return body_of(profile, ip, duration=seconds)


@pytest.mark.parametrize("check", [arguments_reach_the_wire, misordered_arguments_are_refused])
def test_arguments_without_names_are_told(check: Callable[..., None]) -> None:
    assert told(check, nothing_named) == (
        'nothing_named: *args: str do not say what they take; give signature=, a version such as "8.0.0" or a '
        "function with the same parameters"
    )
    assert "paths={'…': '$.applicationServer.ipv4Address'}" in told(check, everything)


def test_arguments_without_names_can_be_explained() -> None:
    ipv4 = {"service_ipv4": "$.applicationServer.ipv4Address"}
    assert told(arguments_reach_the_wire, everything, paths=ipv4).endswith("rest with leave_out=['kwargs']")
    arguments_reach_the_wire(everything, paths=ipv4, leave_out=["kwargs"], **FEW)
    arguments_reach_the_wire(nothing_named, signature=lambda profile, ip, /: (profile, ip), **FEW)


def test_names_that_are_no_parameters_are_told() -> None:
    assert told(arguments_reach_the_wire, plain, leave_out=["sseconds"]) == (
        "plain: leave_out names 'sseconds', which is no parameter of it"
    )
    assert told(arguments_reach_the_wire, plain, leave_out=["ip"]) == (
        "plain: leave_out names 'ip', which has no default; fix it with functools.partial"
    )
    assert told(arguments_reach_the_wire, plain, paths={"x": "$.sink"}) == (
        "plain: paths names 'x', which is no parameter of it"
    )


def bound(device: JsonObject, profile: str, ip: str) -> JsonObject:
    checked(profile, ip)
    return body_of(profile, ip, device=device)


def test_partials_work_or_are_told() -> None:
    for call in (
        partial(bound, {"phoneNumber": "+99999991000"}),
        partial(plain, seconds=60),
        partial(plain, profile="QOS_L"),
        partial(partial(bound, device={}), ip="192.0.2.1"),
    ):
        arguments_reach_the_wire(call, **FEW)
    misordered_arguments_are_refused(partial(bound, {}), **FEW)
    assert told(arguments_reach_the_wire, partial(plain, "QOS_L")) == (
        "plain: functools.partial gives the profile by position; give it by name, or pass plain"
    )


def test_factories_may_call_their_parameter_what_they_like(http: httpx.Client) -> None:
    arguments_reach_the_wire(lambda base_url: posting(http)(f"{base_url}/v1"), **FEW)
    arguments_reach_the_wire(lambda *, endpoint, timeout=5: (timeout, posting(http)(endpoint))[1], **FEW)

    class Client:
        def __init__(self, base: str) -> None:
            self.base = base

    assert told(arguments_reach_the_wire, Client) == (
        "Client returns Client, which cannot be called; it has to return what creates sessions, such as a bound method"
    )


async def slow(profile: str, ip: str) -> JsonObject:
    await asyncio.sleep(0)
    return body_of(profile, ip)


async def careful_and_slow(profile: str, ip: str) -> JsonObject:
    await asyncio.sleep(0)
    return plain(profile, ip) | {"duration": 60}


def test_checks_run_inside_an_event_loop() -> None:
    async def test() -> None:
        await asyncio.sleep(0)
        arguments_reach_the_wire(slow, **FEW)
        misordered_arguments_are_refused(careful_and_slow, **FEW)
        arguments_reach_the_wire(plain, **FEW)

    asyncio.run(test())


def test_async_clients_and_factories_work() -> None:
    async def at(url: str) -> Callable[[str, str], Any]:
        async def create(profile: str, ip: str) -> None:
            checked(profile, ip)
            async with httpx.AsyncClient(base_url=url, trust_env=False) as http:
                await http.post("/sessions", json=body_of(profile, ip))

        return create

    arguments_reach_the_wire(at, **FEW)
    misordered_arguments_are_refused(at, **FEW)
    assert failure(misordered_arguments_are_refused, slow)[0] == "slow('198.51.100.1', 'QOS_L') sends a request"


def test_a_callable_whose_parameters_cannot_be_read_is_told() -> None:
    assert "its parameters cannot be read" in told(arguments_reach_the_wire, dict)


def test_what_is_no_callable_is_told() -> None:
    said = told(arguments_reach_the_wire, "8.0.0")  # type: ignore[arg-type]
    assert said == "'8.0.0' cannot be called; give a function that creates sessions, or one of `url`"


def test_what_returns_no_body_is_told_in_a_line() -> None:
    def create(profile: str, ip: str) -> Iterator[JsonObject]:
        yield body_of(profile, ip)

    for check in (arguments_reach_the_wire, misordered_arguments_are_refused):
        with pytest.raises(SignatureError) as caught:
            check(create, **FEW)
        assert str(caught.value).startswith("create returned generator, which is no body; ")
        assert not getattr(caught.value, "__notes__", [])


def test_a_method_without_its_object_is_told() -> None:
    class Client:
        def create(self, profile: str, ip: str) -> JsonObject:
            return body_of(profile, ip)

    assert told(arguments_reach_the_wire, Client.create) == (
        "Client.create: parameter 'self': a method without its object; pass the bound one, such as Client(…).create"
    )
    arguments_reach_the_wire(Client().create, **FEW)


def test_factories_that_do_not_get_that_far_are_told(http: httpx.Client) -> None:
    def configured(url: str) -> Callable[..., Any]:
        raise RuntimeError(f"no configuration for {bool(url)}")

    assert told(arguments_reach_the_wire, configured) == (
        "configured has one parameter, so it was called with a URL, and raised RuntimeError('no configuration for "
        "True'); it has to return what creates sessions, and that has to take profile and address each by itself"
    )

    def keyed(base_url: str, key: str) -> Callable[..., Any]:
        assert key
        return posting(http)(base_url)

    assert told(misordered_arguments_are_refused, keyed) == (
        "keyed: parameter 'base_url': a factory takes the URL alone; fix its other parameters with functools.partial"
    )
    misordered_arguments_are_refused(partial(keyed, key="key"), **FEW)


def test_factories_may_be_context_managers(http: httpx.Client) -> None:
    closed = []

    @contextmanager
    def at(url: str) -> Iterator[Callable[..., Any]]:
        yield posting(http)(url)
        closed.append("plain")

    @asynccontextmanager
    async def later(url: str) -> AsyncIterator[Callable[..., Any]]:
        await asyncio.sleep(0)
        yield posting(http)(url)
        closed.append("async")

    arguments_reach_the_wire(at, **FEW)
    misordered_arguments_are_refused(later, **FEW)
    assert closed == ["plain", "async"]


def test_a_partial_with_a_dict_can_be_mixed_up() -> None:
    def create(profile: str, ip: str, device: JsonObject) -> JsonObject:
        checked(profile, ip)
        return body_of(profile, ip, device=device)

    misordered_arguments_are_refused(partial(create, device={"phoneNumber": "+99999991000"}), **FEW)
