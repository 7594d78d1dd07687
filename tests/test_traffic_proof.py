"""What traffic shows of defects of the embedded server; all of them by `nac-qod faults --judged`."""

import pytest

from pytest_nac_qod.contracts import CURRENT, RELEASES
from pytest_nac_qod.proof.bench import bench
from pytest_nac_qod.proof.day import days
from pytest_nac_qod.proof.judged import chosen, of_day, of_scenarios
from pytest_nac_qod.traffic.judging import Judge
from pytest_nac_qod.traffic.tokens import seen_of
from tests.support.traffic import CONTRACTS


def test_an_ordinary_day_shows_defects_and_nothing_else() -> None:
    with days("r3.2") as spent:
        assert of_day(spent, "r3.2", "") == ()
        assert "must nac_seen_lasts" in of_day(spent, "r3.2", "session_ends_early")
        assert "must nac_seen_every_change_told" in of_day(spent, "r3.2", "no_event_when_deleted")
        assert "must nac_seen_own_client_only" in of_day(spent, "r3.2", "sessions_listed_for_all_clients")


@pytest.mark.slow
@pytest.mark.parametrize("release", [release for release in RELEASES if release != CURRENT])
def test_an_ordinary_day_of_a_correct_server_shows_nothing(release: str) -> None:
    with days(release) as spent:
        assert of_day(spent, release, "") == ()


@pytest.mark.nightly
@pytest.mark.parametrize("release", RELEASES)
def test_the_scenarios_of_a_correct_server_show_nothing(release: str) -> None:
    with bench(release) as workbench:
        assert of_scenarios(workbench, "") == ()


def test_published_scenarios_show_a_defect() -> None:
    case = next(case for case in chosen("r3.2", "") if case.row.id.endswith("409.1_session_conflict"))
    with bench("r3.2") as workbench:
        workbench.server.reset(["conflict_ignored"])
        exchanges = workbench.exchanges(case)
    judge = Judge("r3.2", CONTRACTS)
    for exchange in exchanges:
        judge.see(seen_of(exchange))
    list(judge.results())
    assert judge.tally.broken() == ("should nac_seen_one_for_a_flow",)
