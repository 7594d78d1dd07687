"""The contracts of all releases, held against the published documents."""

from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

from pytest_nac_qod import contracts
from pytest_nac_qod.cli import main
from pytest_nac_qod.contracts import Contract, Operation
from pytest_nac_qod.foundation.jsontypes import Json
from tests.support.manifest import SHA256

ALL = [(release, api) for release in contracts.RELEASES for api in contracts.apis(release)]
SCHEMAS = "#/components/schemas"


def published_contract(published: Path, release: str, api: str) -> Contract:
    return Contract.of(contracts.load(str(published / release / f"{api}.yaml")))


def test_each_release_has_three_apis() -> None:
    published: dict[str, set[str]] = {}
    for release, api in SHA256:
        published.setdefault(release, set()).add(api)
    assert {release: set(contracts.apis(release)) for release in contracts.RELEASES} == published
    assert all(len(apis) == 3 for apis in published.values())
    assert {contracts.apis(release)[0] for release in published} == {"quality-on-demand"}


def facts_of(operation: Operation) -> Mapping[str, object]:
    """All that an operation says, the order of codes aside, and its name in the family, which no document has."""
    facts = {name: getattr(operation, name) for name in Operation.__slots__ if name != "family"}
    return {**facts, "errors": {status: set(codes) for status, codes in operation.errors.items()}}


@pytest.mark.parametrize(("release", "api"), ALL)
def test_operations_codes_and_events_read_the_same_from_both(published: Path, release: str, api: str) -> None:
    ours, theirs = contracts.contract(release, api), published_contract(published, release, api)
    assert theirs.api == api
    assert ours.base_path == theirs.base_path
    assert {name: facts_of(operation) for name, operation in ours.operations.items()} == {
        name: facts_of(operation) for name, operation in theirs.operations.items()
    }
    assert (ours.callback, ours.event_schema, ours.event_types) == (
        theirs.callback,
        theirs.event_schema,
        theirs.event_types,
    )


def clauses(value: Json, pointer: str) -> Iterator[str]:
    """Pointers of all constraints under `pointer`."""
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    yield pointer
    for key, item in items:
        yield from clauses(item, f"{pointer}/{str(key).replace('~', '~0').replace('/', '~1')}")


@pytest.mark.parametrize(("release", "api"), ALL)
def test_each_clause_stands_in_the_published_document_too(published: Path, release: str, api: str) -> None:
    theirs = set(clauses(published_contract(published, release, api).document["components"]["schemas"], SCHEMAS))
    ours = {
        clause
        for clause in clauses(contracts.contract(release, api).document["components"]["schemas"], SCHEMAS)
        if not clause.startswith(f"{SCHEMAS}/XCorrelator") or release not in ("r1.3", "r2.2")  # inline there
        if not clause.endswith("/accessToken/writeOnly")  # mended: an echo without its token is tolerated
    }
    assert ours - theirs == set()


def test_codes_of_r1_3_are_shown_but_bind_nobody() -> None:
    contract = contracts.contract("r1.3", "qod-provisioning")
    operation = contract.operations["retrieveProvisioningByDevice"]
    assert operation.errors[404] == ("NOT_FOUND", "DEVICE_NOT_FOUND")
    assert operation.errors[500] == ("INTERNAL",)
    assert operation.enumerated == frozenset()
    pointer = contract.response_pointer(operation.id, 404)
    assert pointer is not None
    answer = {"status": 404, "code": "ANYTHING", "message": "…"}
    assert contract.validate(answer, pointer, direction="response") == []


def test_codes_are_enumerated_from_r2_2_on() -> None:
    contract = contracts.contract("r2.2", "qod-provisioning")
    operation = contract.operations["retrieveProvisioningByDevice"]
    assert operation.enumerated == set(operation.errors)
    pointer = contract.response_pointer(operation.id, 404)
    assert pointer is not None
    answer = {"status": 404, "code": "ANYTHING", "message": "…"}
    (error,) = contract.validate(answer, pointer, direction="response")
    assert error.message == "$.code: expected one of NOT_FOUND, IDENTIFIER_NOT_FOUND, got 'ANYTHING'"


def test_revocation_is_answered_by_202_with_a_body_or_204_without() -> None:
    contract = contracts.contract("r3.2", "qos-provisioning")
    assert contract.operations["revokeQosAssignment"].success == (202, 204)
    assert contract.response_pointer("revokeQosAssignment", 202) is not None
    assert contract.response_pointer("revokeQosAssignment", 204) is None


@pytest.mark.parametrize(("release", "api"), ALL)
def test_shown_contract_loads_as_the_same(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], release: str, api: str
) -> None:
    assert main(["contract", "show", "--release", release, "--api", api]) == 0
    path = tmp_path / f"{api}.yaml"
    path.write_text(capsys.readouterr().out, encoding="utf-8")
    assert contracts.load(str(path)) == contracts.document(release, api)
    assert main(["contract", "diff", f"{release}:{api}", str(path)]) == 0
    assert capsys.readouterr().out == f"{release}:{api} and {path} require the same\n"
