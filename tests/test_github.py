"""What a run tells GitHub Actions, and the workflow and action that one can copy."""

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

from pytest_nac_qod.foundation.jsontypes import Json
from pytest_nac_qod.report.terminal import github
from pytest_nac_qod.run.options import OPTIONS
from tests.support.commands import nac_qod

EXAMPLES = Path(__file__).parent.parent / "examples" / "github"
CHECK = ("check", "--max-examples", "0")
QUIET = ("-p", "no:cacheprovider", "-p", "no:randomly", "-p", "no:xdist", "-q")
ABOUT: Json = {"release": "r3.2", "mode": "lenient", "target": {"name": "net|work <b>", "apis": {}}}


def result(verdict: str, number: int = 1, actual: str = "answered 201") -> Json:
    violation = {"clause": "quality-on-demand#/paths", "expected": "400 INVALID_ARGUMENT", "actual": actual,
                 "exchange": "x1", "severity": "must", "reason": ""}  # fmt: skip
    failed = verdict == "fail"
    return {"id": f"a_{number:02}", "case": "$.x", "api": "quality-on-demand", "operation": "getSession",
            "verdict": verdict, "reason": "" if failed else "why", "exchanges": [],
            "violations": [violation] if failed else []}  # fmt: skip


def test_failures_are_errors_and_what_was_not_judged_is_a_warning() -> None:
    results = [result("pass"), result("inconclusive", 2), result("fail"), result("known")]
    failure = ("expected  400 INVALID_ARGUMENT", "actual    answered 201", "clause    quality-on-demand#/paths")
    assert list(github.annotations(results, "r3.2")) == [
        f"::error title=FAIL  a_01 [$.x]  r3.2::{'%0A'.join(failure)}",
        "::warning title=INCONCLUSIVE  a_02 [$.x]  r3.2::reason    why",
    ]


def test_no_text_of_the_target_is_a_command_of_its_own() -> None:
    (annotation,) = github.annotations([result("fail", actual="100%\r\n::set-env name=X::1")], "r3.2")
    assert "\n" not in annotation
    assert "\r" not in annotation
    assert "actual    100%25" in annotation
    assert github.command("error", "a: 50%, b\n::x", "c: 50%, d\n::y") == (
        "::error title=a%3A 50%25%2C b%0A%3A%3Ax::c: 50%25, d%0A::y"
    )


def test_ten_of_a_kind_are_shown_and_the_others_counted() -> None:
    annotations = list(github.annotations([result("fail", number) for number in range(14)], "r3.2"))
    assert len(annotations) == 11
    assert annotations[-1] == "::notice title=QoD conformance::4 more are in the job's summary and in the report"


def test_summary_has_the_table_and_what_is_wrong() -> None:
    text = github.summary(ABOUT, [result("pass"), result("fail", 2, "<b>|`*x*`")])
    assert text.splitlines() == [
        r"## QoD conformance: a requirement is broken \(2 cases\)",
        "",
        r"net\|work \<b\>\, r3\.2\, lenient",
        "",
        "| operation | pass | fail | warn |",
        "| --- | --: | --: | --: |",
        r"| quality\-on\-demand getSession | 1 | 1 | 0 |",
        "| all | 1 | 1 | 0 |",
        "",
        r"- **fail** a\_02 \[\$\.x\]",
        r"  - expected 400 INVALID\_ARGUMENT\, got \<b\>\|\`\*x\*\` \(quality\-on\-demand\#\/paths\)",
    ]


def test_summary_is_bounded() -> None:
    text = github.summary(ABOUT, [result("fail", number, "x" * 2000) for number in range(1000)])
    assert len(text.encode()) < 2**20
    assert text.splitlines()[-1] == "- and 800 more"


def check(folder: Path, **environ: str) -> subprocess.CompletedProcess[str]:
    with pytest.MonkeyPatch.context() as patch:
        for name in [name for name in os.environ if name.startswith("GITHUB_")]:
            patch.delenv(name)
        for name, value in environ.items():
            patch.setenv(name, value)
        words = (*CHECK, "--fault", "conflict_ignored", "--scenario", "*_createSession_409*", "--", *QUIET)
        return nac_qod(*words, folder=folder)


def test_a_run_there_annotates_and_adds_to_the_summary(tmp_path: Path) -> None:
    path = tmp_path / "summary.md"
    path.write_text("before\n", encoding="utf-8")
    done = check(tmp_path, GITHUB_ACTIONS="true", GITHUB_STEP_SUMMARY=str(path))
    assert done.returncode == 1
    assert len(re.findall(r"^::error title=FAIL ", done.stdout, re.MULTILINE)) == 1
    text = path.read_text(encoding="utf-8")
    assert text.startswith("before\n## QoD conformance: a requirement is broken ")


def test_a_run_elsewhere_does_not(tmp_path: Path) -> None:
    done = check(tmp_path, GITHUB_STEP_SUMMARY=str(tmp_path / "summary.md"))
    assert "::error" not in done.stdout
    assert not (tmp_path / "summary.md").exists()


def loaded(path: Path) -> Any:  # noqa: ANN401 - YAML
    content = yaml.safe_load(path.read_text(encoding="utf-8"))
    return {("on" if key is True else key): value for key, value in content.items()}  # YAML 1.1 takes `on` for true


def action() -> Any:  # noqa: ANN401 - YAML
    return loaded(EXAMPLES / "action" / "action.yml")


def test_action_declares_what_it_uses_and_uses_what_it_declares() -> None:
    definition = action()
    assert definition["runs"]["using"] == "composite"
    used = set(re.findall(r"inputs\.([\w-]+)", json.dumps(definition["runs"])))
    assert used == set(definition["inputs"])
    for name, declared in definition["inputs"].items():
        assert declared["description"], name
        assert isinstance(declared["default"], str), name


def test_action_puts_no_input_into_a_script() -> None:
    for step in action()["runs"]["steps"]:
        assert "run" in step or "uses" in step
        assert "${{" not in step.get("run", "")
        assert ("run" in step) == ("shell" in step)
        for variable in set(re.findall(r"\$\{?([A-Z]+)", step.get("run", ""))):
            assert variable in step["env"]


def test_action_gives_options_that_there_are() -> None:
    steps = {step.get("name"): step for step in action()["runs"]["steps"]}
    known = {f"--{option.name}" for option in OPTIONS}
    for name in ("Check", "Preflight"):
        assert set(re.findall(r"--[a-z-]+", steps[name]["run"])) <= known


def test_workflow_gives_the_action_inputs_that_there_are() -> None:
    workflow = loaded(EXAMPLES / "workflow.yml")
    assert {"workflow_dispatch", "schedule"} <= set(workflow["on"])
    assert workflow["permissions"] == {"contents": "read"}
    steps = workflow["jobs"]["conformance"]["steps"]
    (ours,) = (step for step in steps if step["uses"].startswith("./"))
    assert set(ours["with"]) <= set(action()["inputs"])


@pytest.mark.skipif(shutil.which("bash") is None, reason="needs bash")
@pytest.mark.parametrize("word", ["level", pytest.param("profile", marks=pytest.mark.slow)])
def test_step_of_the_action_runs_as_it_stands(word: str, tmp_path: Path) -> None:
    steps = {step.get("name"): step for step in action()["runs"]["steps"]}
    brief = "--max-examples 0 --api qos-profiles"  # what a run finds is tested elsewhere
    script = f'#!/bin/sh\nexec {sys.executable} -m pytest_nac_qod "$@" {brief}\n'
    (tmp_path / "nac-qod").write_text(script, encoding="utf-8")
    (tmp_path / "nac-qod").chmod(0o755)
    (tmp_path / "my file.toml").write_text("", encoding="utf-8")
    inputs = {name: declared["default"] for name, declared in action()["inputs"].items()}
    inputs |= {"expectations": "my file.toml", word: "core"}
    named = {name: re.findall(r"inputs\.([\w-]+)", value) for name, value in steps["Check"]["env"].items()}
    given = {name: next((inputs[word] for word in words if inputs[word]), "") for name, words in named.items()}
    environment = os.environ | given | {"PATH": f"{tmp_path}:{os.environ['PATH']}"}
    done = subprocess.run(
        ["bash", "-eo", "pipefail", "-c", steps["Check"]["run"]],
        cwd=tmp_path, env=environment, capture_output=True, text=True, check=False, timeout=300,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
    document = json.loads((tmp_path / "qod-report" / "results.json").read_text(encoding="utf-8"))
    assert document["run"]["level"] == "core"
    assert document["run"]["options"]["expectations"] == "my file.toml"


@pytest.mark.skipif(shutil.which("bash") is None, reason="needs bash")
def test_what_preflight_says_is_kept_when_it_fails(tmp_path: Path) -> None:
    steps = {step.get("name"): step for step in action()["runs"]["steps"]}
    (tmp_path / "nac-qod").write_text("#!/bin/sh\necho 'no token'\nexit 1\n", encoding="utf-8")
    (tmp_path / "nac-qod").chmod(0o755)
    given = {"TARGET": "t.toml", "RELEASE": "", "REPORT": "kept", "PATH": f"{tmp_path}:{os.environ['PATH']}"}
    command = ["bash", "-eo", "pipefail", "-c", steps["Preflight"]["run"]]
    done = subprocess.run(command, cwd=tmp_path, env=os.environ | given, capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert (tmp_path / "kept" / "preflight.txt").read_text(encoding="utf-8") == "no token\n"
    assert steps["Keep the report"]["if"] == "always()"
    assert steps["Keep the report"]["with"]["path"] == steps["Check"]["env"]["REPORT"]


def test_gitlab_template_does_the_same() -> None:
    template = loaded(EXAMPLES.parent / "gitlab" / "qod-conformance.yml")
    job, variables = template["qod-conformance"], template["variables"]
    script = "\n".join(job["script"])
    known = {f"--{option.name}" for option in OPTIONS}
    assert set(re.findall(r"(?<= )--[a-z-]+", script)) - {"--quiet"} <= known
    assert set(re.findall(r"QOD_[A-Z]+", script)) == set(variables)
    assert variables["QOD_REQUIREMENT"] == action()["inputs"]["requirement"]["default"] == "pytest-nac-qod[all]"
    assert job["artifacts"]["when"] == "always"
    assert job["artifacts"]["reports"] == {"junit": "$QOD_REPORT/junit.xml"}
