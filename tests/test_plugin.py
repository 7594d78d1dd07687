"""The plugin in other repos: light, inert, and with working fixtures."""

import subprocess
import sys
from pathlib import Path

import pytest

from pytest_nac_qod import contracts
from tests.support.commands import run

OURS = [f"{release}:{api}" for release in contracts.RELEASES for api in contracts.apis(release)]
HEAVY = ("httpx", "jsonschema", "starlette", "uvicorn", "trustme", "yaml", "hypothesis", "schemathesis", "tomli_w")
LATER = ("catalogue", "verdicts", "report.journal", "report.terminal.progress", "run.resuming", "run.plan")


def test_loading_the_plugin_imports_only_stdlib_and_pytest() -> None:
    code = f"""
import sys, pytest
before = set(sys.modules)
import pytest_nac_qod.plugin
tops = {{name.partition(".")[0] for name in set(sys.modules) - before}}
foreign = {{top for top in tops if top not in sys.stdlib_module_names}} - {{"pytest_nac_qod", "pytest", "_pytest"}}
sys.exit(f"{{sorted(foreign)}} imported" if foreign or tops & set({HEAVY!r}) else 0)
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")


def test_loading_the_plugin_leaves_what_a_conformance_run_needs_for_later() -> None:
    """Each of these takes longer to load than all the rest: tables, data classes, compiled expressions."""
    code = f"import sys, pytest_nac_qod.plugin; print([n for n in {LATER} if 'pytest_nac_qod.' + n in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n"


def test_a_run_that_does_not_use_it_says_nothing_of_it(pytester: pytest.Pytester) -> None:
    pytester.makepyfile("def test_one(): assert True")
    result = run(pytester)
    result.assert_outcomes(passed=1)
    result.stdout.no_fnmatch_line("*QoD*")
    assert not list(pytester.path.glob("*.jsonl"))


USE = """
def test_session(qod_client, qod_device, qod_profiles, qod_sink, qod_server):
    place = qod_sink.subscribe()
    answer = qod_client.create_session(
        qod_profiles["default"].name, {"ipv4Address": "198.51.100.1"}, duration=600, device=qod_device, sink=place.url
    )
    assert answer.status == answer.response.status_code == 201
    session = answer.body
    assert place.wait(lambda events: len(events) == 1, timeout=120)
    assert qod_client.get_session(session["sessionId"]).body["qosStatus"] == "AVAILABLE"
    assert qod_client.extend_session(session["sessionId"], 60).body["duration"] == 660
    assert len(qod_client.retrieve_sessions(qod_device).body) == 1
    qod_server.clock.advance(700)
    assert qod_client.get_session(session["sessionId"]).body["statusInfo"] == "DURATION_EXPIRED"
    assert len(place.events()) == 2
    assert qod_client.delete_session(session["sessionId"]).status == 204
    assert qod_client.get_session(session["sessionId"]).code == "NOT_FOUND"


def test_server_is_fresh(qod_client, qod_device, qod_devices, qod_target):
    assert qod_client.retrieve_sessions(qod_device).body == []
    assert qod_devices["not_found"] == qod_target.devices["not_found"]
    assert qod_client.retrieve_sessions(qod_devices["not_found"]).code == "IDENTIFIER_NOT_FOUND"
"""


def test_fixtures_work_in_another_repo_with_no_set_up(pytester: pytest.Pytester) -> None:
    pytester.makeini("[pytest]\nfilterwarnings = error\n")
    pytester.makepyfile(USE)
    run(pytester).assert_outcomes(passed=2)


def test_ini_twin_of_an_option(pytester: pytest.Pytester) -> None:
    pytester.makeini("[pytest]\nqod_mode = harsh\n")
    result = pytester.runpytest_inprocess()
    assert result.ret == pytest.ExitCode.USAGE_ERROR
    result.stderr.fnmatch_lines(["ERROR: qod_mode: expected lenient or strict, got 'harsh'"])


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (
            ["--qod-release=r9.9"],
            f"ERROR: --qod-release: unknown release 'r9.9'; known: {', '.join(contracts.RELEASES)}",
        ),
        (["--qod-api=qos"],
         f"ERROR: --qod-api: the target does not serve 'qos'; it serves {', '.join(contracts.apis('r3.2'))}"),
        (["--qod-url=http://h"], "ERROR: --qod-url needs a token; export QOD_TOKEN or give --qod-token"),
        (["--qod-url=h", "--qod-token=t"], "ERROR: --qod-url: h: expected an address with http:// or https://"),
        (["--qod-url=http://h", "--qod-target=t"],
         "ERROR: --qod-target and --qod-url contradict each other; give one of them"),
        (["--qod-url=http://h", "--qod-fault=x"],
         "ERROR: --qod-fault works with the embedded server only; leave it out, or --qod-url"),
        (["--qod-fault=conflict_ignord"],
         ("ERROR: --qod-fault: unknown fault 'conflict_ignord'; "
          "did you mean conflict_ignored?")),
        (["--qod-target=none.toml"], "ERROR: none.toml: no such file; nac-qod init none.toml writes one to fill in"),
        (["--qod-contract=none.yaml"],
         f"ERROR: none.yaml: no such file; give a path, or one of {', '.join(OURS)}"),
    ],
)  # fmt: skip
def test_unusable_option_gets_one_clear_error(
    pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch, arguments: list[str], message: str
) -> None:
    monkeypatch.delenv("QOD_TOKEN", raising=False)
    result = pytester.runpytest_inprocess(*arguments)
    assert result.ret == pytest.ExitCode.USAGE_ERROR
    assert [line for line in result.errlines if line.strip()] == [message]


def test_suite_runs_by_name_with_the_same_options(pytester: pytest.Pytester, tmp_path: Path) -> None:
    words = ("--pyargs", "pytest_nac_qod.conformance", "-k", "409.1", f"--qod-report={tmp_path}", "-q")
    result = pytester.runpytest_inprocess(*words)
    assert result.parseoutcomes()["passed"] == 3
    assert (tmp_path / "results.json").is_file()
