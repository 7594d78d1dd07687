"""nac-qod check --list: what would be tested, before anything is contacted."""

import subprocess
import sys

import pytest

from pytest_nac_qod import catalogue, contracts
from tests.support.commands import nac_qod


def listing(*arguments: str) -> subprocess.CompletedProcess[str]:
    return nac_qod("check", "--list", "--max-examples", "0", *arguments)


def test_scenario_with_all_that_is_known_of_it() -> None:
    done = listing("--scenario", "quality_on_demand_createSession_400.9*")
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.splitlines() == [
        "quality_on_demand_createSession_400.9_invalid_duration  quality-on-demand createSession  r3.2",
        "      requires  A duration outside the bounds of the QoS profile is refused.",
        "      purpose   duration_out_of_range",
        "      accepted  400 QUALITY_ON_DEMAND.DURATION_OUT_OF_RANGE or INVALID_ARGUMENT",
        "      lenient   400 OUT_OF_RANGE (duration_out_of_range)",
        "1 scenarios and rules, 1 cases",
    ]


def test_basis_of_rules_and_checks() -> None:
    done = listing("--basis", "--scenario", "nac_disjoint_flow_is_accepted", "--scenario", "nac_charset*")
    assert (done.returncode, done.stderr) == (0, "")
    lines = done.stdout.splitlines()
    assert lines[0].startswith(
        "may     nac_disjoint_flow_is_accepted  quality-on-demand  /description "
        '"same device and flow period"  A session has to be released'
    )
    assert lines[1] == (
        "should  nac_charset_parameter_is_accepted  quality-on-demand  RFC 8259 11 "
        '"has no effect"  A charset parameter has no effect on compliant recipients; that is a note, and no MUST.'
    )
    assert lines[2].startswith("must    check correlator_echo  all APIs  #/components/headers/x-correlator ")


@pytest.mark.parametrize("release", contracts.RELEASES)
def test_every_scenario_and_rule_of_a_release_is_listed(release: str) -> None:
    done = listing("--release", release)
    listed = {line.split("  ")[0] for line in done.stdout.splitlines() if line.endswith(f"  {release}")}
    assert listed >= {row.id for row in catalogue.rows(release)}


@pytest.mark.parametrize("arguments", [[], ["--release", "r2.2", "--api", "qos-profiles", "--mandatory"]])
def test_listing_loads_neither_pytest_nor_what_a_run_needs(arguments: list[str]) -> None:
    heavy = "pytest", "httpx", "jinja2", "jsonschema", "starlette", "asyncio"
    program = (
        f"import sys\nfrom pytest_nac_qod.cli import main\nassert main({['check', '--list', *arguments]}) == 0\n"
        f"print([name for name in {heavy} if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True, timeout=300)
    lines = done.stdout.splitlines()
    assert lines[-1] == "[]"
    told = nac_qod("check", "--list", *arguments, "--", "-q")
    assert told.stdout.splitlines() == lines[:-1], "pytest prints the same"


def test_target_that_is_down_is_not_contacted() -> None:
    done = listing("--url", "http://127.0.0.1:1", "--token", "t", "--api", "qos-profiles")
    assert done.returncode == 0, done.stderr
    assert "qos_profiles_getQosProfile_01_generic_success_scenario" in done.stdout


def test_unknown_release_is_an_error() -> None:
    done = listing("--release", "r9")
    assert done.returncode == 2
    assert done.stderr.strip() == f"ERROR: --release: unknown release 'r9'; known: {', '.join(contracts.RELEASES)}"
