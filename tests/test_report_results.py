"""results.json: what a run leaves for reports to read."""

import json
from datetime import datetime
from pathlib import Path

import jsonschema
import pytest

from pytest_nac_qod.report import results
from pytest_nac_qod.run.options import TOKEN_VARIABLE


def check(pytester: pytest.Pytester, *options: str) -> dict[str, object]:
    pytester.runpytest_inprocess("--pyargs", "pytest_nac_qod.conformance", "-q", "--qod-report=out", *options)
    report: dict[str, object] = json.loads(Path(pytester.path, "out", "results.json").read_text(encoding="utf-8"))
    jsonschema.validate(report, results.schema())
    return report


def test_a_run_says_what_it_takes_to_repeat_it(pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(TOKEN_VARIABLE, "never-told")
    report = check(pytester, "-k", "createSession_400.5", "--qod-mode=strict", "--qod-api=quality-on-demand")
    run = report["run"]
    assert isinstance(run, dict)
    assert run["options"] == {"api": ["quality-on-demand"], "mode": "strict", "report": "out"}
    assert datetime.fromisoformat(run["started"]) <= datetime.fromisoformat(run["ended"])
    assert {"pytest", "httpx", "jsonschema"} <= set(run["packages"])
    assert run["unsupported"] == {}
    assert "never-told" not in json.dumps(report)


def test_each_result_says_what_was_required_in_words(pytester: pytest.Pytester) -> None:
    report = check(pytester, "-k", "createSession_400.5", "--qod-fault=device_port_maximum_unchecked")
    for result in report["results"]:  # type: ignore[attr-defined] # checked by the schema
        assert result["requirement"] == "A port outside the range of port numbers is refused."
        assert result["release"] == "r3.2"
        assert "400 OUT_OF_RANGE" in result["accepted"]
