"""The profiles that the embedded network offers."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from pytest_nac_qod.foundation.jsontypes import JsonObject

_UNITS = (("Days", 86400), ("Hours", 3600), ("Minutes", 60), ("Seconds", 1))


@dataclass(frozen=True, slots=True)
class OfferedProfile:
    """A QoS profile; bounds of the duration in seconds, both included.

    Attributes:
        restricted: whether it is offered to some devices only.
        attributes: all that is shown of it, by the names of the API.
    """

    name: str
    min_duration: int
    max_duration: int
    status: str
    restricted: bool
    attributes: JsonObject


@cache
def profiles() -> Mapping[str, OfferedProfile]:
    """The profiles of profiles.toml by name."""
    content = tomllib.loads(files(__package__).joinpath("profiles.toml").read_text(encoding="utf-8"))
    entries = {name: {**content["defaults"], **entry} for name, entry in content["profiles"].items()}
    return {
        name: OfferedProfile(
            name,
            entry["min_duration"],
            entry["max_duration"],
            entry["status"],
            entry.get("restricted", False),
            _attributes(name, entry, content["rates"]),
        )
        for name, entry in entries.items()
    }


def _attributes(name: str, entry: JsonObject, rates: JsonObject) -> JsonObject:
    return {
        "name": name,
        "description": entry["description"],
        "status": entry["status"],
        "countryAvailability": entry["countries"],
        **_rates("Upstream", rates["upstream"][entry["upstream"]]),
        **_rates("Downstream", rates["downstream"][entry["downstream"]]),
        "minDuration": _duration(entry["min_duration"]),
        "maxDuration": _duration(entry["max_duration"]),
        "priority": entry["priority"],
        "packetDelayBudget": _quantity(entry["delay"]),
        "jitter": _quantity(entry["jitter"]),
        "packetErrorLossRate": entry["loss"],
        "l4sQueueType": entry["queue"],
        "serviceClass": entry["service_class"],
    }


def _rates(direction: str, rates: JsonObject) -> JsonObject:
    return {
        f"targetMin{direction}Rate": _quantity(rates["target_min"]),
        f"max{direction}Rate": _quantity(rates["max"]),
        f"max{direction}BurstRate": _quantity(rates["burst"]),
    }


def _quantity(text: str) -> JsonObject:
    value, _, unit = text.partition(" ")
    return {"value": int(value), "unit": unit}


def _duration(seconds: int) -> JsonObject:
    """Seconds in the largest unit that has a whole number of them."""
    unit, size = next((unit, size) for unit, size in _UNITS if seconds % size == 0)
    return {"value": seconds // size, "unit": unit}
