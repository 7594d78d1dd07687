"""Results of made-up runs, for the tests of reports."""

from typing import cast

from pytest_nac_qod import __version__
from pytest_nac_qod.foundation.jsontypes import Json
from pytest_nac_qod.report import results
from pytest_nac_qod.report.records import About, CaseRecord, ExchangeRecord, ResultsDocument, ViolationRecord

API = "quality-on-demand"
CORRELATOR = "f981736b-17bd-492e-8b8b-7baf9868af9d"


def violation(**changes: Json) -> ViolationRecord:
    record = {
        "rule": "quality_on_demand_getSession_404.1_not_found",
        "clause": f"{API}#/paths/~1sessions~1{{sessionId}}/get/responses/404",
        "expected": "404 NOT_FOUND",
        "actual": "410 NOT_FOUND",
        "exchange": "x1",
        "severity": "must",
        "path": "$.code",
        "reason": "",
        **changes,
    }
    return cast("ViolationRecord", record)


def exchange(number: int = 1, **changes: Json) -> ExchangeRecord:
    record = {
        "id": f"x{number}",
        "operation": "getSession",
        "role": "judged",
        "started": "2026-11-24T05:54:03.146065Z",
        "seconds": 0.002 * number,
        "request": {
            "method": "GET",
            "url": f"http://127.0.0.1:9091/{API}/v1/sessions/{CORRELATOR}?a=b&c=",
            "headers": [["x-correlator", CORRELATOR], ["Authorization", "Bearer <redacted:tokens.two_legged>"]],
            "body": "",
        },
        "response": {
            "status": 410,
            "headers": [["content-type", "application/json"], ["set-cookie", "a=1; Path=/"]],
            "body": '{"status": 410, "code": "NOT_FOUND", "message": "gone"}',
        },
        "error": None,
        **changes,
    }
    return cast("ExchangeRecord", record)


def result(verdict: str = "pass", **changes: Json) -> CaseRecord:
    record = {
        "id": "quality_on_demand_getSession_404.1_not_found",
        "kind": "scenario",
        "case": "",
        "api": API,
        "operation": "getSession",
        "release": "r3.2",
        "requirement": "The id of a session that does not exist is answered as not found.",
        "accepted": ["404 NOT_FOUND"],
        "verdict": verdict,
        "reason": "",
        "violations": [violation()] if verdict == "fail" else [],
        "exchanges": [exchange()],
        "seconds": 0.25,
        **changes,
    }
    return cast("CaseRecord", record)


def about(**changes: Json) -> About:
    record = {
        "suite": {"name": "pytest-nac-qod", "version": __version__},
        "release": "r3.2",
        "mode": "lenient",
        "target": {"name": "My deployment", "apis": {API: f"http://127.0.0.1:9091/{API}/v1"}},
        "run": {
            "level": "full",
            "selection": {"apis": [API], "operations": []},
            "started": "2026-11-24T05:54:01.567Z",
            "ended": "2026-11-24T05:54:05.239Z",
            "python": "3.14.1",
            "platform": "Linux",
            "packages": {"pytest": "9.2.0"},
            "seed": 17,
            "options": {"target": "operator.toml", "mode": "lenient", "mandatory": True, "api": [API]},
            "unsupported": {"events": "no callbacks"},
        },
    }
    return cast("About", record | changes)


def document(*cases: CaseRecord, complete: bool = True, **changes: Json) -> ResultsDocument:
    made = results.document(about(**changes), list(cases), complete=complete)
    assert results.problems(made) == []
    return made
