"""What schemathesis gets, and what of it reaches the user."""

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import cast

import httpx
import pytest
import schemathesis.checks
from jsonschema import Draft4Validator

from pytest_nac_qod import catalogue, contracts
from pytest_nac_qod.foundation.jsontypes import Json
from pytest_nac_qod.generated import false_alarms
from pytest_nac_qod.generated.sent import Sent
from pytest_nac_qod.generated.tuned import document
from pytest_nac_qod.reference import ReferenceServer
from pytest_nac_qod.suite import bodies
from pytest_nac_qod.target import Target
from pytest_nac_qod.wire.client import Answer
from pytest_nac_qod.wire.exchange import Exchange
from pytest_nac_qod.wire.resources import resource_of
from tests.support.generated_runs import cases, embedded

FAMILY = [(release, api) for release in contracts.RELEASES for api in contracts.apis(release)]


def target(release: str) -> Target:
    return ReferenceServer(release=release, port=1).target()


def body_schemas(openapi: Json) -> Iterator[Json]:
    for item in openapi["paths"].values():
        for operation in item.values():
            if "requestBody" in operation:
                yield operation["requestBody"]["content"]["application/json"]["schema"]


@pytest.mark.parametrize(("release", "api"), FAMILY)
def test_document_of_an_operation_is_in_one_piece(release: str, api: str) -> None:
    contract = contracts.contract(release, api)
    for name, operation in contract.operations.items():
        openapi = document(contract, target(release), operation)
        assert "$ref" not in json.dumps(openapi)
        assert "allOf" not in json.dumps(openapi)
        described = openapi["paths"][operation.path][operation.method.lower()]
        assert described["operationId"] == name
        assert set(described["responses"]) == {str(status) for status in (*operation.success, *operation.errors)}


@pytest.mark.parametrize(("release", "api"), [(release, api) for release, api in FAMILY if api != "qos-profiles"])
def test_body_that_the_target_accepts_fits_and_one_without_a_device_does_not(release: str, api: str) -> None:
    contract = contracts.contract(release, api)
    resource = resource_of(contract)
    assert resource
    right = bodies.creation(target(release), resource)
    operation = contract.operations[resource.create]
    described = [document(contract, target(release), operation, device=device) for device in (True, False)]
    schemas = [
        openapi["paths"][operation.path]["post"]["requestBody"]["content"]["application/json"]["schema"]
        for openapi in described
    ]
    bare = {name: value for name, value in right.items() if name != "device"}
    assert Draft4Validator(schemas[0]).is_valid(right)
    assert not Draft4Validator(schemas[0]).is_valid(bare)
    assert Draft4Validator(schemas[1]).is_valid(bare)
    assert "device" not in schemas[1]["properties"]


def test_profiles_and_durations_are_those_of_the_target() -> None:
    contract = contracts.contract("r3.2", "quality-on-demand")
    openapi = document(contract, target("r3.2"), contract.operations["createSession"])
    properties = openapi["paths"]["/sessions"]["post"]["requestBody"]["content"]["application/json"]["schema"][
        "properties"
    ]
    assert properties["qosProfile"] == {"type": "string", "enum": ["QOS_L"]}
    assert (properties["duration"]["minimum"], properties["duration"]["maximum"]) == (60, 86400)
    assert properties["sinkCredential"]["properties"]["credentialType"]["enum"] == ["ACCESSTOKEN"]


@pytest.mark.parametrize(
    ("token", "refusable"), [("made-up", False), ("a.b_c~d+e/f==", False), ("two words", True), ("²", True), ("", True)]
)
def test_token_that_no_header_can_carry_may_be_refused(token: str, refusable: bool) -> None:  # noqa: FBT001 - a case
    body = {"sinkCredential": {"credentialType": "ACCESSTOKEN", "accessToken": token}}
    sent = Sent(Answer(httpx.Response(400), cast("Exchange", None)), body, ())
    assert false_alarms.excused("positive_data_acceptance", "createSession", sent) is refusable


def test_false_alarms_have_reasons_and_name_what_there_is() -> None:
    schemathesis.checks.load_all_checks()
    operations = {row.operation for release in contracts.RELEASES for row in catalogue.generated_rules(release)}
    for entry in false_alarms.known():
        assert entry["check"] in schemathesis.checks.CHECKS.get_all_names()
        assert set(entry["operation"]) <= operations | {"*"}
        assert entry.get("when", "port range reversed") in false_alarms.WHEN
        assert len(entry["reason"]) > 30


@pytest.mark.slow
@pytest.mark.parametrize(
    ("fault", "pattern", "expected", "path"),
    [
        ("access_token_type_unchecked", "create_session_contract [coverage]", "a refusal, since", "Type"),
        ("create_answers_200", "create_session_contract [fuzzing]", "Undocumented status code", "$.code"),
    ],
)
def test_failures_become_violations_with_evidence(fault: str, pattern: str, expected: str, path: str) -> None:
    with embedded("r3.2") as server:
        (row_case,) = cases("r3.2", pattern=pattern)
        case = server.case(row_case, fault)
    first = case.violations[0]
    assert first.rule == row_case.row.id
    assert first.expected.startswith(expected)
    assert path in first.path
    assert first.clause.startswith("quality-on-demand#/")
    assert first.exchange in {exchange.id for exchange in case.client.exchanges}
    assert len({violation.clause + violation.path for violation in case.violations}) == len(case.violations)


def test_its_pytest_plugin_is_not_loaded(tmp_path: Path) -> None:
    code = (
        "import sys; from pytest_nac_qod.cli import main;"
        "chosen = ['--max-examples', '2', '--scenario', 'nac_generated_get_session_contract*'];"
        "status = main(['check', *chosen, '--', '-q', '-k', 'fuzzing']);"
        "assert 'schemathesis' in sys.modules and 'schemathesis.pytest.plugin' not in sys.modules, 'loaded';"
        "sys.exit(status)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False, cwd=tmp_path)
    assert done.returncode == 0, done.stdout + done.stderr
