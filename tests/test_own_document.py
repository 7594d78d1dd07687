"""What is judged by a document that is not the release's own says so, everywhere."""

import hashlib
import json
from pathlib import Path

import pytest
import yaml

from pytest_nac_qod import contracts
from pytest_nac_qod.cli import main
from pytest_nac_qod.foundation.jsontypes import JsonObject
from pytest_nac_qod.report import standard, statement
from pytest_nac_qod.report.records import ResultsDocument
from pytest_nac_qod.report.results import problems
from pytest_nac_qod.report.signing import attestation
from pytest_nac_qod.report.terminal.headline import headline
from pytest_nac_qod.run.plan import Plan, plan
from pytest_nac_qod.run.settings import settings
from tests.support import own_documents

QOD = "quality-on-demand"


def written(folder: Path, document: JsonObject, name: str = "own.yaml") -> Path:
    path = folder / name
    path.write_text(yaml.safe_dump(json.loads(json.dumps(document))), encoding="utf-8")
    return path


def changed(release: str = "r4.1", api: str = QOD) -> JsonObject:
    """A copy of the contract, to be changed."""
    copy: JsonObject = json.loads(json.dumps(contracts.document(release, api)))
    return copy


def planned(**given: object) -> Plan:
    return plan(settings({"max_examples": "1", **given}))


def refusal(**given: object) -> str:
    with pytest.raises(pytest.UsageError) as caught:
        planned(**given)
    return str(caught.value)


def test_loosened_document_is_recorded_with_sum_and_changes(tmp_path: Path) -> None:
    document = changed()
    document["components"]["schemas"]["Port"]["maximum"] = 70000
    document["components"]["schemas"]["SessionInfo"]["allOf"][2].pop("required")
    path = written(tmp_path, document)
    (record,) = planned(contract=path).judged_by
    assert record["kind"] == "own document"
    assert (record["name"], record["release"], record["apis"]) == ("own.yaml", "r4.1", [QOD])
    assert record["sha256"] == hashlib.sha256(path.read_bytes()).hexdigest()
    assert (record["changes"]["looser"], record["changes"]["stricter"]) == (2, 0)


def test_document_under_other_names_requires_the_same(tmp_path: Path) -> None:
    path = written(tmp_path, own_documents.renamed("r4.1", QOD, prefix="/gateway"))
    (record,) = planned(contract=path, api=(QOD,)).judged_by
    assert standard.changes(record) == "it requires the same"


@pytest.mark.parametrize("release", contracts.RELEASES)
def test_release_is_known_by_the_version(tmp_path: Path, release: str) -> None:
    for api in contracts.apis(release):
        assert planned(contract=written(tmp_path, changed(release, api))).release == release


def test_release_of_an_unknown_version_must_be_given(tmp_path: Path) -> None:
    document = changed()
    document["info"]["version"] = "1.3.0-wip"
    path = written(tmp_path, document)
    assert refusal(contract=path) == (
        f"--qod-contract: {path} is version 1.3.0-wip, which is of no release; "
        "say with --qod-release whose scenarios to run: r1.3, r2.2, r3.2, r4.1"
    )
    assert planned(contract=path, release="r3.2").release == "r3.2"


def test_release_of_the_target_file_counts(tmp_path: Path) -> None:
    target = tmp_path / "target.toml"
    target.write_text('name = "x"\n', encoding="utf-8")
    said = refusal(contract=written(tmp_path, changed("r4.1")), target=target)
    assert "--qod-contract" not in said  # of r4.1, which the file does not contradict


def usage() -> JsonObject:
    reading = changed()["paths"]["/sessions/{sessionId}"]["get"]
    return {**reading, "operationId": "getSessionUsage"}


def test_operation_without_scenarios_gets_generated_rules_and_is_listed(tmp_path: Path) -> None:
    document = changed()
    document["paths"]["/sessions/{sessionId}/usage"] = {"get": usage()}
    run_plan = planned(contract=written(tmp_path, document))
    new = [case for case in run_plan.cases if case.row.operation == "getSessionUsage"]
    assert [str(case) for case in new] == [
        "nac_generated_getSessionUsage_contract [coverage]",
        "nac_generated_getSessionUsage_contract [fuzzing]",
    ]
    assert [str(outcome) for outcome in new[0].row.accepted] == ["200"]
    assert run_plan.judged_by[0]["untested"] == ["GET /sessions/{sessionId}/usage"]
    assert run_plan.notes == (
        "own.yaml: GET /sessions/{sessionId}/usage without published scenarios, tested by generated rules alone",
    )


def test_files_that_the_document_refers_to_are_recorded(tmp_path: Path) -> None:
    document = changed()
    port = document["components"]["schemas"].pop("Port")
    written(tmp_path, {"components": {"schemas": {"Port": port}}}, "common.yaml")
    text = json.dumps(document).replace('"#/components/schemas/Port"', '"common.yaml#/components/schemas/Port"')
    (record,) = planned(contract=written(tmp_path, json.loads(text))).judged_by
    assert list(record["files"]) == ["common.yaml"]
    assert standard.changes(record) == "it requires the same"


def results(judged_by: str = "own document") -> ResultsDocument:
    document: ResultsDocument = {
        "suite": {"name": "pytest-nac-qod", "version": "0"},
        "release": "r4.1",
        "judged_by": [
            {
                "kind": "own document" if judged_by == "own document" else "draft",
                "name": "own.yaml" if judged_by == "own document" else "r5.0-main",
                "sha256": "a" * 64,
                "release": "r4.1",
                "apis": [QOD],
                "changes": {"looser": 2, "stricter": 0, "other": 1},
            }
        ],
        "mode": "lenient",
        "target": {"name": "My deployment", "apis": {QOD: "https://qod.example"}},
        "results": [],
        "summary": {},
        "complete": True,
    }
    return document


def test_headline_statement_and_attestation_say_so() -> None:
    document = results()
    assert headline(document).title == "Nothing was tested, judged by own document own.yaml"
    told = (
        f"quality-on-demand: judged by the own document own.yaml (SHA-256 {'a' * 64}), not by CAMARA r4.1; "
        "against that: 2 looser, 1 other."
    )
    assert headline(document).sentences[0] == told
    facts = dict(statement.facts(document))
    assert "Release" not in facts
    assert facts["Judged by"] == ["own document own.yaml"]
    assert facts["Documents"] == [f"own.yaml: SHA-256 {'a' * 64}; against r4.1: 2 looser, 1 other"]
    signed = attestation.statement(document, {})
    assert signed["predicate"]["configuration"][0]["annotations"]["judged_by"] == document["judged_by"]
    assert list(problems(json.loads(json.dumps(document)))) == []


def test_api_that_the_document_does_not_have_is_judged_by_the_release() -> None:
    document = results()
    document["target"]["apis"]["qos-profiles"] = "https://profiles.example"
    assert standard.label(document) == "own document own.yaml and CAMARA r4.1"


def test_draft_is_never_a_published_release() -> None:
    document = results("draft")
    assert headline(document).title == "Nothing was tested, judged by draft of r5.0-main"
    assert headline(document).sentences[0] == f"r5.0-main is a draft (SHA-256 {'a' * 64}), not a published release."


def test_run_says_so_in_each_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    document = changed()
    document["components"]["schemas"]["Port"]["maximum"] = 70000
    path = written(tmp_path, document)
    words = ["--contract", "own.yaml", "--scenario", "*_getSession_404*", "--report", "report", "--", "-q"]
    assert main(["check", *words, "-p", "no:randomly"]) == 0
    checksum = hashlib.sha256(path.read_bytes()).hexdigest()
    told = json.loads((tmp_path / "report" / "results.json").read_text(encoding="utf-8"))
    assert told["judged_by"][0]["sha256"] == checksum
    assert told["run"]["level"] == "own document"
    for name in ("report.html", "junit.xml"):
        text = (tmp_path / "report" / name).read_text(encoding="utf-8")
        assert checksum in text, name
        assert "own document" in text, name
    page = (tmp_path / "report" / "report.html").read_text(encoding="utf-8")
    assert "conformance · own document own.yaml and CAMARA r4.1 · level own document" in page


def test_request_that_the_document_forbids_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    document = changed()
    creation = document["components"]["schemas"]["CreateSession"]["allOf"]
    creation.append({"type": "object", "properties": {"reason": {"type": "string"}}, "required": ["reason"]})
    written(tmp_path, document)
    words = ["--contract", "own.yaml", "--scenario", "*_getSession_01*", "--report", "report", "--", "-q"]
    assert main(["check", *words, "-p", "no:randomly"]) == 3
    (result,) = json.loads((tmp_path / "report" / "results.json").read_text(encoding="utf-8"))["results"]
    assert result["verdict"] == "inconclusive"
    assert result["reason"] == (
        "its request to createSession is not valid by the own document: $.reason: expected present, got absent"
    )
