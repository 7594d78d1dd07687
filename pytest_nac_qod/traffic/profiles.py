"""Rules on QoS profiles, and the bounds of durations that they tell."""

from collections import OrderedDict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from math import ceil, floor
from urllib.parse import parse_qsl, urlsplit

from pytest_nac_qod.checks import answer as checks
from pytest_nac_qod.checks import rules
from pytest_nac_qod.foundation.jsontypes import Json, JsonObject
from pytest_nac_qod.traffic.seen import ApiCall
from pytest_nac_qod.traffic.tally import Tally
from pytest_nac_qod.verdicts import Violation

_NAME = "#/components/schemas/QosProfileName"
PROFILES = 1000  # profiles that are remembered
_Range = tuple[int | None, int | None]


@dataclass(slots=True)
class Bounds:
    """The shortest and the longest duration of each profile in seconds; the widest of all that were shown."""

    _known: OrderedDict[str, _Range] = field(default_factory=OrderedDict)
    _extremes: OrderedDict[str, dict[str, tuple[int, ApiCall]]] = field(default_factory=OrderedDict)
    _unlisted: OrderedDict[str, ApiCall] = field(default_factory=OrderedDict)
    _listed: OrderedDict[str, tuple[ApiCall, JsonObject, bool]] = field(default_factory=OrderedDict)
    _statuses: OrderedDict[str, str] = field(
        default_factory=OrderedDict
    )  # status of those that no device was named for
    _of_status: OrderedDict[str, tuple[ApiCall, frozenset[str]]] = field(default_factory=OrderedDict)

    def of(self, api: str, name: Json) -> _Range:
        """Those of a profile, None where nothing is known; assignments have no duration."""
        if api != "quality-on-demand" or not isinstance(name, str):
            return None, None
        return self._known.get(name, (None, None))

    def note(self, call: ApiCall, name: Json, seconds: int, how: str) -> None:
        """Remember the shortest and the longest duration with a profile that was asked for and accepted, or granted."""
        if not isinstance(name, str):
            return
        extremes = self._extremes.setdefault(name, {})
        for which, further in (("shortest", min), ("longest", max)):
            key = f"{which} {how}"
            if key not in extremes or further(seconds, extremes[key][0]) != extremes[key][0]:
                extremes[key] = (seconds, call)
        while len(self._extremes) > PROFILES:
            self._extremes.popitem(last=False)

    def without(self, call: ApiCall, name: str) -> None:
        """Remember that a list that was asked for by this name does not have it."""
        self._unlisted[f"{call.base_url} {name}"] = call
        while len(self._unlisted) > PROFILES:
            self._unlisted.popitem(last=False)

    def close(self, tally: Tally) -> None:
        """Judge the durations by the widest bounds that were shown, and lists by which profiles there are."""
        for name, extremes in self._extremes.items():
            low, high = self._known.get(name, (None, None))
            for how, (seconds, call) in extremes.items() if (low, high) != (None, None) else ():
                off = (high is not None and seconds > high) or (low is not None and seconds < low)
                expected = (
                    f"{seconds} s of {checks.quoted(name)} not {how.split()[1]}, since it has {low} s to {high} s"
                )
                wrong = Violation(
                    clause="", expected=expected, actual=checks.described(call.exchange), path="$.duration"
                )
                tally.look("nac_seen_duration_of_profile", call, call.contract, [wrong] if off else [])
        self._missed(tally)
        for key, call in self._unlisted.items():
            if key in self._listed:
                expected, actual = f"{key.rpartition(' ')[2]} in the list, since there is one", "not there"
                wrong = Violation(clause="", expected=expected, actual=actual)
                tally.look("nac_seen_profiles_as_asked_for", call, call.contract, [wrong], sure=False)

    def listed(self, call: ApiCall, asked: Mapping[str, str], profiles: list[JsonObject]) -> None:
        """Remember a list for no device but that of the token: what it has, and what one of a status lacks."""
        place = f"{call.base_url} {call.token}"
        for profile in profiles:
            self._statuses[f"{place} {profile.get('name')}"] = str(profile.get("status"))
        if set(asked) == {"status"}:
            names = frozenset(str(profile.get("name")) for profile in profiles)
            self._of_status[f"{place} {asked['status']}"] = call, names
        for known in (self._statuses, self._of_status):
            while len(known) > PROFILES:
                known.popitem(last=False)

    def _missed(self, tally: Tally) -> None:
        """Judge lists that were asked for by status by what other lists have of that status."""
        for key, (call, names) in self._of_status.items():
            base, _, status = key.rpartition(" ")
            others = [name for name, shown in self._statuses.items() if shown == status and name.startswith(f"{base} ")]
            missed = sorted({name.rpartition(" ")[2] for name in others} - names)
            if missed:
                expected = f"{missed[0]} in the list, since another one has it as {status}"
                wrong = Violation(clause="", expected=expected, actual="not there")
                tally.look("nac_seen_profiles_as_asked_for", call, call.contract, [wrong], sure=False)

    def learn(self, profile: JsonObject) -> None:
        """Take in what an answer says of a profile; one that says nothing sets no bound."""
        name = profile.get("name")
        if not isinstance(name, str):
            return
        shortest, longest = (rules.seconds(profile, key) for key in ("minDuration", "maxDuration"))
        low, high = ceil(shortest) if shortest is not None else None, floor(longest) if longest is not None else None
        if name in self._known:
            low, high = _widest(self._known[name], (low, high))
        self._known[name] = (low, high)
        while len(self._known) > PROFILES:
            self._known.popitem(last=False)

    def other(self, call: ApiCall, profile: JsonObject, *, alone: bool) -> tuple[ApiCall, JsonObject] | None:
        """The profile as it was shown in the other way before, in a list or alone; and remember how it is now."""
        name = f"{call.base_url} {profile.get('name')}"
        before = self._listed.get(name)
        self._listed[name] = (call, profile, alone)
        while len(self._listed) > PROFILES:
            self._listed.popitem(last=False)
        return (before[0], before[1]) if before and before[2] is not alone else None


def _widest(some: _Range, others: _Range) -> _Range:
    low = None if some[0] is None or others[0] is None else min(some[0], others[0])
    high = None if some[1] is None or others[1] is None else max(some[1], others[1])
    return low, high


def look(call: ApiCall, tally: Tally, bounds: Bounds) -> None:
    """Judge an answer of qos-profiles."""
    _refusal(call, tally)
    if not call.success:
        return
    items = call.body if isinstance(call.body, list) else [call.body]
    profiles = [item for item in items if isinstance(item, dict)]
    contract = call.contract
    if call.key:
        _named(call, tally)
    else:
        _criteria(call, profiles, tally, bounds)
    for profile in profiles:
        bounds.learn(profile)
        wrong = rules.duration_bounds(profile) + [_of_rates(item) for item in rules.rates(profile)]
        tally.look("nac_seen_profile_bounds_in_order", call, contract, wrong)
        if before := bounds.other(call, profile, alone=bool(call.key)):
            tally.look("nac_seen_profile_is_one", call, contract, _differences(before[1], profile))
    ladder = {profile["name"]: profile for profile in profiles if isinstance(profile.get("name"), str)}
    if len(ladder) > 1:
        tally.look("nac_seen_profile_labels_in_order", call, contract, rules.ladder(ladder))


def _refusal(call: ApiCall, tally: Tally) -> None:
    """What a name that no profile can have is answered, and how it is said that there are none for a device."""
    if not call.status:
        return
    answer = checks.described(call.exchange)
    errors = call.contract.validate_as(call.key, _NAME, direction="request") if call.key else []
    if errors:
        expected = f"400 INVALID_ARGUMENT, since the name has to be {errors[0].expected}"
        wrong = Violation(clause="", expected=expected, actual=answer, path="$.code")
        looked_up = call.success or call.status == 404
        tally.look("nac_seen_malformed_name_refused", call, call.contract, [wrong] if looked_up else [])
    if not call.key and call.sent.get("device"):
        nothing = call.status == 404 and checks.outcome_of(checks.answered(call.exchange)).code == "NOT_FOUND"
        wrong = Violation(clause="", expected="200 and an empty list", actual=answer, path="$.code")
        tally.look("nac_seen_no_profiles_is_an_empty_list", call, call.contract, [wrong] if nothing else [])


def _of_rates(violation: Violation) -> Violation:
    return Violation(
        clause="",
        expected=violation.expected,
        actual=violation.actual,
        path=violation.path,
        basis="profile_rates",
    )


def _named(call: ApiCall, tally: Tally) -> None:
    if isinstance(call.body, dict):
        name = call.body.get("name")
        wrong = Violation(clause="", expected=f"$.name {call.key!r}", actual=checks.quoted(repr(name)), path="$.name")
        tally.look("nac_seen_profile_by_its_name", call, call.contract, [] if name == call.key else [wrong])


def _criteria(call: ApiCall, profiles: list[JsonObject], tally: Tally, bounds: Bounds) -> None:
    """A list has only profiles of the name and the status that were asked for."""
    query = dict(parse_qsl(urlsplit(call.exchange.request.url).query))
    wanted = {name: query.get(name, call.sent.get(name)) for name in ("name", "status")}
    asked = {name: value for name, value in wanted.items() if isinstance(value, str) and "<redacted:" not in value}
    if asked:
        tally.look("nac_seen_profiles_as_asked_for", call, call.contract, _unasked(asked, profiles))
    if "device" in call.sent or not call.seen.told:
        return
    if "name" in asked and "status" not in asked and not profiles:
        bounds.without(call, asked["name"])
    if call.seen.asked or call.exchange.request.method == "GET":
        bounds.listed(call, asked, profiles)


def _unasked(asked: dict[str, str], profiles: list[JsonObject]) -> Iterator[Violation]:
    for name, value in asked.items():
        others = [profile.get(name) for profile in profiles if profile.get(name) != value]
        if others:
            path = f"$[*].{name}"
            yield Violation(clause="", expected=f"{path} {value!r}", actual=checks.quoted(repr(others)), path=path)


def _differences(before: JsonObject, now: JsonObject) -> Iterator[Violation]:
    for name in sorted(before.keys() | now.keys()):
        if before.get(name) != now.get(name):
            yield Violation(
                clause="",
                expected=f"$.{name} {checks.quoted(repr(before.get(name, 'absent')))} as in the other answer",
                actual=checks.quoted(repr(now.get(name, "absent"))),
                path=f"$.{name}",
            )
