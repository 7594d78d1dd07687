"""Checks of rules that look at more than one place."""

from collections.abc import Iterator, Mapping
from itertools import pairwise
from math import ceil, floor

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
_SIZES = ("S", "M", "L")
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

    Compared are `QOS_…`, and each direction of `DOWNLINK_…_UPLINK_…`. No document says so; the names suggest it
    (`#/components/schemas/QosProfileName`).
    """
    return [violation for low, high, direction in _steps(profiles) for violation in _slower(low, high, direction)]


def _steps(profiles: Mapping[str, JsonObject]) -> Iterator[tuple[JsonObject, JsonObject, str]]:
    for small, large in pairwise(_SIZES):
        pairs = [(f"QOS_{small}", f"QOS_{large}", direction) for direction in _DIRECTIONS]
        for other in _SIZES:
            pairs.append((f"DOWNLINK_{small}_UPLINK_{other}", f"DOWNLINK_{large}_UPLINK_{other}", "Downstream"))
            pairs.append((f"DOWNLINK_{other}_UPLINK_{small}", f"DOWNLINK_{other}_UPLINK_{large}", "Upstream"))
        for low, high, direction in pairs:
            if low in profiles and high in profiles:
                yield profiles[low], profiles[high], direction


def _slower(low: JsonObject, high: JsonObject, direction: str) -> Iterator[Violation]:
    for template in _RATES:
        name = template.format(direction)
        less, more = _quantity(low, name, _BITS_PER_SECOND), _quantity(high, name, _BITS_PER_SECOND)
        if less is not None and more is not None and less > more:
            yield Violation(
                clause="",
                expected=f"{name} of {high['name']} at least that of {low['name']}, {low[name]}",
                actual=str(high[name]),
                path=f"$.{name}",
            )
