"""Figures of load tests: what is counted, where the knee is, what two of them have in common."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import cast

import pytest

from pytest_nac_qod.cli import main
from pytest_nac_qod.load import plan, recording
from pytest_nac_qod.load.figures import Figures, knee, percentile, windows
from pytest_nac_qod.reference import ReferenceServer
from pytest_nac_qod.report import results
from pytest_nac_qod.report.page.page import html
from pytest_nac_qod.report.records import LoadRecord, ResultsDocument, WindowRecord
from pytest_nac_qod.report.terminal.loads import lines
from pytest_nac_qod.traffic.seen import Seen
from pytest_nac_qod.wire.exchange import Exchange, Request, Response
from tests.support.report_documents import document

START = datetime(2027, 1, 1, tzinfo=UTC)


def answered(at: float, seconds: float, status: int = 200, operation: str = "getSession", error: str = "") -> Exchange:
    return Exchange(
        id="x",
        operation=operation,
        role="judged",
        request=Request(method="GET", url="https://api.example.com/sessions/1", headers=(), body=""),
        response=None if error else Response(status=status, headers=(), body=""),
        error=error or None,
        started=(START + timedelta(seconds=at)).isoformat(),
        seconds=seconds,
    )


def load(seconds: float = 0.1, wrong: int = 0, number: int = 100) -> LoadRecord:
    figures = Figures()
    for position in range(number):
        figures.see(answered(position / 10, seconds))
    figures.see(answered(5, 0.5, 503))
    figures.see(answered(6, 1.0, error="ReadTimeout: too late"))
    figures.see(answered(7, 0.0, operation="postNotification"))
    return figures.record({"nac_seen_lasts": (50, wrong)}, users=3, workers=2)


def test_percentiles_are_by_nearest_rank() -> None:
    ordered = [float(number) for number in range(1, 11)]
    assert [percentile(ordered, share) for share in (0.5, 0.9, 0.95, 0.99)] == [5.0, 9.0, 10.0, 10.0]
    assert percentile([3.0], 0.5) == 3.0


def test_everything_is_counted() -> None:
    told = load(wrong=1)
    assert told["requests"] == 102
    assert told["errors"] == {"503": 1, "ReadTimeout": 1}
    assert told["events"]["come"] == 1
    assert told["wrong_per_million"] == round(1e6 / 102, 1)
    assert told["operations"][0]["p50"] == 0.1
    assert told["per_second"] == pytest.approx(10.2, abs=0.2)


def test_load_is_what_is_under_way_at_once() -> None:
    shown = windows([0.0, 0.1, 0.2, 0.3, 1.5], [0.5, 0.5, 0.5, 0.5, 0.1])
    assert [item["at_once"] for item in shown] == [2.0, 0.1]
    assert [item["per_second"] for item in shown] == [4.0, 1.0]


def levels(throughput: list[tuple[float, float]]) -> list[WindowRecord]:
    return [
        {"at": float(place), "at_once": at_once, "per_second": rate, "p50": 0.1, "p95": 0.1}
        for place, (at_once, rate) in enumerate(throughput)
    ]


def test_the_knee_is_where_more_load_begins_to_cost_more_than_it_brings() -> None:
    found = knee(levels([(number, min(100.0 * number, 1000.0)) for number in range(1, 41)]))
    assert found is not None
    assert 8 <= found["at_once"] <= 12
    assert knee(levels([(number, 100.0 * number) for number in range(1, 41)])) is None
    assert knee(levels([(1, 100.0)])) is None


def of_load(figures: LoadRecord) -> ResultsDocument:
    return cast("ResultsDocument", {**document(), "kind": "load", "load": figures})


def test_figures_stand_in_results_terminal_and_page() -> None:
    told = of_load(load(wrong=1))
    assert results.problems(told) == []
    assert list(lines(told["load"]))[:2] == [
        "102 requests of 3 users in 10 s, 10.2 a second from 2 processes",
        "  getSession      102  p50   100 ms  p90   100 ms  p95   100 ms  p99   500 ms",
    ]
    page = html(told)
    assert "Requests a second" in page
    assert "wrong answers: 1, 9803.9 for each million requests" in page
    assert 'id="load"' not in html(document())


@pytest.mark.parametrize(
    ("new", "threshold", "status", "said"),
    [
        (load(0.1), "0.2", 0, "figures: much the same"),
        (load(0.3), "0.2", 1, "getSession p50: 100 ms before, 300 ms now"),
        (load(0.11), "0.2", 0, "figures: much the same"),
        (load(0.11), "0.05", 1, "getSession p50: 100 ms before, 110 ms now"),
        (load(0.05), "0.2", 0, "figures: better"),
        (load(0.1, wrong=1), "0.9", 1, "wrong answers for each million: 0 before, 9804 now"),
    ],
)
def test_two_load_tests_are_compared(  # noqa: PLR0913, PLR0917 - parameters and fixtures
    new: LoadRecord, threshold: str, status: int, said: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    results.write(of_load(load(0.1)), tmp_path / "old")
    results.write(of_load(new), tmp_path / "new")
    assert main(["compare", str(tmp_path / "old"), str(tmp_path / "new"), "--threshold", threshold]) == status
    assert said in capsys.readouterr().out


def test_a_load_test_is_not_compared_with_a_run(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    results.write(of_load(load()), tmp_path / "old")
    results.write(document(), tmp_path / "new")
    assert main(["compare", str(tmp_path / "old"), str(tmp_path / "new")]) == 2
    assert (
        capsys.readouterr().err == "nac-qod: one is of kind load, the other of kind run; compare two of the same kind\n"
    )


def test_what_was_written_at_its_end_is_read_by_its_beginning(tmp_path: Path) -> None:
    recorder = recording.of_process(tmp_path, 1)
    for at, seconds in ((2.0, 0.1), (0.0, 3.0), (2.5, 1.0), (3.4, 0.2), (3.3, 0.4)):
        recorder.note(answered(at, seconds), "two_legged")
    recorder.close()
    with (tmp_path / "exchanges-1.jsonl").open("a", encoding="utf-8") as file:
        file.write('{"torn')  # by a process that was killed
    read: list[Seen] = list(recording.recorded(tmp_path, 5.0))
    assert [(seen.exchange.started[17:21], seen.client) for seen in read] == [
        (second, "two_legged") for second in ("00+0", "02+0", "02.5", "03.3", "03.4")
    ]


def test_shares_never_meet() -> None:
    target = ReferenceServer().target()
    shares = [plan.dealt(target, number) for number in range(500)]
    assert len({port for share in shares for port in share.ports}) == 1000
    assert {share.client for share in shares} == {"two_legged", "second_client"}
    assert len({str(share.device) for share in shares}) == 1 + len(target.pool)
    with pytest.raises(Exception, match="no more than"):
        plan.dealt(target, 40_000)


def test_the_same_seed_draws_the_same() -> None:
    target = ReferenceServer().target()
    assert plan.drawn(target, 1) == plan.drawn(target, 1) != plan.drawn(target, 2)
