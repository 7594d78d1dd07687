"""A release as its differences, and what it takes to add one."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from pytest_nac_qod import contracts
from pytest_nac_qod.cli import main
from pytest_nac_qod.contracts import facts, loading
from pytest_nac_qod.contracts.patches import merged, renamed
from pytest_nac_qod.foundation.jsontypes import Json, JsonObject

R9_9 = """
follows: r4.1

names:
  QUOTA_EXCEEDED: QUOTA_USED_UP

family:
  schemas:
    Port: { minimum: 1024 }

apis:
  quality-on-demand:
    version: 2.0.0
    base: /quality-on-demand/v2
    operations:
      listSessions:
        call: get /sessions
        scope: quality-on-demand:sessions:read
        query: { status: QosStatus, limit: { type: integer, minimum: 1 } }
        success: { 200: RetrieveSessionsOutput }
      deleteSession:
        success: { 202: SessionInfo }
        errors: { 429: [] }
    schemas:
      CreateSession:
        allOf:
          2:
            properties:
              duration: { minimum: 60 }
  profiles:
    was: qos-profiles
    names: { retrieveQoSProfiles: findProfiles }
"""


@pytest.fixture
def r9_9(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A folder in which there are the differences of a made-up r9.9."""
    (tmp_path / "r9.9.yaml").write_text(R9_9, encoding="utf-8")
    monkeypatch.setattr(facts, "FOLDERS", [*facts.FOLDERS, tmp_path])
    yield tmp_path
    for cached in (facts.family, facts.api_facts, facts.read, loading.document, contracts.contract):
        cached.cache_clear()


def differences(left: str, right: str) -> list[str]:
    return contracts.diff_report(left, right, full=True)[0].splitlines()[1:]


@pytest.mark.usefixtures("r9_9")
def test_release_of_differences_is_a_release_among_the_others(capsys: pytest.CaptureFixture[str]) -> None:
    assert facts.releases() == (*contracts.RELEASES, "r9.9")
    assert contracts.apis("r9.9") == ("quality-on-demand", "profiles")
    assert contracts.contract("r9.9", "quality-on-demand").base_path == "/quality-on-demand/v2"
    assert main(["contract", "show", "--release", "r9.9", "--api", "profiles"]) == 0
    assert "operationId: findProfiles" in capsys.readouterr().out
    with pytest.raises(contracts.ContractError) as caught:
        contracts.document("r9.9", "qos-profiles")
    assert str(caught.value) == "r9.9 has no API 'qos-profiles'; it has quality-on-demand, profiles"


@pytest.mark.usefixtures("r9_9")
def test_api_that_states_nothing_differs_by_what_the_family_changes() -> None:
    codes = "responses/429/content/application~1json/schema/properties/code/enum"
    port = "schema/properties/device/properties/ipv4Address/properties/publicPort/minimum"
    assert differences("r4.1:qos-profiles", "r9.9:profiles") == [
        "#/paths/~1retrieve-qos-profiles/post/operationId",
        '  - "retrieveQoSProfiles"',
        '  + "findProfiles"',
        f"#/paths/~1retrieve-qos-profiles/post/{codes}",
        '  - ["QUOTA_EXCEEDED", "TOO_MANY_REQUESTS"]',
        '  + ["QUOTA_USED_UP", "TOO_MANY_REQUESTS"]',
        f"#/paths/~1retrieve-qos-profiles/post/requestBody/content/application~1json/{port}",
        "  - 1",
        "  + 1024",
        f"#/paths/~1qos-profiles~1{{name}}/get/{codes}",
        '  - ["QUOTA_EXCEEDED", "TOO_MANY_REQUESTS"]',
        '  + ["QUOTA_USED_UP", "TOO_MANY_REQUESTS"]',
    ]


@pytest.mark.usefixtures("r9_9")
def test_api_differs_by_what_it_states() -> None:
    contract, before = (contracts.contract(release, "quality-on-demand") for release in ("r9.9", "r4.1"))
    listing = contract.operations["listSessions"]
    assert (listing.method, listing.path, listing.query) == ("GET", "/sessions", ("status", "limit"))
    assert listing.errors[400] == ("INVALID_ARGUMENT", "OUT_OF_RANGE")
    assert contract.operations["deleteSession"].success == (202, 204)
    assert set(before.operations["deleteSession"].errors) - set(contract.operations["deleteSession"].errors) == {429}
    (error,) = contract.validate({"duration": 59}, "#/components/schemas/CreateSession/allOf/2", direction="request")
    assert error.message == "$.duration: expected at least 60, got 59"
    assert contract.event_types == before.event_types


def test_release_that_is_gone_again_is_unknown() -> None:
    with pytest.raises(contracts.ContractError, match=r"no contracts of release 'r9\.9'"):
        contracts.document("r9.9", "quality-on-demand")


def test_release_that_follows_none_is_told(r9_9: Path) -> None:
    (r9_9 / "r9.9.yaml").write_text(R9_9.replace("follows: r4.1", "follows: r9.8"), encoding="utf-8")
    with pytest.raises(LookupError, match=r"no file of facts r9\.8\.yaml"):
        contracts.document("r9.9", "profiles")


@pytest.mark.parametrize(
    ("base", "patch", "expected"),
    [
        ({"a": 1, "b": 2}, {"a": None, "c": 3}, {"b": 2, "c": 3}),
        ({"a": [1, 2]}, {"a": [3]}, {"a": [3]}),
        ({"a": [1, {"b": 1, "c": 2}]}, {"a": {1: {"b": None}}}, {"a": [1, {"c": 2}]}),
        ({"a": [1, 2, 3]}, {"a": {0: None, 3: 4}}, {"a": [2, 3, 4]}),
        ({429: ["A"]}, {429: None, 500: ["B"]}, {500: ["B"]}),
    ],
)
def test_patch_changes_objects_by_name_and_arrays_by_position(base: Json, patch: Json, expected: Json) -> None:
    assert merged(base, patch) == expected


def idle(base: Json, patch: Json, place: str) -> Iterator[str]:
    """Where a patch states what is so already."""
    inner = dict(enumerate(base)) if isinstance(base, list) and isinstance(patch, dict) else base
    if isinstance(patch, dict) and isinstance(inner, dict):
        for name, item in patch.items():
            yield from idle(inner.get(name), item, f"{place}/{name}")
    elif base == patch:
        yield place


def words(value: Json) -> set[str]:
    """All keys and strings."""
    if isinstance(value, list):
        return set().union(*map(words, value)) if value else set()
    if isinstance(value, dict):
        return {str(key) for key in value}.union(*map(words, value.values()))
    return {value} if isinstance(value, str) else set()


@pytest.mark.parametrize("release", [name for name in contracts.RELEASES if facts.read(name)["follows"]])
def test_release_states_nothing_but_what_differs(release: str) -> None:
    own = facts.read(release)
    before, names = own["follows"], own.get("names", {})
    family = facts.family(before)
    leftovers = list(idle(renamed(family, names), own["family"], "family"))
    used = words(family)
    for api, change in own["apis"].items():
        patch: JsonObject = {key: value for key, value in change.items() if key not in ("was", "names")}
        base = facts.api_facts(before, change.get("was", api))
        used |= words(base)
        leftovers += idle(renamed(base, {**names, **change.get("names", {})}), patch, api)
        leftovers += [f"{api}/names/{name}" for name in change.get("names", {}) if name not in words(base)]
    leftovers += [f"names/{name}" for name in names if name not in used]
    assert leftovers == []
