"""The embedded network with the devices and profiles of a target file, to stand in for that target."""

from collections.abc import Iterator
from dataclasses import replace

from pytest_nac_qod.reference.devices import owner
from pytest_nac_qod.reference.offers import OfferedProfile
from pytest_nac_qod.reference.world import KnownDevice, World
from pytest_nac_qod.target import ALL_IDENTIFIER_TYPES, Target

_NOBODY = ("mismatched", "not_found", "unsupported")  # roles that are no device of their own
_SAME = {"alias": "default"}  # role by which the embedded network knows a device


def in_guise(seeds: World, own: Target, target: Target) -> World:
    """The network that `own` describes, as `target` describes its own: roles stay, names and identifiers change."""
    pool = {f"lent-{number}": KnownDevice(f"lent-{number}", device) for number, device in enumerate(target.pool)}
    devices = {**dict(_devices(seeds, own, target)), **pool}
    profiles = dict(_profiles(seeds, own, target))
    return replace(
        seeds,
        devices={**devices, **{name: device for name, device in seeds.devices.items() if name not in devices}},
        profiles={**seeds.profiles, **profiles},
        unsupported_identifiers=_unsupported(target),
    )


def _devices(seeds: World, own: Target, target: Target) -> Iterator[tuple[str, KnownDevice]]:
    known: dict[str, KnownDevice] = {}
    for role, identifiers in target.devices.items():
        like = own.devices.get(_SAME.get(role, role))
        if like is None or role in _NOBODY:
            continue
        held = next(filter(None, (owner(seeds, name, value) for name, value in like.items())))
        before = known[held.name].identifiers if held.name in known else {}
        known[held.name] = replace(held, identifiers={**before, **identifiers})
    yield from known.items()


def _profiles(seeds: World, own: Target, target: Target) -> Iterator[tuple[str, OfferedProfile]]:
    for role, profile in target.profiles.items():
        like = seeds.profiles.get(own.profiles[role].name) if role in own.profiles else None
        if like is not None:
            yield (
                profile.name,
                replace(
                    like,
                    name=profile.name,
                    attributes={**like.attributes, "name": profile.name},
                    min_duration=profile.min_duration or like.min_duration,
                    max_duration=profile.max_duration or like.max_duration,
                ),
            )


def _unsupported(target: Target) -> frozenset[str]:
    declared = frozenset(target.devices.get("unsupported", {}))
    return declared or ALL_IDENTIFIER_TYPES - target.identifier_types
