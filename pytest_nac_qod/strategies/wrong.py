"""Bodies that the schema lets pass and no provider may accept."""

import re
import tomllib
from collections.abc import Callable, Collection, Iterator
from copy import deepcopy
from functools import cache
from importlib.resources import files
from typing import Any

from hypothesis import strategies as st
from hypothesis.strategies import DrawFn, SearchStrategy

from pytest_nac_qod.catalogue.basis import of_release
from pytest_nac_qod.contracts import CURRENT, Contract, contract
from pytest_nac_qod.foundation.jsontypes import Json, JsonObject
from pytest_nac_qod.foundation.releases import order
from pytest_nac_qod.strategies.addresses import ipv4_addresses
from pytest_nac_qod.strategies.durations import durations_out_of_range
from pytest_nac_qod.strategies.invalid import Invalid, documented, schema_invalid_bodies
from pytest_nac_qod.strategies.profiles import inactive_profiles, profiles, unknown_profiles
from pytest_nac_qod.strategies.releases import SESSIONS
from pytest_nac_qod.strategies.seeds import request_pointer, right_body
from pytest_nac_qod.target import Target

Change = SearchStrategy[JsonObject]  # the properties of a body that are replaced
_SIDE: dict[str, JsonObject] = {"publicAddress": {"publicPort": 59765}}  # what has to stand beside it
_SINK = "https://example.com/events"


def wrong_bodies(  # noqa: PLR0913 - each is named by the caller
    *,
    release: str = CURRENT,
    api: str = SESSIONS,
    operation: str = "createSession",
    target: Target | None = None,
    document: Contract | None = None,
    what: Collection[str] = (),
) -> SearchStrategy[Invalid]:
    """Bodies that follow the schema, and are wrong in one thing all the same.

    Args:
        release: by which they are wrong.
        api: that has the operation.
        operation: by its operationId.
        target: whose device, profiles and application server stand where nothing is wrong; its profile decides which
            durations are.
        document: a contract of one's own instead of the one of the release.
        what: only what is wrong in these words; all of it when empty.

    Raises:
        LookupError: nothing of that kind can be wrong with bodies of this operation.

    >>> from hypothesis import find
    >>> bad = find(wrong_bodies(what=["profile and IP address swapped"]), lambda bad: True)
    >>> bad.body["qosProfile"], bad.body["applicationServer"]
    ('198.51.100.1', {'ipv4Address': 'QOS_L'})
    >>> [str(outcome) for outcome in bad.accepted]
    ['400 INVALID_ARGUMENT']
    """
    judged = document or contract(release, api)
    variants = [
        (_invalid(entry, path, judged, operation, release), change)
        for entry in _entries()
        if _counts(entry, release) and (not what or entry["what"] in what)
        for path, change in _changes(entry, judged, operation, target)
    ]
    if not variants:
        raise LookupError(f"{release} {api}: {operation}: nothing of that kind that its schema lets pass")

    @st.composite
    def example(draw: DrawFn) -> Invalid:
        number, index = divmod(draw(anything), len(variants))
        build, change = variants[index]
        return build(right_body(api, operation, target, number), draw(change))

    anything = st.integers(0, 1000 * len(variants) - 1)
    return example()


def invalid_bodies(
    *,
    release: str = CURRENT,
    api: str = SESSIONS,
    operation: str = "createSession",
    target: Target | None = None,
    document: Contract | None = None,
) -> SearchStrategy[Invalid]:
    """Bodies with one thing wrong, whether the schema says so or not.

    Half of them are `schema_invalid_bodies`, half `wrong_bodies`. Every constraint of an operation comes up within 500
    examples.
    """
    schema = schema_invalid_bodies(release=release, api=api, operation=operation, target=target, document=document)
    try:
        wrong = wrong_bodies(release=release, api=api, operation=operation, target=target, document=document)
    except LookupError:
        return schema

    @st.composite
    def half_and_half(draw: DrawFn) -> Invalid:  # a union would take each of the many kinds of wrong_bodies as often
        return draw(wrong if draw(st.booleans()) else schema)

    return half_and_half()


def _invalid(
    entry: JsonObject, path: str, judged: Contract, operation: str, release: str
) -> Callable[[JsonObject, JsonObject], Invalid]:
    outcomes = documented(judged, operation, of_release(release, entry["accepted"]))

    def build(body: JsonObject, change: JsonObject) -> Invalid:
        return Invalid(
            body=deepcopy({**body, **change}), path=path, what=entry["what"], clause=entry["clause"], accepted=outcomes
        )

    return build


def _counts(entry: JsonObject, release: str) -> bool:
    return order(entry.get("since", release)) <= order(release)


def _changes(
    entry: JsonObject, judged: Contract, operation: str, target: Target | None
) -> Iterator[tuple[str, Change]]:
    pointer = request_pointer(judged, operation)
    known = _properties(judged, pointer)
    for path, values in entry.get("at", {}).items():
        if path.split(".")[1].split("[")[0] in known or "since" in entry:
            fitting = [
                fragment for fragment in (framed(path, value) for value in values) if _passes(judged, pointer, fragment)
            ]
            fitting = [fragment for fragment in fitting if target is None or target.sends(fragment)]
            if fitting:
                yield path, st.sampled_from(fitting)
    for path, name in entry.get("drawn", {}).items():
        sample, change = _DRAWN[name]
        if target and target.not_sent & set(path.split(".")[2:3]):
            continue
        if set(sample) <= known and _passes(judged, pointer, sample):
            yield path, change(target)


def framed(path: str, value: Json) -> JsonObject:
    """The properties of a body in which `value` stands at `path`.

    >>> framed("$.devicePorts.ranges[0]", {"from": 2, "to": 1})
    {'devicePorts': {'ranges': [{'from': 2, 'to': 1}]}}
    """
    nested = value
    for step in reversed(re.findall(r"\w+|\[0\]", path)):
        nested = [nested] if step == "[0]" else {step: nested, **_SIDE.get(step, {})}
    properties: JsonObject = nested
    return {"sink": _SINK, **properties} if "sinkCredential" in properties else properties


def _passes(judged: Contract, pointer: str, change: JsonObject) -> bool:
    """Whether the schema has nothing against these properties; what else it misses does not count."""
    errors = judged.validate(change, pointer, direction="request")
    return all(error.clause.endswith("/required") and error.path.count(".") == 1 for error in errors)


def _properties(judged: Contract, pointer: str) -> set[str]:
    place, schema = judged.resolved(pointer)
    parts = (_properties(judged, f"{place}/allOf/{index}") for index in range(len(schema.get("allOf", []))))
    return set(schema.get("properties", {})).union(*parts)


def _swapped(_: Target | None) -> Change:
    return st.builds(
        lambda name, address: {"qosProfile": address, "applicationServer": {"ipv4Address": name}},
        profiles(),
        ipv4_addresses(),
    )


def _out_of_range(target: Target | None) -> Change:
    if target is None:
        return st.builds(
            lambda name, seconds: {"qosProfile": name, "duration": seconds}, profiles(), durations_out_of_range()
        )
    profile = target.profiles["default"]
    return durations_out_of_range(profile=profile).map(lambda n: {"qosProfile": profile.name, "duration": n})


def _named(make: Callable[..., SearchStrategy[str]]) -> Callable[[Target | None], Change]:
    return lambda target: make(target=target).map(lambda name: {"qosProfile": name})


# By name: an example of what is replaced, and the strategy.
_DRAWN: dict[str, tuple[JsonObject, Callable[[Target | None], Change]]] = {
    "swapped": ({"qosProfile": "198.51.100.1", "applicationServer": {"ipv4Address": "QOS_L"}}, _swapped),
    "unknown_profile": ({"qosProfile": "NO_SUCH_PROFILE_0"}, _named(unknown_profiles)),
    "inactive_profile": ({"qosProfile": "QOS_PAUSED"}, _named(inactive_profiles)),
    "duration_out_of_range": ({"qosProfile": "QOS_L", "duration": 59}, _out_of_range),
}


@cache
def _entries() -> list[JsonObject]:
    parsed: Any = tomllib.loads(files(__package__).joinpath("wrong.toml").read_text(encoding="utf-8"))
    return list(parsed["wrong"])
