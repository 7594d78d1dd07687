"""Checks of rules that look at more than one place."""

from collections.abc import Iterator, Mapping
from itertools import pairwise
from math import ceil, floor

from pytest_nac_qod import labels
from pytest_nac_qod.checks.answer import answered, body_of, broken, error_object, quoted
from pytest_nac_qod.contracts import Contract
from pytest_nac_qod.foundation.jsontypes import Json, JsonObject
from pytest_nac_qod.foundation.values import moment, whole
from pytest_nac_qod.verdicts import Violation
from pytest_nac_qod.wire.exchange import Exchange

_MAY_CHANGE = frozenset({"qosStatus", "status", "statusInfo", "sinkCredential"})
_MAY_APPEAR = frozenset({"startedAt", "expiresAt"})
_KEPT = {"device": "identifier_kept"}  # names of what may change, and what that rests on


def unchanged(before: JsonObject, after: JsonObject) -> list[Violation]:
    """A resource is shown as before but for its status and, once it has ended, its duration; times may appear.

    Which identifier of the device is shown may change, and the duration of what was REQUESTED.
    """
    requested = "REQUESTED" in {before.get(name) for name in ("qosStatus", "status")}
    may_change = _MAY_CHANGE | ({"duration", "expiresAt"} if after.get("qosStatus") == "UNAVAILABLE" else set())
    names = (before.keys() | after.keys()) - may_change
    appeared = _MAY_APPEAR if requested else _MAY_APPEAR - before.keys()
    kept = {**_KEPT, "duration": "duration_kept"} if requested else _KEPT
    return [
        Violation(
            clause="",
            expected=f"$.{name} {_shown(before, name)} as in the answer to the creation",
            actual=_shown(after, name),
            path=f"$.{name}",
            basis=kept.get(name, "value_kept"),
        )
        for name in sorted(names - appeared)
        if not same(before.get(name), after.get(name)) or (name in before) != (name in after)
    ]


def same(value: Json, other: Json) -> bool:
    """Whether two values are equal, times by what they mean."""
    return value == other or (moment(value) is not None and moment(value) == moment(other))


def _shown(session: JsonObject, name: str) -> str:
    return quoted(repr(session[name])) if name in session else "absent"


def error_shape(exchange: Exchange, contract: Contract) -> list[Violation]:
    """The body of an error is an error object in JSON, whatever the request was; it may have none."""
    response = answered(exchange)
    if not response.body:
        return []
    media = (response.header("content-type") or "").split(";")[0].strip().lower()
    if media != "application/json":
        return [
            Violation(
                clause="",
                expected="Content-Type: application/json",
                actual=f"Content-Type: {quoted(media)}",
                basis="undocumented_error_object",
            )
        ]
    body = body_of(response)
    errors = contract.validate_as(body, "#/components/schemas/ErrorInfo", direction="response")
    return broken(errors, contract) + error_object(body, response, contract)


# profiles

_SECONDS: Mapping[str, float] = {
    "Days": 86400,
    "Hours": 3600,
    "Minutes": 60,
    "Seconds": 1,
    "Milliseconds": 1e-3,
    "Microseconds": 1e-6,
    "Nanoseconds": 1e-9,
}
_BITS_PER_SECOND: Mapping[str, int] = {"bps": 1, "kbps": 10**3, "Mbps": 10**6, "Gbps": 10**9, "Tbps": 10**12}
_RATES = ("targetMin{}Rate", "max{}Rate", "max{}BurstRate")  # each at most the next one
_DIRECTIONS = ("Upstream", "Downstream")
_STREAMS = {"downlink": "Downstream", "uplink": "Upstream"}
_BEYOND = 2**63  # what the schema has ruled out, and no float can hold for sure


def _quantity(profile: JsonObject, name: str, units: Mapping[str, float]) -> float | None:
    """The value of a duration in seconds, or of a rate in bit/s; None if it is absent or malformed."""
    quantity: Json = profile.get(name)
    if not isinstance(quantity, dict):
        return None
    value, unit = whole(quantity.get("value")), quantity.get("unit")
    if value is None or abs(value) >= _BEYOND or not isinstance(unit, str) or unit not in units:
        return None
    return value * units[unit]


def seconds(profile: JsonObject, name: str) -> float | None:
    """`minDuration` or `maxDuration` of a profile in seconds; None if it is absent or malformed."""
    return _quantity(profile, name, _SECONDS)


def allowed_duration(profile: JsonObject, wanted: int) -> int:
    """`wanted` seconds, or the nearest whole number of seconds within the bounds of the profile."""
    shortest, longest = (_quantity(profile, name, _SECONDS) for name in ("minDuration", "maxDuration"))
    return max(ceil(shortest or 1), min(wanted, floor(longest or wanted)))


def _ascending(profile: JsonObject, names: tuple[str, ...], units: Mapping[str, float]) -> Iterator[Violation]:
    known = [(name, value) for name in names if (value := _quantity(profile, name, units)) is not None]
    for (low, least), (high, most) in pairwise(known):
        if least > most:
            yield Violation(
                clause="",
                expected=f"profile {quoted(str(profile.get('name')))}: {low} at most {high} {profile[high]}",
                actual=str(profile[low]),
                path=f"$.{low}",
            )


def duration_bounds(profile: JsonObject) -> list[Violation]:
    """`minDuration` is at most `maxDuration`, compared in seconds (`qos-profiles#/components/schemas/QosProfile`)."""
    return list(_ascending(profile, ("minDuration", "maxDuration"), _SECONDS))


def rates(profile: JsonObject) -> list[Violation]:
    """Minimum rate, maximum rate and burst rate are in ascending order in each direction, compared in bit/s.

    Clauses: `targetMinUpstreamRate`, `maxUpstreamRate`, `maxUpstreamBurstRate` and their downstream counterparts in
    `qos-profiles#/components/schemas/QosProfile/properties`.
    """
    return [
        violation
        for direction in _DIRECTIONS
        for violation in _ascending(profile, tuple(name.format(direction) for name in _RATES), _BITS_PER_SECOND)
    ]


def ladder(profiles: Mapping[str, JsonObject]) -> list[Violation]:
    """Labels are in order: S is not faster than M, nor M than L, in bit/s.

    Compared are labels one size apart, `QOS_…` and each direction of `DOWNLINK_…_UPLINK_…`. No document says so;
    the names suggest it (`#/components/schemas/QosProfileName`).
    """
    return [violation for low, high, direction in _steps(profiles) for violation in _slower(low, high, direction)]


def _steps(profiles: Mapping[str, JsonObject]) -> Iterator[tuple[JsonObject, JsonObject, str]]:
    for low, high, directions in labels.steps():
        if low.name in profiles and high.name in profiles:
            for direction in directions:
                yield profiles[low.name], profiles[high.name], _STREAMS[direction]


def _slower(low: JsonObject, high: JsonObject, direction: str) -> Iterator[Violation]:
    for template in _RATES:
        name = template.format(direction)
        less, more = _quantity(low, name, _BITS_PER_SECOND), _quantity(high, name, _BITS_PER_SECOND)
        if less is not None and more is not None and less > more:
            wanted = f"{name} of {high['name']} at least that of {low['name']}, {low[name]}"
            yield Violation(
                clause="",
                expected=f"{wanted}; {_meanings(low, high)}",
                actual=str(high[name]),
                path=f"$.{name}",
            )


def _meanings(*profiles: JsonObject) -> str:
    """What the labels say, for those who do not know them by heart."""
    known = (labels.label(profile["name"]) for profile in profiles)
    return ", ".join(f"{label.name} is {label.text}" for label in known if label)
