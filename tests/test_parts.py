"""A partial run is never called complete, whatever made it partial."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from pytest_nac_qod.foundation.jsontypes import Json, JsonObject
from pytest_nac_qod.report import junit, results, statement
from pytest_nac_qod.report.records import ResultsDocument
from pytest_nac_qod.report.signing import verifying
from pytest_nac_qod.report.terminal import headline
from tests.support.commands import nac_qod
from tests.support.report_documents import document, result

SOME = ("--max-examples", "0", "--scenario", "quality_on_demand_getSession_0*", "--report", "out")
ALL_OF_SOME = 2
QUIET = ("-q", "-p", "no:hypothesispytest", "-p", "no:cacheprovider")
SELECTED = "--scenario 'quality_on_demand_getSession_0*' --max-examples 0"


def check(folder: Path, *rest: str, **variables: str) -> tuple[str, ResultsDocument]:
    """What `nac-qod check` prints, and its results."""
    with pytest.MonkeyPatch.context() as patch:
        for name, value in variables.items():
            patch.setenv(name, value)
        done = nac_qod("check", *SOME, "--", *QUIET, *rest, folder=folder)
    assert done.returncode in (0, 3), done.stdout + done.stderr
    return done.stdout, results.read(folder / "out")


CONFIGURATION = {
    "pyproject.toml": '[tool.pytest.ini_options]\naddopts = ["-k", "getSession_01"]\n',
    "pytest.ini": "[pytest]\naddopts = -m none\n",
    "tox.ini": "[pytest]\naddopts = --deselect x --unknown-option\n",
    "setup.cfg": "[tool:pytest]\naddopts = -x -k nothing\n",
}


@pytest.mark.parametrize("name", CONFIGURATION)
def test_configuration_of_the_folder_is_not_read(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_text(CONFIGURATION[name], encoding="utf-8")
    (tmp_path / "conftest.py").write_text("raise SystemExit('read')\n", encoding="utf-8")
    _, report = check(tmp_path, PYTEST_ADDOPTS="-k nothing", PYTEST_PLUGINS="no_such_plugin")
    assert (len(report["results"]), report["complete"]) == (ALL_OF_SOME, True)


def test_order_is_fixed_whatever_plugins_are_there(tmp_path: Path) -> None:
    def ids(*rest: str) -> list[str]:
        done = nac_qod("check", *SOME[:-4], "--", *QUIET, "--collect-only", *rest, folder=tmp_path)
        return [line for line in done.stdout.splitlines() if "::" in line]

    published = ids()
    assert len(published) > 100
    assert ids("-p", "random_order", "--random-order", "--random-order-seed=1") == published


@pytest.mark.parametrize(
    ("rest", "by"),
    [
        (["-k", "getSession_01"], "-k getSession_01"),
        (["--deselect", "x/y.py", "-k", "not getSession_02"], "-k 'not getSession_02' --deselect y.py"),
    ],
)
def test_what_pytest_left_out_is_told_everywhere(tmp_path: Path, rest: list[str], by: str) -> None:
    said, report = check(tmp_path, *rest)
    assert report["complete"] is False
    part = report["run"]["part"]
    assert part == {
        "of": part["of"],
        "cases": 1,
        "selected_by": ["--scenario 'quality_on_demand_getSession_0*'", "--max-examples 0"],
        "left_out": 1,
        "left_out_by": part["left_out_by"],
    }
    assert " ".join(part["left_out_by"]) == by
    assert part["of"] > 400
    assert "a part only, 1 selected cases were left out; nac-qod check --resume out finishes it (1 cases)" in said
    assert f"part: 1 of {part['of']} cases, by {SELECTED} {by}" in said
    assert "nothing required is broken" not in said
    assert f"incomplete run of a part (1 of {part['of']} cases, by {SELECTED} {by})" in verifying.holds(
        tmp_path / "out"
    )
    assert dict(statement.facts(report))["Complete"] == [f"no: {by} left out 1 of 2 cases"]


@pytest.mark.parametrize("rest", [("-m", "none"), ("-k", "none")])
def test_arguments_that_leave_nothing_are_told(tmp_path: Path, rest: tuple[str, ...]) -> None:
    done = nac_qod("check", *SOME, "--", *QUIET, *rest, folder=tmp_path)
    said = "nothing was run: the arguments after -- leave out every case\n"
    assert (done.returncode, done.stderr) == (3, said), done.stdout


@pytest.mark.slow
def test_what_was_left_out_can_be_run_later(tmp_path: Path) -> None:
    check(tmp_path, "-k", "getSession_01")
    assert nac_qod("check", "--resume", "out", "--", *QUIET, folder=tmp_path).returncode == 0
    report = results.read(tmp_path / "out")
    assert (len(report["results"]), report["complete"], report["run"]["part"]["left_out"]) == (ALL_OF_SOME, True, 0)


def test_a_selection_of_ours_is_named_as_a_part(tmp_path: Path) -> None:
    said, report = check(tmp_path)
    of = report["run"]["part"]["of"]
    assert report["complete"] is True
    assert f"part: 2 of {of} cases, by {SELECTED}" in said
    assert f": run of a part (2 of {of} cases, by {SELECTED}), 2 cases" in verifying.holds(tmp_path / "out")


def by_name(folder: Path, *arguments: str, conftest: str = "") -> JsonObject:
    """The results of the suite, run by pytest itself."""
    (folder / "conftest.py").write_text(conftest, encoding="utf-8")
    given = [f"--qod-{word.removeprefix('--')}" if word.startswith("--") else word for word in SOME]
    command = [sys.executable, "-m", "pytest", "--pyargs", *given, *QUIET, *arguments]
    subprocess.run(command, capture_output=True, text=True, check=False, cwd=folder, timeout=300)
    report: JsonObject = json.loads((folder / "out" / "results.json").read_text(encoding="utf-8"))
    return report


DROPPING = (
    "def pytest_collection_modifyitems(items):\n    items[:] = [one for one in items if 'getSession_01' in one.name]\n"
)


@pytest.mark.parametrize(
    ("arguments", "conftest", "by"),
    [
        (["pytest_nac_qod.conformance", "-k", "getSession_01"], "", ["-k getSession_01"]),
        (["pytest_nac_qod.conformance"], DROPPING, ["a pytest plugin or conftest.py"]),
    ],
)
def test_the_suite_run_by_pytest_tells_it_too(
    tmp_path: Path, arguments: list[str], conftest: str, by: list[str]
) -> None:
    report = by_name(tmp_path, *arguments, conftest=conftest)
    assert (report["complete"], report["run"]["part"]["left_out"]) == (False, 1)
    assert report["run"]["part"]["left_out_by"] == by


@pytest.mark.slow
def test_a_node_id_is_told(tmp_path: Path) -> None:
    whole = by_name(tmp_path, "pytest_nac_qod.conformance")
    assert whole["complete"]
    report = by_name(tmp_path, "pytest_nac_qod.conformance.test_ids", "-k", "getSession_01")
    assert report["complete"] is False
    assert "pytest_nac_qod.conformance.test_ids" in report["run"]["part"]["left_out_by"]


def part(**changes: Json) -> Json:
    whole: Json = document(result())
    facts = {"of": 9, "cases": 1, "selected_by": ["--api x"], "left_out": 0, "left_out_by": []} | changes
    return whole | {"run": whole["run"] | {"part": facts}, "complete": not facts["left_out"]}


def test_headline_says_what_part_it_was() -> None:
    selected, left_out = part(), part(left_out=3, left_out_by=["-k y"])
    assert results.problems(selected) == results.problems(left_out) == []
    assert headline.headline(selected).title == "Conformant in what was tested"
    assert "Only a part of the suite was selected: 1 of 9 cases, by --api x." in headline.headline(selected).sentences
    banner = headline.headline(left_out)
    assert (banner.state, banner.title) == ("unjudged", "Incomplete run")
    assert banner.sentences[0] == "-k y left out 3 cases."


def test_statement_and_junit_say_it() -> None:
    assert dict(statement.facts(part()))["Part"] == ["1 of 9 cases, by --api x"]
    assert dict(statement.facts(part()))["Complete"] == ["yes, of the part"]
    left_out = part(left_out=3, left_out_by=["-k y"])
    assert statement.again(left_out).endswith(" -- -k y")
    assert b'message="-k y left out 3 of 4 cases"' in junit.xml(left_out)
    assert b'<property name="part" value="1 of 9 cases, by --api x -k y"' in junit.xml(left_out)
