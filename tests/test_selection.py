"""What a run is about: selected by option or ini file, and said clearly when nothing is left."""

import re
from collections.abc import Sequence
from dataclasses import replace

import pytest

from pytest_nac_qod import catalogue
from pytest_nac_qod.catalogue import RowCase
from pytest_nac_qod.catalogue.levels import levels
from pytest_nac_qod.catalogue.selection import Selection, SelectionError, select
from pytest_nac_qod.cli import main, parser
from pytest_nac_qod.commands.target.check import pytest_options
from pytest_nac_qod.report.parts import SUITE
from pytest_nac_qod.run.needs import require
from pytest_nac_qod.run.options import OPTIONS, Option
from pytest_nac_qod.target import target_from_url

RELEASE = "r3.2"
API = "quality-on-demand"
EXTEND_01 = "quality_on_demand_extendQosSessionDuration_01_generic_success_scenario"
QUIET = ("-p", "no:cacheprovider", "-p", "no:randomly", "-p", "no:xdist")


def offered() -> tuple[RowCase, ...]:
    return tuple(case for case in catalogue.cases(RELEASE, (API,)) if case.row.kind == "scenario")


def ids(cases: Sequence[RowCase]) -> set[str]:
    return {case.row.id for case in cases}


def test_nothing_given_selects_everything() -> None:
    assert select(offered(), Selection()) == offered()


def test_by_operation() -> None:
    selected = select(offered(), Selection(operations=("getSession", "deleteSession")))
    assert {case.row.operation for case in selected} == {"getSession", "deleteSession"}


@pytest.mark.parametrize(
    ("pattern", "cases"),
    [
        (EXTEND_01, 1),
        ("*_getSession_0?_*", 2),
        ("quality_on_demand_createSession_01_generic_success_scenario", 9),
        ("quality_on_demand_createSession_01_generic_success_scenario [$.device]", 1),
        ("*[$.startedAt]", 1),
        ("quality_on_demand_*", 96),
    ],
)
def test_by_id_with_wildcards(pattern: str, cases: int) -> None:
    assert len(select(offered(), Selection(scenarios=(pattern,)))) == cases


def test_several_patterns_add_up_and_options_narrow() -> None:
    both = select(offered(), Selection(scenarios=("*_404.1_*", "*_401.1_*")))
    assert {case.row.operation for case in both} >= {"createSession", "getSession"}
    narrowed = select(offered(), Selection(scenarios=("*_404.1_*", "*_401.1_*"), operations=("getSession",)))
    assert set(narrowed) == {case for case in both if case.row.operation == "getSession"}


def test_mandatory_leaves_out_recommendations() -> None:
    cases = offered()
    recommended = [
        replace(case, row=replace(case.row, basis=replace(case.row.basis, strength="should"))) for case in cases[:9]
    ]
    assert select([*recommended, *cases[9:]], Selection(mandatory=True)) == cases[9:]


@pytest.mark.parametrize("release", catalogue.releases())
def test_core_needs_only_a_url_and_a_token(release: str) -> None:
    target = target_from_url("https://host.example", "token", release=release)
    cases = tuple(catalogue.cases(release, tuple(target.apis)))
    selected = select(cases, Selection(level="core"))
    for case in selected:
        require(target, case.row)
    assert len(cases) / 2 < len(selected) < len(cases)


def test_core_is_as_large_as_counted_in_the_published_texts() -> None:
    apis = tuple(target_from_url("https://host.example", "token", release="r4.1").apis)
    selected = select(catalogue.cases("r4.1", apis), Selection(level="core"))
    assert sum(case.row.kind == "scenario" for case in selected) == 153


def test_core_leaves_out_what_needs_more() -> None:
    purposes = {case.row.purpose.key for case in select(offered(), Selection(level="core"))}
    assert not purposes & {"expired_token", "missing_scope", "status_event_delivered", "session_of_another_client"}


def test_needs_of_levels_are_needs_of_purposes() -> None:
    known = {one for found in catalogue.purposes().values() for need in found.needs for one in need.split("|")}
    for level in levels().values():
        assert level.needs <= known | {"*"}, level.key


@pytest.mark.parametrize(
    ("selection", "message"),
    [
        (
            Selection(operations=("createSesion",)),
            "--qod-operation: 'createSesion' is not an operation of this run; did you mean createSession?",
        ),
        (
            Selection(operations=("x",)),
            (
                "--qod-operation: 'x' is not an operation of this run; known here: createSession, deleteSession, "
                "extendQosSessionDuration, getSession, retrieveSessionsByDevice"
            ),
        ),
        (
            Selection(scenarios=("*extnd*",)),
            f"--qod-scenario: '*extnd*' matches no scenario of this run; did you mean {EXTEND_01}?",
        ),
        (
            Selection(scenarios=(EXTEND_01.replace("01", "1"),)),
            (
                f"--qod-scenario: '{EXTEND_01.replace('01', '1')}' matches no scenario of this run; "
                f"did you mean {EXTEND_01}?"
            ),
        ),
        (
            Selection(scenarios=("*0815*",)),
            (
                "--qod-scenario: '*0815*' matches no scenario of this run; "
                "nac-qod check --list lists them"
            ),
        ),
        (Selection(level="cor"), "--qod-level: unknown level 'cor'; known: core, full"),
        (
            Selection(operations=("getSession",), scenarios=("*extend*",), mandatory=True),
            (
                "--qod-operation getSession with --qod-scenario *extend* with --qod-mandatory leaves no case to run; "
                "nac-qod check --list lists all"
            ),
        ),
    ],
)  # fmt: skip
def test_selecting_nothing_names_the_option_and_near_matches(selection: Selection, message: str) -> None:
    with pytest.raises(SelectionError) as caught:
        select(offered(), selection)
    assert str(caught.value) == message


def test_nothing_selected_is_a_usage_error_of_the_command(capfd: pytest.CaptureFixture[str]) -> None:
    assert main(["check", "--operation", "createSesion", "--", *QUIET]) == 2
    said = "ERROR: --operation: 'createSesion' is not an operation of this run; did you mean createSession?"
    assert said in capfd.readouterr().err


def collected(pytester: pytest.Pytester, *arguments: str) -> set[str]:
    done = pytester.runpytest_inprocess(*QUIET, "--collect-only", "-q", "--pyargs", SUITE, *arguments)
    assert done.ret == 0, done.stderr.str()
    matches = (re.search(r"::\w+\[(.+)\]$", line) for line in done.outlines)
    return {match[1] for match in matches if match}


@pytest.mark.slow
def test_ini_twins_select_as_the_options_do(pytester: pytest.Pytester) -> None:
    pytester.makeini("""
        [pytest]
        qod_operation =
            getSession
            deleteSession
        qod_scenario = *_0*
        qod_profile = core
        qod_mandatory = true
    """)
    by_ini = collected(pytester)
    pytester.makeini("[pytest]\n")
    options = ("--qod-operation=getSession", "--qod-operation=deleteSession", "--qod-scenario=*_0*")
    assert by_ini == collected(pytester, *options, "--qod-level=core", "--qod-mandatory")
    assert by_ini == collected(pytester, *options, "--qod-profile=core", "--qod-mandatory")
    pytester.makeini("[pytest]\nqod_level = core\n")
    assert by_ini == collected(pytester, *options, "--qod-mandatory")
    assert len(by_ini) == 2


@pytest.mark.parametrize("command", ["check", "preflight"])
@pytest.mark.parametrize("option", ["--level", "--profile"])
def test_a_level_goes_by_its_former_name_too(command: str, option: str) -> None:
    assert parser().parse_args([command, option, "core"]).level == "core"


def test_an_unknown_level_is_named_as_the_ini_file_does(pytester: pytest.Pytester) -> None:
    pytester.makeini("[pytest]\nqod_profile = cor\n")
    done = pytester.runpytest_inprocess(*QUIET, "--pyargs", SUITE)
    assert "qod_profile: unknown level 'cor'; known: core, full" in done.stderr.str()


def test_fail_fast_stops_at_the_first_failure(pytester: pytest.Pytester) -> None:
    arguments = ("--qod-fault=conflict_ignored", "--qod-scenario=*createSession_409*", "--qod-scenario=*getSession_01*")
    done = pytester.runpytest_inprocess(*QUIET, "--pyargs", SUITE, *arguments, "--qod-fail-fast")
    done.assert_outcomes(failed=1)
    assert done.ret == 1


@pytest.mark.parametrize("option", OPTIONS, ids=lambda option: option.name)
def test_each_option_has_an_ini_twin_and_nac_qod_check_takes_it(option: Option, pytester: pytest.Pytester) -> None:
    config = pytester.parseconfig("--override-ini", f"{option.key}=1")
    assert config.getini(option.key) in ("1", ["1"], True)
    value = [] if option.kind == "flag" else ["1"]
    parsed = parser().parse_args(["check", f"--{option.name}", *value])
    assert pytest_options(parsed) == [f"--qod-{option.name}{'=1' if value else ''}"]
