"""Whether the target knows the devices and profiles of its file; nothing is created."""

from collections.abc import Callable, Mapping
from typing import Any

import httpx

from pytest_nac_qod.checks.answer import described
from pytest_nac_qod.foundation.jsontypes import Json, JsonObject
from pytest_nac_qod.preflight.finding import Finding, Level
from pytest_nac_qod.target import Profile
from pytest_nac_qod.target.tokens import TokenError
from pytest_nac_qod.wire.client import Answer, QodClient

LISTING = "retrieveSessionsByDevice"
READING = "getQosProfile"
# What listing the sessions of a device has to be answered with, by role; 200 alone where a session could be made.
_ANSWERS = {"not_found": (404,), "not_applicable": (422,), "unsupported": (422,), "mismatched": (200, 422)}
_STATUSES = {"inactive": ("INACTIVE", "DEPRECATED"), "deprecated": ("DEPRECATED",)}
_UNITS = {"Milliseconds": 0.001, "Seconds": 1.0, "Minutes": 60.0, "Hours": 3600.0, "Days": 86400.0}  # seconds


def device(client: QodClient, role: str, named: JsonObject) -> list[Finding]:
    """List the sessions of one device; of the token's own for `three_legged`."""
    about = f"devices.{role}"
    body: JsonObject = {} if role == "three_legged" else {"device": named}
    answer = _asked(about, lambda: client.call(LISTING, body=body))
    return [answer if isinstance(answer, Finding) else _device(about, role, answer)]


def _device(about: str, role: str, answer: Answer[Any]) -> Finding:
    expected = _ANSWERS.get(role, (200,))
    said = described(answer.exchange)
    if answer.status in (401, 403):
        return Finding("fail", about, f"answered {said}; is the token valid, with its scopes?")
    if answer.status not in expected:
        level: Level = "fail" if role == "default" else "warn"
        wanted = " or ".join(map(str, expected))
        return Finding(level, about, f"answered {said}, expected {wanted}; is it the right device for this role?")
    sessions = answer.body
    if expected == (200,) and isinstance(sessions, list) and sessions:
        return Finding("warn", about, f"has {len(sessions)} sessions already; a run needs a device without sessions")
    return Finding(
        "ok", about, "known, without sessions" if expected == (200,) else f"answered {said}, as it should be"
    )


def profile(client: QodClient, role: str, named: Profile) -> list[Finding]:
    """Read one profile, and hold its status and its bounds against the target file."""
    about = f"profiles.{role}"
    answer = _asked(about, lambda: client.call(READING, path={"name": named.name}))
    return [answer if isinstance(answer, Finding) else _profile(about, role, named, answer)]


def _profile(about: str, role: str, configured: Profile, answer: Answer[Any]) -> Finding:
    said = described(answer.exchange)
    if role == "unknown":
        good = answer.status == 404
        text = "does not exist, as it should be" if good else f"answered {said}, expected 404; give another name"
        return Finding("ok" if good else "warn", about, f"{configured.name} {text}")
    if answer.status != 200 or not isinstance(answer.body, dict):
        level: Level = "fail" if role == "default" else "warn"
        return Finding(level, about, f"{configured.name}: answered {said}, expected 200; is the name right?")
    status: Json = answer.body.get("status")
    expected = _STATUSES.get(role, ("ACTIVE",))
    if status not in expected:
        return Finding("warn", about, f"{configured.name} is {status}, expected {' or '.join(expected)}")
    wrong = [text for text in (_bound(answer.body, configured, which) for which in ("min", "max")) if text]
    if wrong and role == "default":
        return Finding("warn", about, f"{configured.name}: {' and '.join(wrong)} in the target file")
    return Finding("ok", about, f"{configured.name} is {status}")


def _bound(theirs: Mapping[str, Json], ours: Profile, which: str) -> str:
    """What to mend when a bound of the duration is not the target's; empty when it is, or the target has none."""
    told = seconds(theirs.get(f"{which}Duration"))
    given = getattr(ours, f"{which}_duration")
    return "" if told is None or told == given else f"set {which}_duration = {told}"


def seconds(duration: Json) -> int | None:
    """A `Duration` of the contract in whole seconds; None if it is malformed or its unit is too small."""
    if not isinstance(duration, dict):
        return None
    value, unit = duration.get("value"), _UNITS.get(str(duration.get("unit")))
    return round(value * unit) if isinstance(value, int | float) and unit else None


def _asked(about: str, ask: Callable[[], Answer[Any]]) -> Answer[Any] | Finding:
    try:
        return ask()
    except TokenError:
        return Finding("skip", about, "not looked up without a token")
    except httpx.TransportError as error:
        return Finding("fail", about, f"not looked up: {type(error).__name__}: {error}")
