"""What users of a load test do at the same time shows defects that only concurrency shows, and nothing else."""

from pathlib import Path

import pytest

from pytest_nac_qod.contracts import RELEASES
from pytest_nac_qod.load.steps import STEPS, apart, day, end, race
from pytest_nac_qod.reference.faults import concurrent_faults
from pytest_nac_qod.report.results import problems
from tests.support.crowds import broken, spent

STRAIN = (race, end, apart, day)


def test_a_correct_server_is_found_correct_and_left_empty(tmp_path: Path) -> None:
    document = spent(tmp_path, (race, end), users=4, times=2)
    assert problems(document) == []
    assert broken(document) == {}
    load = document["load"]
    assert load["races"]["of"] > 0
    assert load["histories"]["of"] > 0
    assert (load["wrong"], load["errors"]) == (0, {})


def test_a_race_that_both_win_is_found(tmp_path: Path) -> None:
    document = spent(tmp_path, (race,), users=2, times=1, faults=("creations_at_once_both_made",))
    assert broken(document)["nac_seen_one_of_two_at_once"] == "fail"
    assert document["load"]["races"]["wrong"] > 0


@pytest.mark.slow
@pytest.mark.parametrize("name", concurrent_faults())
def test_each_defect_of_concurrency_is_found(name: str, tmp_path: Path) -> None:
    def breaches(turn: int) -> dict[str, str]:
        folder = tmp_path / str(turn)
        folder.mkdir()
        return broken(spent(folder, STRAIN, users=6, times=4, faults=(name,)))

    rule = concurrent_faults()[name].shown_by
    assert any(rule in breaches(turn) for turn in range(6))  # whether requests meet is up to the machine


@pytest.mark.slow
@pytest.mark.parametrize("release", RELEASES)
def test_all_steps_find_nothing_on_a_correct_server(release: str, tmp_path: Path) -> None:
    assert broken(spent(tmp_path, tuple(STEPS), users=5, times=5, release=release)) == {}


@pytest.mark.nightly
def test_five_hundred_races_have_one_winner_each(tmp_path: Path) -> None:
    document = spent(tmp_path, (race,), users=10, times=60)
    assert document["load"]["races"]["of"] >= 500
    assert broken(document) == {}
