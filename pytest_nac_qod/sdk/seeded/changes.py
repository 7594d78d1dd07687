"""Wrong functions for the model client, made from the right ones."""

from collections.abc import Callable
from typing import Any

from pytest_nac_qod.foundation.jsontypes import Json, JsonObject
from pytest_nac_qod.sdk.seeded.model import Arguments

Override = Callable[[Any], Callable[..., Any]]
Change = Callable[[JsonObject], JsonObject]


def arguments(change: Callable[[Arguments], Arguments]) -> Override:
    """Wrong arguments, after they were bound right and looked at."""

    def override(right: Callable[[Arguments, JsonObject], JsonObject]) -> Callable[[Arguments, JsonObject], JsonObject]:
        return lambda given, device: right(change(dict(given)), device)

    return override


def body(change: Change) -> Override:
    """A wrong body."""

    def override(right: Callable[[Arguments, JsonObject], JsonObject]) -> Callable[[Arguments, JsonObject], JsonObject]:
        return lambda given, device: change(right(given, device))

    return override


def result(change: Callable[[Json], Json]) -> Override:
    """A wrong result."""
    return lambda right: lambda *given: change(right(*given))


def swapped(one: str, other: str) -> Callable[[Arguments], Arguments]:
    """Two arguments, each in the place of the other."""

    def change(given: Arguments) -> Arguments:
        names = {one: other, other: one}
        return {names.get(name, name): value for name, value in given.items()}

    return change


def changed(name: str, change: Callable[[Any], Any]) -> Change:
    """A property with another value, where it is there."""
    return lambda body: {**body, name: change(body[name])} if name in body else body


def device(change: Change) -> Change:
    """A wrong device."""
    return changed("device", change)


def addresses(change: Callable[[str], str]) -> Change:
    """Wrong addresses of the application server."""
    return server(lambda given: {name: change(text) for name, text in given.items()})


def renamed(before: str, after: str) -> Change:
    """A property by another name."""
    return lambda body: {after if name == before else name: value for name, value in body.items()}


def without(*names: str) -> Change:
    """These properties left out."""
    return lambda body: {name: value for name, value in body.items() if name not in names}


def bound_in(order: tuple[str, ...]) -> Override:
    """Positional arguments bound in another order."""
    return lambda right: lambda args, kwargs: right([], {**dict(zip(order, args, strict=False)), **kwargs})


def ports(change: Change) -> Change:
    """Wrong ports, of device and service."""

    def wrong(body: JsonObject) -> JsonObject:
        return {name: change(one) if name.endswith("Ports") else one for name, one in body.items()}

    return wrong


def server(change: Change) -> Change:
    """A wrong application server."""
    return lambda body: {**body, "applicationServer": change(body["applicationServer"])}


def credential(change: Change) -> Change:
    """A wrong credential of the sink."""

    def wrong(body: JsonObject) -> JsonObject:
        given = body.get("sinkCredential")
        return {**body, "sinkCredential": change(given)} if given else body

    return wrong


def label(text: Callable[[str], str]) -> Change:
    """Another name of a profile."""
    return lambda body: {**body, "qosProfile": text(body["qosProfile"])}


def portless(device: JsonObject) -> JsonObject:
    """A device without its public port."""
    address = device.get("ipv4Address")
    return {**device, "ipv4Address": without("publicPort")(address)} if address else device
