"""What traffic shows of defects of the embedded server; all of them by `nac-qod faults --judged`."""

from collections.abc import Iterator

import pytest

from pytest_nac_qod.contracts import CURRENT, RELEASES
from pytest_nac_qod.proof.bench import bench
from pytest_nac_qod.proof.day import Days, days
from pytest_nac_qod.proof.judged import chosen, judge_of, of_day, of_scenarios
from pytest_nac_qod.reference.legal import legal, together
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


def failed(spent: Days, release: str, names: tuple[str, ...]) -> list[str]:
    """What fails in the ordinary day of a server with legal behaviours."""
    judge = judge_of(release, complete=True)
    for seen in spent.spend((), names):
        judge.see(seen)
    list(judge.results())
    return [breach for breach in judge.tally.broken() if breach.startswith("must")]


def groups(release: str) -> Iterator[tuple[str, ...]]:
    """Every legal behaviour of a release, as many at once as a server can have."""
    left = tuple(legal(release))
    while left:
        group = together(release, left)
        left = tuple(name for name in left if name not in group)
        yield group


@pytest.mark.slow
@pytest.mark.parametrize("release", RELEASES)
def test_legal_behaviours_together_fail_nothing(release: str) -> None:
    with days(release) as spent:
        breaches = {group: failed(spent, release, group) for group in groups(release)}
    assert {group: wrong for group, wrong in breaches.items() if wrong} == {}


@pytest.mark.nightly
@pytest.mark.parametrize("release", RELEASES)
def test_no_legal_behaviour_fails_anything(release: str) -> None:
    with days(release) as spent:
        breaches = {name: failed(spent, release, (name,)) for name in legal(release)}
    assert {name: wrong for name, wrong in breaches.items() if wrong} == {}


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
