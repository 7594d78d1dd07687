"""What nothing forbids is a note: it changes no verdict, and is told all the same."""

from pathlib import Path

import pytest

from pytest_nac_qod.foundation.jsontypes import Json
from pytest_nac_qod.report import causes
from pytest_nac_qod.report.terminal import failure
from pytest_nac_qod.report.terminal.headline import headline
from pytest_nac_qod.report.terminal.table import lines
from pytest_nac_qod.verdicts import Violation, broken_off, judged
from tests.support.commands import check
from tests.support.report_documents import document, result, violation

BREACH = Violation(clause="c", expected="e", actual="a")


@pytest.mark.parametrize(
    ("severities", "verdict"),
    [(("may",), "pass"), (("should", "may"), "warn"), (("may", "must", "should"), "fail"), ((), "pass")],
)
def test_verdict_is_that_of_the_heaviest(severities: tuple[str, ...], verdict: str) -> None:
    assert judged(BREACH.weakened(one) for one in severities) == verdict  # type: ignore[arg-type]


def test_case_that_is_broken_off_is_no_worse_than_what_it_rests_on() -> None:
    assert broken_off([BREACH.weakened("should")]) == "warn"
    assert broken_off([BREACH.weakened("may")]) == "pass"
    assert broken_off([BREACH]) == "fail"
    assert broken_off([]) == "fail"


def test_weakening_never_makes_heavier() -> None:
    assert BREACH.weakened("may").weakened("must").severity == "may"
    assert BREACH.weakened("may").excused("tolerated").severity == "may"


def test_report_tells_of_notes() -> None:
    noted = result("pass", violations=[violation(severity="may")])
    assert [cause.verdict for cause in causes.causes([noted])] == ["note"]
    assert "      note      nothing published forbids this" in failure.lines(noted, "r3.2")
    assert (
        "1 case with a note: something unusual that nothing published forbids." in headline(document(noted)).sentences
    )
    about: Json = {"target": {"name": "t"}, "release": "r3.2", "mode": "lenient"}
    assert "notes: 1 case with what is unusual and nothing published forbids" in list(lines(about, [noted]))


def test_run_with_a_disjoint_flow_refused_passes_with_a_note(tmp_path: Path) -> None:
    done = check("--fault", "one_session_per_device", folder=tmp_path, rest=("-k", "disjoint_flow"))
    assert done.returncode == 0, done.stdout
    assert "notes: 3 cases with what is unusual and nothing published forbids" in done.stdout


def test_run_with_a_recommendation_not_followed_warns(tmp_path: Path) -> None:
    done = check("--fault", "reversed_range_accepted", folder=tmp_path, rest=("-k", "reversed_port_range"))
    assert done.returncode == 0, done.stdout
    assert "all                                 0     0     2" in done.stdout
