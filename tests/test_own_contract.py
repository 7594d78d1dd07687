"""--contract: a document of somebody's own is matched by method and path, and judged by where its parts are used."""

import json
import re
import subprocess
from pathlib import Path

import pytest
import yaml

from pytest_nac_qod import catalogue, contracts
from pytest_nac_qod.checks import answer, rules
from pytest_nac_qod.contracts.pointers import resolved
from pytest_nac_qod.run.plan import Plan, plan
from pytest_nac_qod.run.settings import settings
from pytest_nac_qod.wire.exchange import Exchange, Request, Response
from pytest_nac_qod.wire.resources import resource_of
from tests.support import own_documents
from tests.support.commands import nac_qod

APIS = [(release, api) for release in contracts.RELEASES for api in contracts.apis(release)]
QOD = "quality-on-demand"
PREFIX = "/gateway/qod/v7"


def check(*arguments: str, folder: Path) -> subprocess.CompletedProcess[str]:
    return nac_qod("check", *arguments, "--", "-q", "-p", "no:randomly", folder=folder)


@pytest.fixture(autouse=True)
def importable(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PYTHONPATH", str(Path(__file__).parent.parent))
    monkeypatch.delenv("QOD_TOKEN", raising=False)


def planned(**given: object) -> Plan:
    return plan(settings({"release": "r3.2", "max_examples": "0", **given}))


def refusal(**given: object) -> str:
    with pytest.raises(pytest.UsageError) as caught:
        planned(**given)
    return str(caught.value)


@pytest.mark.parametrize(("release", "api"), APIS)
def test_renamed_document_has_the_operations_of_the_release(release: str, api: str) -> None:
    standard = contracts.contract(release, api)
    own = contracts.contract_of(own_documents.renamed(release, api, prefix=PREFIX), release, api)
    assert list(own.operations) == list(standard.operations)
    assert [item.path for item in own.operations.values()] == [item.path for item in standard.operations.values()]
    assert [item.errors for item in own.operations.values()] == [item.errors for item in standard.operations.values()]
    assert own.alignment.missing == own.alignment.extra == ()
    assert all(item.pointer.startswith(f"#/paths/{PREFIX.replace('/', '~1')}") for item in own.operations.values())
    assert own.event_types == standard.event_types
    for name in standard.operations:
        assert [item["name"] for _, item in own.parameters(name)] == [
            item["name"] for _, item in standard.parameters(name)
        ]
    expected, actual = resource_of(standard), resource_of(own)
    assert (actual is None) == (expected is None)
    if expected and actual:
        assert (actual.create, actual.read, actual.id) == (expected.create, expected.read, expected.id)
        assert actual.schema == expected.schema.replace("schemas/", "schemas/Their")


@pytest.mark.parametrize(("release", "api"), APIS)
def test_components_are_known_by_where_they_are_used(release: str, api: str) -> None:
    standard = contracts.contract(release, api)
    own = contracts.contract_of(own_documents.renamed(release, api), release, api)
    for kind in ("schemas", "headers", "parameters"):
        for name in standard.document["components"][kind]:
            pointer = f"#/components/{kind}/{name}"
            assert own.place(pointer) == f"#/components/{kind}/Their{name}"


@pytest.mark.parametrize(("release", "api"), APIS)
def test_clauses_of_rules_lead_into_the_document(release: str, api: str) -> None:
    own = contracts.contract_of(own_documents.renamed(release, api), release, api)
    for case in catalogue.cases(release, (api,)):
        if case.row.clause.startswith("#/components/schemas"):
            place = own.place(case.row.clause)
            assert "/Their" in place
            resolved(own.document, place.removesuffix("/description"))


def test_schema_that_is_written_out_where_it_is_used_is_found_there() -> None:
    document = contracts.document("r3.2", QOD)
    schemas = {name: value for name, value in document["components"]["schemas"].items() if name != "Port"}
    text = json.dumps({**document, "components": {**document["components"], "schemas": schemas}})
    port = json.dumps(document["components"]["schemas"]["Port"])
    own = contracts.contract_of(json.loads(text.replace('{"$ref": "#/components/schemas/Port"}', port)), "r3.2", QOD)
    assert own.place("#/components/schemas/Port").endswith("/properties/publicPort")
    assert own.resolved_as("#/components/schemas/Port/maximum") == 65535


def exchange(operation: str, status: int, body: object, *headers: tuple[str, str]) -> Exchange:
    content = ("Content-Type", "application/json")
    return Exchange(
        id="x1",
        operation=operation,
        role="judged",
        request=Request(method="GET", url="https://qod.example/", headers=(("x-correlator", "abc"),), body=""),
        response=Response(status=status, headers=(content, *headers), body=json.dumps(body)),
        error=None,
        started="2026-01-01T00:00:00Z",
        seconds=0.0,
    )


@pytest.mark.parametrize("release", contracts.RELEASES)
def test_answers_are_held_against_renamed_components(release: str) -> None:
    own = contracts.contract_of(own_documents.renamed(release, QOD), release, QOD)
    wrong = exchange("getSession", 404, {"status": 405, "code": "NOT_FOUND", "message": "?"})
    assert [violation.clause for violation in answer.correlator(wrong, own)] == [
        f"{QOD}#/components/headers/Theirx-correlator"
    ]
    shown = {violation.clause.rpartition("#")[2] for violation in rules.error_shape(wrong, own)}
    assert shown >= {f"/components/schemas/TheirErrorInfo/properties/{name}" for name in ("status", "message")}


def test_document_without_a_correlator_is_held_to_that_of_the_release() -> None:
    document = json.loads(json.dumps(contracts.document("r4.1", QOD)))
    del document["components"]["headers"], document["components"]["parameters"]
    event = document["paths"]["/sessions"]["post"]["callbacks"]["notifications"]["{$request.body#/sink}"]["post"]
    event["parameters"] = []
    for response in event["responses"].values():
        response.pop("headers", None)
    for item in document["paths"].values():
        for operation in item.values():
            operation["parameters"] = [entry for entry in operation["parameters"] if "$ref" not in entry]
            for response in operation["responses"].values():
                response.pop("headers", None)
    own = contracts.contract_of(document, "r4.1", QOD)
    not_found = exchange("getSession", 404, {"status": 404, "code": "NOT_FOUND", "message": "no"})
    assert [entry.clause for entry in answer.correlator(not_found, own)] == [f"{QOD}#/components/headers/x-correlator"]


def test_mended_document_is_mended_under_another_name() -> None:
    own = contracts.contract_of(own_documents.renamed("r4.1", "qos-provisioning"), "r4.1", "qos-provisioning")
    standard = contracts.contract("r4.1", "qos-provisioning")
    mended = standard.document["components"]["schemas"]["EventStatusChanged"]
    assert "Their" in json.dumps(own.document["components"]["schemas"]["TheirEventStatusChanged"])
    text = json.dumps(own.document["components"]["schemas"]["TheirEventStatusChanged"]).replace("Their", "")
    assert json.loads(text) == mended


@pytest.mark.parametrize("release", contracts.RELEASES)
def test_published_document_stands_for_itself(published: Path, release: str) -> None:
    for path in sorted((published / release).glob("*.yaml")):
        api = path.stem
        own = contracts.contract_of(contracts.load(str(path)), release, api)
        assert own.alignment.missing == own.alignment.extra == ()
        for name in contracts.contract(release, api).document["components"]["schemas"]:
            written_out = name not in own.document["components"]["schemas"]
            assert written_out or own.place(f"#/components/schemas/{name}") == f"#/components/schemas/{name}"


def test_operation_that_the_document_lacks_is_named(tmp_path: Path) -> None:
    document = own_documents.without(own_documents.renamed("r3.2", QOD), "get", "/sessions/{key}")
    path = tmp_path / own_documents.written(tmp_path, document)
    assert refusal(contract=path, api=(QOD,)) == (
        f"--qod-contract: {path} has no GET /sessions/{{sessionId}} (getSession of quality-on-demand) in its paths; "
        "add it, or name the operations to test with --qod-operation"
    )


def test_operation_that_is_left_out_may_be_missing(tmp_path: Path) -> None:
    document = own_documents.without(own_documents.renamed("r3.2", QOD), "get", "/sessions/{key}")
    path = tmp_path / own_documents.written(tmp_path, document)
    run_plan = planned(contract=path, api=(QOD,), operation=("createSession", "deleteSession"))
    assert {case.row.operation for case in run_plan.cases} == {"createSession", "deleteSession"}
    assert planned(contract=path, api=("quality-on-demand",), scenario=("*deleteSession*",)).cases


def test_document_of_another_api_is_said_to_be_one(tmp_path: Path) -> None:
    path = tmp_path / own_documents.written(tmp_path, own_documents.renamed("r3.2", "qos-profiles"))
    assert refusal(contract=path, api=(QOD,)) == (
        f"--qod-contract: {path} is a contract of 'qos-profiles', which is not tested here; tested: quality-on-demand"
    )


def test_document_of_something_else_is_said_to_be_none(tmp_path: Path) -> None:
    document = {"openapi": "3.0.3", "paths": {"/pets": {"get": {"responses": {200: {"description": "pets"}}}}}}
    path = tmp_path / "pets.yaml"
    path.write_text(yaml.safe_dump(document), encoding="utf-8")
    assert refusal(contract=path) == (
        f"--qod-contract: {path} has no operation of quality-on-demand, qos-profiles, qos-provisioning r3.2; "
        "expected such as POST /sessions in its paths"
    )


def test_document_of_two_apis_serves_for_both(tmp_path: Path) -> None:
    sessions, profiles = (own_documents.renamed("r3.2", api, prefix=f"/{api}/v9") for api in (QOD, "qos-profiles"))
    both = {
        **sessions,
        "paths": sessions["paths"] | profiles["paths"],
        "components": {
            kind: {**profiles["components"].get(kind, {}), **part} for kind, part in sessions["components"].items()
        },
    }
    path = tmp_path / own_documents.written(tmp_path, both)
    run_plan = planned(contract=path)
    assert [api for api, contract in run_plan.contracts.items() if contract.standard] == [QOD, "qos-profiles"]
    assert run_plan.notes == ()


def test_operation_that_the_release_does_not_have_is_told(tmp_path: Path) -> None:
    document = own_documents.renamed("r3.2", "qos-profiles")
    extra = {"get": {"responses": {"200": {"description": "all profiles"}}}}
    document["paths"]["/qos-profiles"] = extra
    name = own_documents.written(tmp_path, document)
    note = "own.json: GET /qos-profiles without published scenarios, tested by generated rules alone"
    assert planned(contract=tmp_path / name).notes == (note,)
    done = check("--contract", name, "--api", "qos-profiles", "--scenario", "*getQosProfile_0*", folder=tmp_path)
    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stdout.count(note) == 1


def test_missing_operation_ends_nac_qod_check_with_one_line(tmp_path: Path) -> None:
    document = own_documents.without(own_documents.renamed("r3.2", QOD), "post", "/retrieve-sessions")
    done = check("--contract", own_documents.written(tmp_path, document), "--api", QOD, folder=tmp_path)
    assert done.returncode == 2
    said = (done.stdout + done.stderr).strip().splitlines()
    assert len(said) == 1
    assert "own.json has no POST /retrieve-sessions (retrieveSessionsByDevice of quality-on-demand)" in said[0]


@pytest.mark.slow
@pytest.mark.parametrize(("release", "api", "examples"), [("r1.3", "qod-provisioning", "1"), ("r4.1", QOD, "0")])
def test_run_with_a_renamed_document_judges_as_before(tmp_path: Path, release: str, api: str, examples: str) -> None:
    name = own_documents.written(tmp_path, own_documents.renamed(release, api, prefix=PREFIX))
    some = ("--release", release, "--api", api, "--mode", "strict", "--report", "report")
    done = check(*some, "--contract", name, "--max-examples", examples, folder=tmp_path)
    assert done.returncode == 0, done.stdout + done.stderr
    document = json.loads((tmp_path / "report" / "results.json").read_text(encoding="utf-8"))
    assert {result["verdict"] for result in document["results"]} == {"pass"}
    assert {result["operation"] for result in document["results"]} == set(contracts.contract(release, api).operations)


def test_setup_uses_operations_that_the_document_leaves_out(tmp_path: Path) -> None:
    document = own_documents.without(own_documents.renamed("r3.2", QOD), "delete", "/sessions/{key}")
    document = own_documents.without(document, "post", "/sessions")
    name = own_documents.written(tmp_path, document)
    some = ("--api", QOD, "--operation", "getSession", "--mode", "strict", "--max-examples", "0")
    done = check("--contract", name, *some, folder=tmp_path)
    assert done.returncode == 0, done.stdout + done.stderr


def test_renamed_operation_of_the_main_branch_is_judged_as_before(published: Path, tmp_path: Path) -> None:
    text = (published / "r4.1" / "qos-profiles.yaml").read_text(encoding="utf-8")
    changed = re.sub(r"operationId: retrieveQoSProfiles", "operationId: retrieveQosProfiles", text)
    assert changed != text
    (tmp_path / "main.yaml").write_text(changed, encoding="utf-8")
    some = ("--release", "r4.1", "--api", "qos-profiles", "--max-examples", "0")
    done = check(*some, "--contract", "main.yaml", folder=tmp_path)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "qos-profiles retrieveQoSProfiles" in done.stdout
