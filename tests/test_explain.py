"""`nac-qod explain` tells of every id that a user meets what it means, what is accepted, and how to mend."""

import re

import pytest

from pytest_nac_qod import catalogue, contracts
from pytest_nac_qod.cli import main
from pytest_nac_qod.proof import explain
from pytest_nac_qod.proof.bench import bench
from pytest_nac_qod.proof.explain import lookup, samples
from pytest_nac_qod.proof.explain.rows import named_rows
from pytest_nac_qod.proof.explain.tables import remedy, table
from pytest_nac_qod.reference.faults import concurrent_faults, faults, generated_faults
from pytest_nac_qod.report.causes import causes
from pytest_nac_qod.verdicts import VERDICTS

OVERLAP = "nac_overlapping_flow_is_conflict"


def told(capsys: pytest.CaptureFixture[str], *words: str) -> list[str]:
    assert main(["explain", *words]) == 0
    return capsys.readouterr().out.splitlines()


def test_a_rule_is_told_with_basis_outcomes_remedy_and_a_sample(capsys: pytest.CaptureFixture[str]) -> None:
    lines = told(capsys, OVERLAP, "--release", "r3.2")
    assert lines[:8] == [
        f"{OVERLAP}  rule",
        "      operation  quality-on-demand createSession",
        "      releases   r3.2",
        "      requires   A second session whose flow overlaps with an existing one is refused.",
        "      strength   must: a breach fails the case",
        '      basis      quality_on_demand_createSession_409.1_session_conflict "status code is 409"',
        "      says       A second session of a device that has one is refused.",
        "      accepted   409 CONFLICT",
    ]
    text = "\n".join(lines)
    assert "      reading    conflict_by_flow: The test definition speaks of any session" in text
    assert "      mend       Look for what is in the way within the transaction that creates" in text
    assert f"      sample     nac-qod check --release r3.2 --scenario {OVERLAP} --fault ports_compared_as_they" in text
    assert "      expected   409 CONFLICT\n      actual     201; session … was created\n" in text
    assert '      again      curl -i -X POST "$QOD_URL/quality-on-demand/v1/sessions"' in text
    assert lines[-1] == f"      run        nac-qod check --release r3.2 --scenario {OVERLAP}"


def test_what_differs_between_releases_is_told_with_the_release(capsys: pytest.CaptureFixture[str]) -> None:
    lines = told(capsys, "nac_conflict_by_other_identifier", "--brief")
    assert "      strength   r1.3: must: a breach fails the case" in lines
    assert "                 r3.2: may: a breach leaves a note" in lines
    assert not [line for line in lines if "curl" in line]


@pytest.mark.parametrize(
    ("name", "kind", "line"),
    [
        ("fail", "verdict", "counts  exit status 1"),
        ("conflict", "purpose", "requires  A second session for the same flow"),
        ("conflict_by_flow", "reading", "judged  Tested with the same flow twice"),
        ("deleted_session", "basis", "where     r1.3: quality_on_demand_getSession_02"),
        ("conflict_ignored", "fault", "breaks    Two sessions can have the same flow."),
        ("nac_client_create", "client case", "run       nac-qod client --case nac_client_create"),
        ("nac_seen_token_needed", "rule for traffic", "requires  A request without an access token is refused."),
        ("status-422-for-400", "cause", "means     One status stands for another throughout."),
        ("place-startedat-missing-warn-2", "cause", "kind      place-{property}-missing"),
    ],
)
def test_other_ids_are_told_too(capsys: pytest.CaptureFixture[str], name: str, kind: str, line: str) -> None:
    lines = told(capsys, name, "--brief")
    assert lines[0] == f"{name}  {kind}"
    assert any(item.strip().startswith(line) for item in lines), lines


def test_a_case_is_told_by_the_name_that_a_run_prints(capsys: pytest.CaptureFixture[str]) -> None:
    lines = told(capsys, f"{OVERLAP} [all ports]", "--brief")
    assert lines[0] == f"{OVERLAP} [all ports]  rule"


@pytest.mark.parametrize(
    ("name", "hint"),
    [
        ("nac_overlaping_flow_is_conflict", f"did you mean {OVERLAP}"),
        ("createSession_409.1", "did you mean quality_on_demand_createSession_409.1_session_conflict"),
        ("createSesion_409.1", "did you mean quality_on_demand_createSession_409.1_session_conflict"),
        ("FAIL", "did you mean fail"),
        ("conflict_ignord", "did you mean conflict_ignored"),
        ("nac_client_creat", "did you mean nac_client_create"),
        (f"{OVERLAP} [none]", f"did you mean {OVERLAP}"),
        ("zzz", "nac-qod check --list lists scenarios and rules"),
    ],
)
def test_a_mistyped_id_is_told_what_there_is(capsys: pytest.CaptureFixture[str], name: str, hint: str) -> None:
    assert main(["explain", name]) == 2
    printed = capsys.readouterr()
    assert printed.err.startswith(f"nac-qod: nothing has the id {name!r}; {hint}")
    assert (printed.out, printed.err.count("\n")) == ("", 1)


def test_an_id_of_another_release_is_told_where_it_is(capsys: pytest.CaptureFixture[str]) -> None:
    name = "qod_provisioning_getProvisioningById_400.1_invalid_id"
    assert main(["explain", name, "--release", "r4.1", "--release", "r3.2"]) == 2
    assert capsys.readouterr().err == f"nac-qod: {name!r} is not in r4.1 or r3.2; it is in r1.3, r2.2\n"


@pytest.mark.parametrize(
    "name", ["time_format", "echoed_property", "event_media_type", "nac_seen_broken_request_refused"]
)
def test_places_are_filled_in(capsys: pytest.CaptureFixture[str], name: str) -> None:
    lines = told(capsys, name, "--brief")
    assert [line for line in lines if "{" in line.replace("{sessionId}", "")] == []


def test_any_id_is_explained() -> None:
    for name in [*lookup.ids()][::50]:
        for item in explain.explanations(name, shown=False):
            assert item.facts, name
            assert all(label and text for label, text in item.facts), item


def test_every_row_has_a_remedy() -> None:
    rows = [row for versions in named_rows().values() for row in versions.values()]
    assert [row.id for row in rows if not remedy(row)] == []
    tables = table("remedies.toml")
    assert set(tables["purposes"]) <= set(catalogue.purposes())
    outcomes = [row.accepted[0] for row in rows]
    assert set(tables["codes"]) <= {outcome.code for outcome in outcomes}
    assert set(tables["statuses"]) <= {str(outcome.status) for outcome in outcomes}


def test_a_success_never_has_the_remedy_of_a_refusal() -> None:
    rows = {row.purpose.key: row for versions in named_rows().values() for row in versions.values()}
    without = [key for key, row in rows.items() if row.accepted[0].status < 300]
    assert [key for key in without if key not in table("remedies.toml")["purposes"]] == []


def test_every_verdict_is_explained() -> None:
    assert (*table("verdicts.toml", "pytest_nac_qod"),) == VERDICTS


SHOWN = {pattern: entry for pattern, entry in table("causes.toml").items() if "fault" in entry}


@pytest.mark.parametrize("pattern", SHOWN)
def test_the_sample_of_a_cause_is_seen(pattern: str, capsys: pytest.CaptureFixture[str]) -> None:
    lines = told(capsys, pattern)
    labels = [line[6:].split("  ")[0].strip() for line in lines]
    assert {"means", "mend", "see it", "sample", "expected", "actual", "again"} <= {*labels}


@pytest.mark.slow
@pytest.mark.parametrize("pattern", SHOWN)
def test_the_fault_of_a_cause_names_it(pattern: str) -> None:
    fault = SHOWN[pattern]["fault"]
    apis = contracts.apis(contracts.CURRENT)
    with bench(contracts.CURRENT) as workbench:
        ended = list(workbench.cases(catalogue.cases(contracts.CURRENT, apis), [fault]))
    named = [cause.id for cause in causes([workbench.record(item) for item in ended]) if cause.verdict == "fail"]
    kinds = {dict(item.facts).get("kind", name) for name in named for item in explain.explanations(name, shown=False)}
    assert pattern in kinds, named


@pytest.mark.slow
@pytest.mark.parametrize("release", contracts.RELEASES)
def test_every_row_that_a_fault_breaks_has_a_sample(release: str) -> None:
    known = samples.breakers(release)
    without = [row for row in known if row not in samples.all_samples(release)]
    assert without == []
    assert not {row.id for row in catalogue.rows(release)} - set(known)


def test_every_id_of_a_cause_that_a_run_can_print_is_of_a_kind() -> None:
    for name in ("inconclusive-still-requested-after-5-s", "error-no-answer", "conflict-createsession-2", "nulls-warn"):
        assert explain.explanations(name, shown=False)[0].kind == "cause"


def test_a_fault_that_shows_under_load_alone_is_explained(capsys: pytest.CaptureFixture[str]) -> None:
    for name, fault in concurrent_faults().items():
        assert main(["explain", name]) == 0
        told = [line.strip() for line in capsys.readouterr().out.splitlines()]
        assert told[0] == f"{name}  fault"
        assert f"shown by  {fault.shown_by}" in told
        assert told[-1] == f"see it    nac-qod load --fault {name}"


def test_faults_can_be_listed_by_name_alone(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["faults", "--names"]) == 0
    names = capsys.readouterr().out.splitlines()
    assert names == [*faults(), *generated_faults(), *concurrent_faults()]
    assert all(re.fullmatch(r"[a-z0-9_]+", name) for name in names)
