"""Each fault fails the cases that it breaks, and no others: every check is proven, none fails for another reason."""

import subprocess
import zlib
from collections.abc import Iterator
from contextlib import ExitStack

import pytest

from pytest_nac_qod import catalogue, contracts
from pytest_nac_qod.proof.bench import FaultBench, bench
from pytest_nac_qod.proof.matrix import must_fail
from pytest_nac_qod.proof.naming import MOST, named_by
from pytest_nac_qod.proof.reporting import lines
from pytest_nac_qod.proof.touching import touched
from pytest_nac_qod.reference.faults import UnknownFaultError, faults, named
from pytest_nac_qod.suite.run import Mode
from tests.support.commands import nac_qod

Benches = dict[tuple[str, Mode], FaultBench]


@pytest.fixture(scope="session")
def benches() -> Iterator[dict[tuple[str, Mode], FaultBench]]:
    """Servers that are up already, by release and mode."""
    with ExitStack() as stack:
        yield _Benches(stack)


class _Benches(dict[tuple[str, Mode], FaultBench]):
    """Starts a server when it is asked for."""

    def __init__(self, stack: ExitStack) -> None:
        super().__init__()
        self._stack = stack

    def __missing__(self, key: tuple[str, Mode]) -> FaultBench:
        self[key] = self._stack.enter_context(bench(*key))
        return self[key]


def home(name: str) -> str:
    """The release in which a fault is run here, another for each; `nac-qod faults --run` runs it in all."""
    releases = [release for release in contracts.RELEASES if must_fail(named(name), release)]
    return releases[zlib.crc32(name.encode()) % len(releases)]


@pytest.mark.slow
@pytest.mark.parametrize("name", faults())
def test_fault_fails_exactly_what_it_breaks_and_names_few_causes(name: str, benches: Benches) -> None:
    told = named_by(benches[home(name), named(name).mode], name)
    assert told.kill.exact, "\n".join(lines(told.kill, len(name)))
    assert 1 <= len(told.titles) <= MOST, told.titles


@pytest.mark.slow
@pytest.mark.parametrize("name", ["errors_as_plain_text", "assignment_sink_not_returned"])
def test_cases_that_a_fault_is_said_not_to_change_pass_with_it(name: str, benches: Benches) -> None:
    everything = list(catalogue.cases("r3.2", contracts.apis("r3.2")))
    others = [case for case in everything if name not in touched("r3.2")[str(case)]]
    assert 0 < len(others) < len(everything)
    ended = benches["r3.2", "lenient"].cases(others, [name])
    assert [str(result.row_case) for result in ended if result.verdict != "pass"] == []


@pytest.mark.parametrize("release", contracts.RELEASES)
def test_each_case_is_failed_by_some_fault(release: str) -> None:
    tripped = {case for fault in faults().values() for case in must_fail(fault, release)}
    assert [str(c) for c in catalogue.cases(release, contracts.apis(release)) if str(c) not in tripped] == []


@pytest.mark.parametrize("name", faults())
def test_each_selector_of_a_fault_selects_something(name: str) -> None:
    for selector in named(name).fails:
        everything = (case for r in contracts.RELEASES for case in catalogue.cases(r, contracts.apis(r)))
        assert any(selector.selects(case) for case in everything), selector


def test_unknown_fault_names_near_ones() -> None:
    with pytest.raises(UnknownFaultError) as caught:
        named("conflict_ignord")
    assert str(caught.value) == "unknown fault 'conflict_ignord'; did you mean conflict_ignored?"


def faults_command(*arguments: str) -> subprocess.CompletedProcess[str]:
    return nac_qod("faults", *arguments)


def test_command_lists_what_a_fault_breaks_and_must_fail() -> None:
    done = faults_command("conflict_ignored", "--release", "r3.2")
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.splitlines()[:3] == [
        "conflict_ignored",
        "  breaks  Two sessions can have the same flow.",
        "  r3.2    quality_on_demand_createSession_409.1_session_conflict",
    ]


@pytest.mark.slow
def test_command_prints_the_kill_matrix() -> None:
    done = faults_command("unknown_profile_accepted", "--run", "--release", "r3.2", "--workers", "1")
    assert done.returncode == 0, done.stdout
    first, last = done.stdout.splitlines()
    assert first.startswith("r3.2  unknown_profile_accepted  ")
    assert " failed  exact  " in first
    assert last == "1 runs: 1 failed exactly what they break, 0 did not"


@pytest.mark.slow
def test_command_runs_what_generated_rules_find_by_these() -> None:
    done = faults_command("query_of_sink_lost", "--run", "--release", "r3.2", "--workers", "1")
    assert done.returncode == 0, done.stdout
    assert done.stdout.splitlines()[-1] == "1 runs: 1 failed exactly what they break, 0 did not"


@pytest.mark.slow
def test_command_counts_the_causes_that_each_run_names() -> None:
    done = faults_command("malformed_session_id_is_500", "--run", "--causes", "--release", "r3.2", "--workers", "1")
    assert done.returncode == 0, done.stdout + done.stderr
    first, runs, last = done.stdout.splitlines()
    assert first.startswith("r3.2  malformed_session_id_is_500  ")
    assert runs == "1 runs: 1 failed exactly what they break, 0 did not"
    assert last == "1.00 causes on average (1.3 at most), 1 at most"


def test_causes_are_those_of_runs() -> None:
    done = faults_command("conflict_ignored", "--causes")
    assert (done.returncode, done.stderr) == (2, "nac-qod: --causes tells what runs name; add --run\n")


def test_unknown_release_is_told_what_there_is() -> None:
    done = faults_command("--release", "r9")
    assert done.returncode == 2
    assert done.stderr == f"nac-qod: --release: no release 'r9'; there are {', '.join(contracts.RELEASES)}\n"
