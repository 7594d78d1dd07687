"""What the strategies reach, how fast they are, and what a validator that is not ours says of their bodies."""

import json
import statistics
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import jsonschema_rs
import pytest
import yaml
from hypothesis import HealthCheck, Phase, find, given, settings
from hypothesis import strategies as st

from pytest_nac_qod import contracts, strategies
from pytest_nac_qod.contracts import RELEASES
from pytest_nac_qod.foundation.jsontypes import Json, JsonObject
from pytest_nac_qod.strategies import Invalid
from pytest_nac_qod.strategies.invalid import constraint_sites

API = "quality-on-demand"
ALONE = settings(
    database=None, derandomize=True, deadline=None, phases=[Phase.generate], suppress_health_check=list(HealthCheck)
)
OPERATIONS = [
    (release, api, operation)
    for release in RELEASES
    for api in contracts.apis(release)
    for operation in contracts.contract(release, api).operations
    if contracts.contract(release, api).request_pointer(operation)
]


def examples(strategy: st.SearchStrategy[Any], count: int) -> list[Any]:
    seen: list[Any] = []

    @settings(ALONE, max_examples=count)
    @given(strategy)
    def collect(value: object) -> None:
        seen.append(value)

    collect()
    return seen


@pytest.mark.parametrize(
    ("release", "api", "operation"),
    [(*entry,) for entry in OPERATIONS if entry[2] == "createSession"],
)
def test_invalid_bodies_are_half_and_half_and_leave_no_constraint_out(release: str, api: str, operation: str) -> None:
    sites = constraint_sites(contracts.contract(release, api), release, operation)
    constraints = {(f"{api}{site.clause}", site.path) for _, site in sites if not site.large}
    bodies = examples(strategies.invalid_bodies(release=release, api=api, operation=operation), 500)
    counted = Counter((bad.clause, bad.path) for bad in bodies)
    assert constraints - counted.keys() == set()
    by_schema = sum(count for place, count in counted.items() if place in constraints)
    assert 0.4 * len(bodies) <= by_schema <= 0.6 * len(bodies)


def test_no_constraint_is_drawn_much_more_often_than_others() -> None:
    counted = Counter((bad.clause, bad.path) for bad in examples(strategies.schema_invalid_bodies(), 1000))
    assert max(counted.values()) < 10 * statistics.median(counted.values())


PREDICATES: dict[str, Callable[[JsonObject], bool]] = {
    "IPv6 device": lambda body: "ipv6Address" in body["device"],
    "long session": lambda body: body["duration"] > 3600,
    "range of ports": lambda body: "ranges" in body.get("devicePorts", {}),
    "secured sink": lambda body: "sinkCredential" in body,
    "prefix of servers": lambda body: "/" in body["applicationServer"].get("ipv4Address", ""),
}
SMALLEST: dict[str, JsonObject] = {
    "IPv6 device": {"device": {"ipv6Address": "2001:db8::1"}},
    "long session": {"duration": 3601},
    "range of ports": {"devicePorts": {"ranges": [{"from": 443, "to": 443}]}},
    "secured sink": {"sink": "https://example.com/events/0"},
    "prefix of servers": {"applicationServer": {"ipv4Address": "198.51.100.0/24"}},
}
PLAIN: JsonObject = {
    "device": {"phoneNumber": "+99900"},
    "applicationServer": {"ipv4Address": "198.51.100.1"},
    "qosProfile": "QOS_L",
    "duration": 60,
}


@pytest.mark.parametrize("name", PREDICATES)
def test_find_gives_the_smallest_body(name: str) -> None:
    search = settings(ALONE, phases=[Phase.generate, Phase.shrink], max_examples=2000)
    body = find(strategies.create_session_bodies(), PREDICATES[name], settings=search)
    credential = {"sinkCredential": body["sinkCredential"]} if name == "secured sink" else {}
    assert body == PLAIN | SMALLEST[name] | credential


@pytest.mark.slow
def test_bodies_are_drawn_and_found_fast() -> None:
    """Held against what Hypothesis takes here for as many plain choices, so that a busy machine does not count."""
    plain = st.tuples(*[st.integers(0, 10**6)] * 12)
    bodies = strategies.create_session_bodies()
    for strategy in (plain, bodies):
        examples(strategy, 20)  # what is built once
    seconds: dict[str, list[float]] = {"plain": [], "bodies": []}
    for _ in range(5):
        for name, strategy in (("plain", plain), ("bodies", bodies)):
            begun = time.process_time()
            examples(strategy, 300)
            seconds[name].append(time.process_time() - begun)
    assert min(seconds["bodies"]) < 3 * min(seconds["plain"])


def published_document(published: Path, release: str, api: str = API) -> JsonObject:
    document: JsonObject = yaml.safe_load((published / release / f"{api}.yaml").read_text(encoding="utf-8"))
    return document


def verdict(document: JsonObject, schema: str) -> Callable[[Json], bool]:
    """Whether a body follows a schema, by jsonschema-rs on the published document."""
    components = json.loads(
        json.dumps(document["components"], default=str).replace('"url"', '"uri"')
    )  # a format in r1.3

    def validator(name: str) -> jsonschema_rs.Draft4Validator:
        root = {"$ref": f"#/components/schemas/{name}", "components": components}
        return jsonschema_rs.Draft4Validator(root, validate_formats=True)

    main = validator(schema)
    credentials = document["components"]["schemas"].get("SinkCredential", {"discriminator": {"mapping": {}}})
    mapping = credentials["discriminator"]["mapping"]
    kinds = {kind: validator(reference.rpartition("/")[2]) for kind, reference in mapping.items()}

    def follows(body: Json) -> bool:
        credential = body.get("sinkCredential") if isinstance(body, dict) else None
        kind = kinds.get(str(credential.get("credentialType"))) if isinstance(credential, dict) else None
        return bool(main.is_valid(body)) and (kind is None or bool(kind.is_valid(credential)))

    return follows


@pytest.mark.slow
@pytest.mark.parametrize("release", RELEASES)
def test_an_independent_validator_agrees_on_ten_thousand_valid_bodies(release: str, published: Path) -> None:
    follows = verdict(published_document(published, release), "CreateSession")
    bodies = examples(strategies.create_session_bodies(release=release), 10_000)
    assert [body for body in bodies if not follows(body)] == []
    wrong = examples(strategies.wrong_bodies(release=release), 1000)
    unknown = "property that the API does not know"
    assert [one.what for one in wrong if not follows(one.body) and one.what != unknown] == []


@pytest.mark.slow
@pytest.mark.parametrize("release", RELEASES)
def test_an_independent_validator_agrees_on_ten_thousand_invalid_bodies(release: str, published: Path) -> None:
    follows = verdict(published_document(published, release), "CreateSession")
    bad: list[Invalid] = examples(strategies.schema_invalid_bodies(release=release), 10_000)
    assert len(bad) == 10_000
    missed = [one for one in bad if follows(one.body)]
    # a validator knows formats of strings only; these are beyond int32
    assert [one for one in missed if (one.path, one.what) != ("$.duration", "format")] == []
    assert {one.body["duration"] for one in missed} <= {2**31}


def valid_bodies(release: str, operation: str) -> st.SearchStrategy[JsonObject]:
    if operation == "extendQosSessionDuration":
        return strategies.extend_session_bodies()
    if operation == "retrieveQoSProfiles":
        return strategies.retrieve_profiles_bodies(release=release)
    if operation.startswith("retrieve"):
        return strategies.retrieve_bodies(release=release)
    return strategies.create_assignment_bodies(release=release)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("release", "api", "operation"), [entry for entry in OPERATIONS if entry[2] != "createSession"]
)
def test_an_independent_validator_agrees_in_other_operations(
    release: str, api: str, operation: str, published: Path
) -> None:
    document = published_document(published, release, api)
    contract = contracts.contract(release, api)
    place, _ = contract.resolved(str(contract.request_pointer(operation)))
    follows = verdict(document, place.rpartition("/")[2])
    bad: list[Invalid] = examples(strategies.schema_invalid_bodies(release=release, api=api, operation=operation), 1000)
    missed = [one for one in bad if follows(one.body)]
    assert {(one.path, one.what) for one in missed} <= {("$.requestedAdditionalDuration", "format")}  # int32
    assert [body for body in examples(valid_bodies(release, operation), 500) if not follows(body)] == []
