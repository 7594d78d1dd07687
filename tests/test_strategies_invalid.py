"""Bodies with one thing wrong: they are wrong, in that one thing, and no constraint of a contract is left out."""

import re
from collections.abc import Iterator
from contextlib import suppress
from functools import cache

import httpx
import pytest
from hypothesis import Phase, find, given, settings
from hypothesis import strategies as st
from hypothesis.strategies import DataObject

from pytest_nac_qod import contracts, strategies
from pytest_nac_qod.contracts import Contract
from pytest_nac_qod.foundation.jsontypes import JsonObject
from pytest_nac_qod.reference import ReferenceServer
from pytest_nac_qod.strategies import Invalid
from pytest_nac_qod.strategies.invalid import constraint_sites
from pytest_nac_qod.strategies.seeds import full_bodies
from pytest_nac_qod.strategies.sites import Site, at, breaking, put
from pytest_nac_qod.target import Target

ALONE = settings(database=None, derandomize=True, deadline=None, phases=[Phase.generate, Phase.shrink])
OPERATIONS = [
    (release, api, operation)
    for release in contracts.RELEASES
    for api in contracts.apis(release)
    for operation in contracts.contract(release, api).operations
    if contracts.contract(release, api).request_pointer(operation)
]
EVERYWHERE = pytest.mark.parametrize(("release", "api", "operation"), OPERATIONS)
NO_CONSTRAINTS = {"properties", "items", "allOf", "discriminator", "description", "example", "nullable", "writeOnly"}
FREE = {  # keywords that nothing breaks, or nothing that travels in a request
    ("format", "'string'"): "not a format that anybody checks",
    ("minItems", "0"): "every list has that many",
    ("minLength", "0"): "every string is that long",
}


def places(release: str, api: str, operation: str) -> list[tuple[JsonObject, Site]]:
    return constraint_sites(contracts.contract(release, api), release, operation)


def constraints(contract: Contract, pointer: str) -> Iterator[str]:
    """Every constraint that can be reached, as the document has them; written without the walk that is tested."""
    waiting, seen = [(pointer, False)], set()
    while waiting:
        pointer, inside = waiting.pop()
        place, schema = contract.resolved(pointer)
        if place in seen or schema.get("readOnly"):
            continue
        seen.add(place)
        for keyword, value in schema.items():
            if keyword in ("anyOf", "oneOf", "allOf"):
                waiting += [(f"{place}/{keyword}/{index}", keyword != "allOf") for index in range(len(value))]
            if keyword == "properties":
                waiting += [(f"{place}/properties/{name}", False) for name in value]
            if keyword == "items":
                waiting.append((f"{place}/items", False))
            if keyword == "discriminator":
                waiting += [(target, False) for target in value["mapping"].values()]
            free = keyword in NO_CONSTRAINTS or (keyword, repr(value)) in FREE
            alternative = inside and set(schema) == {"required"}  # broken by breaking the anyOf
            if not free and not alternative:
                yield f"{place}/{keyword}"


@EVERYWHERE
def test_no_constraint_is_left_out(release: str, api: str, operation: str) -> None:
    contract = contracts.contract(release, api)
    pointer = contract.request_pointer(operation)
    assert pointer is not None
    assert {site.clause for _, site in places(release, api, operation)} == set(constraints(contract, pointer))


@EVERYWHERE
def test_no_required_property_is_left_out(release: str, api: str, operation: str) -> None:
    contract = contracts.contract(release, api)
    missing: dict[str, set[str]] = {}
    for _, site in places(release, api, operation):
        if site.keyword == "required":
            missing.setdefault(site.clause, set()).add(site.missing)
    for clause, names in missing.items():
        assert names == set(contract.resolved(clause)[1])


@EVERYWHERE
def test_every_value_breaks_what_its_label_says(release: str, api: str, operation: str) -> None:
    contract = contracts.contract(release, api)
    pointer = contract.request_pointer(operation)
    assert pointer is not None
    for body, site in places(release, api, operation):
        if site.large:
            continue
        for value in breaking(contract, pointer, body, site):
            errors = contract.validate(put(body, site.steps, value), pointer, direction="request")
            assert errors, f"{site.path} {site.keyword}: {value!r} is valid"
            assert {error.path for error in errors} <= ancestors(site.path), (site.path, site.keyword, value)
            assert site.nested or site.clause in {error.clause for error in errors}, (site.path, site.keyword, value)


def ancestors(path: str) -> set[str]:
    """The path and the way to it, since a broken alternative is told where the choice stands."""
    return {path, *(path[: match.start()] for match in re.finditer(r"\.|\[", path))}


def test_a_list_that_is_too_long_is_broken_if_asked_for() -> None:
    release, api, operation = "r4.1", "quality-on-demand", "createSession"
    body, site = next((body, site) for body, site in places(release, api, operation) if site.large)
    assert (site.path, site.keyword) == ("$.devicePorts.ranges", "maxItems")
    assert len(site.values(at(body, site.steps))[0]) == 65537
    place: JsonObject = {"release": release, "path": "$.devicePorts.ports", "what": ["maxItems"]}
    values = strategies.schema_invalid_bodies(large=True, **place)
    assert len(find(values, bool, settings=ALONE).body["devicePorts"]["ports"]) == 65537
    with pytest.raises(LookupError, match="no constraint of that kind, or not there"):
        strategies.schema_invalid_bodies(**place)


@EVERYWHERE
def test_what_constraints_are_broken_in_is_valid(release: str, api: str, operation: str) -> None:
    contract = contracts.contract(release, api)
    for body in full_bodies(release, api, operation):
        assert contract.validate(body, str(contract.request_pointer(operation)), direction="request") == []


@EVERYWHERE
@settings(ALONE, max_examples=20)
@given(data=st.data())
def test_schema_invalid_bodies_are_invalid(release: str, api: str, operation: str, data: DataObject) -> None:
    contract = contracts.contract(release, api)
    bad = data.draw(invalid(release, api, operation)[0])
    errors = contract.validate(bad.body, str(contract.request_pointer(operation)), direction="request")
    assert errors
    assert {error.path for error in errors} <= ancestors(bad.path)
    assert contract.resolved(bad.clause.removeprefix(api))
    judge(bad, contract, operation)


@EVERYWHERE
@settings(ALONE, max_examples=20)
@given(data=st.data())
def test_wrong_bodies_follow_the_schema(release: str, api: str, operation: str, data: DataObject) -> None:
    contract = contracts.contract(release, api)
    values = invalid(release, api, operation)[1]
    if values is None:
        return
    bad = data.draw(values)
    assert contract.validate(bad.body, str(contract.request_pointer(operation)), direction="request") == []
    judge(bad, contract, operation)


@cache
def invalid(
    release: str, api: str, operation: str
) -> tuple[st.SearchStrategy[Invalid], st.SearchStrategy[Invalid] | None]:
    schema = strategies.schema_invalid_bodies(release=release, api=api, operation=operation)
    try:
        return schema, strategies.wrong_bodies(release=release, api=api, operation=operation)
    except LookupError:
        return schema, None


def judge(bad: Invalid, contract: Contract, operation: str) -> None:
    assert bad.accepted
    for outcome in bad.accepted:
        assert outcome.code in contract.operations[operation].errors[outcome.status]
    assert eval(repr(bad), vars(strategies)) == bad  # noqa: S307 - its own repr


def kinds(release: str) -> set[str]:
    labels: set[str] = set()
    for what in ALWAYS | SOMETIMES:
        with suppress(LookupError):
            strategies.wrong_bodies(release=release, what=[what])
            labels.add(what)
    return labels


ALWAYS = {
    "address of the other IP family",
    "duration that the profile does not allow",
    "multicast address of a device",
    "no IP address",
    "port range that ends before it begins",
    "profile name that is an IP address",
    "profile that does not exist",
    "profile that is not active",
    "unspecified address of a device",
}


SOMETIMES = {
    "IP address field that is a profile name",
    "credential of a kind that nobody may use",
    "mask longer than the addresses of the family",
    "profile and IP address swapped",
    "property that the API does not know",
}


def test_what_can_be_wrong_depends_on_the_release() -> None:
    unknown = {"property that the API does not know"}
    assert kinds("r3.2") == ALWAYS | SOMETIMES - unknown
    assert kinds("r4.1") == ALWAYS | unknown


@pytest.mark.parametrize(
    ("what", "path", "changed", "accepted"),
    [
        ("minimum", "$.duration", {"duration": 0},
         ["400 INVALID_ARGUMENT", "400 OUT_OF_RANGE", "400 QUALITY_ON_DEMAND.DURATION_OUT_OF_RANGE"]),
        ("maximum", "$.devicePorts.ports[0]",
         {"devicePorts": {"ports": [65536], "ranges": [{"from": 5060, "to": 5070}]}},
         ["400 OUT_OF_RANGE", "400 INVALID_ARGUMENT"]),
        ("pattern", "$.sink", {"sink": "http://example.com/events"}, ["400 INVALID_SINK", "400 INVALID_ARGUMENT"]),
        ("required", "$.qosProfile", {"qosProfile": None}, ["400 INVALID_ARGUMENT"]),
        ("anyOf", "$.device.ipv4Address", None,
         ["400 INVALID_ARGUMENT", "422 UNSUPPORTED_IDENTIFIER", "404 IDENTIFIER_NOT_FOUND"]),
    ],
)  # fmt: skip
def test_examples_are_small_and_labelled(what: str, path: str, changed: JsonObject | None, accepted: list[str]) -> None:
    bad = find(strategies.schema_invalid_bodies(what=[what], path=path), bool, settings=ALONE)
    plain: JsonObject = {"device": {"phoneNumber": "+99900"}, "applicationServer": {"ipv4Address": "198.51.100.1"},
             "qosProfile": "QOS_L", "duration": 60}  # fmt: skip
    if changed is not None:
        assert bad.body == {name: value for name, value in (plain | changed).items() if value is not None}
    assert [str(outcome) for outcome in bad.accepted] == accepted


def test_prefixes_and_swapped_arguments_come_up() -> None:
    values = strategies.schema_invalid_bodies(path="$.device.ipv6Address", what=["format"])
    assert find(values, lambda bad: "/" in bad.body["device"]["ipv6Address"], settings=ALONE).accepted
    swapped = find(strategies.wrong_bodies(what=["profile and IP address swapped"]), bool, settings=ALONE)
    assert (swapped.body["qosProfile"], swapped.body["applicationServer"]) == ("198.51.100.1", {"ipv4Address": "QOS_L"})
    assert [str(outcome) for outcome in swapped.accepted] == ["400 INVALID_ARGUMENT"]


def test_an_operation_without_body_is_told() -> None:
    with pytest.raises(LookupError, match="quality-on-demand: getSession takes no body"):
        strategies.schema_invalid_bodies(operation="getSession")
    with pytest.raises(LookupError, match="no pattern for x-correlator"):
        strategies.malformed_correlators(release="r1.3")


@pytest.mark.parametrize("release", contracts.RELEASES)
@settings(ALONE)
@given(data=st.data())
def test_what_stands_outside_of_bodies(release: str, data: DataObject) -> None:
    contract = contracts.contract(release, "quality-on-demand")

    def errors(value: str, schema: str) -> list[str]:
        problems = contract.validate(value, f"#/components/schemas/{schema}", direction="request")
        return [error.message for error in problems]

    assert errors(data.draw(strategies.correlators()), "XCorrelator") == []
    assert errors(data.draw(strategies.ids()), "SessionId") == []
    assert errors(data.draw(strategies.malformed_ids()), "SessionId") != []
    assert errors(data.draw(strategies.malformed_profiles(release=release)), "QosProfileName") != []
    if release != "r1.3":
        assert errors(data.draw(strategies.malformed_correlators(release=release)), "XCorrelator") != []


@pytest.mark.parametrize("release", contracts.RELEASES)
def test_the_embedded_server_answers_as_the_labels_say(release: str) -> None:
    with ReferenceServer(release=release) as server, httpx.Client() as http:
        target = server.target()
        token = target.tokens["two_legged"].resolve(http)
        for api, operation in [(api, operation) for candidate, api, operation in OPERATIONS if candidate == release]:
            path = contracts.contract(release, api).operations[operation].path
            if "{" not in path:  # there is nothing to extend
                answers_as_labelled(http, f"{target.apis[api]}{path}", token, target, api, operation)


def answers_as_labelled(  # noqa: PLR0913, PLR0917 - one request with all that it takes
    http: httpx.Client, url: str, token: str, target: Target, api: str, operation: str
) -> None:
    @settings(ALONE, max_examples=60)
    @given(strategies.invalid_bodies(release=target.release, api=api, operation=operation, target=target))
    def test(bad: Invalid) -> None:
        answer = http.post(url, json=bad.body, headers={"Authorization": f"Bearer {token}"})
        assert (answer.status_code, answer.json()["code"]) in [
            (outcome.status, outcome.code) for outcome in bad.accepted
        ]

    test()
