"""The devices of a target that sessions can be created for at the same time: its own, and those of the pool."""

from collections.abc import Iterator
from dataclasses import replace

from pytest_nac_qod.foundation.jsontypes import JsonObject
from pytest_nac_qod.target.model import Target

_EVERYWHERE = ("idle", "restricted", "without_profiles", "not_found", "not_applicable", "unsupported")  # only asked for
_BOUND = "three_legged"  # to a device of its own


def places(target: Target) -> tuple[Target, ...]:
    """The target as it is at each of its places: as it is, and with each device of the pool in place of the default.

    At a device of the pool there is no role that is one of a kind; `several` is the device itself, where it has more
    identifiers than the default one.
    """
    return (target, *(_at(target, device) for device in target.pool))


def known_devices(target: Target) -> Iterator[JsonObject]:
    """Every device that a request may name, as it is named."""
    for place in places(target):
        yield from place.devices.values()


def _at(target: Target, device: JsonObject) -> Target:
    plain = {name: device[name] for name in target.devices["default"] if name in device} or device
    devices = {role: target.devices[role] for role in _EVERYWHERE if role in target.devices} | {"default": plain}
    if len(device) > len(plain):
        devices["several"] = device
    tokens = {role: source for role, source in target.tokens.items() if role != _BOUND}
    return replace(target, devices=devices, tokens=tokens, pool=())
