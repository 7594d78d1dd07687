"""Recordings in any order, by any clocks, of several releases, or without tokens: nothing is held wrongly."""

import json
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from pytest_nac_qod.cli import main
from pytest_nac_qod.contracts import contract
from pytest_nac_qod.report.results import read as read_results
from pytest_nac_qod.traffic.court import Court
from pytest_nac_qod.traffic.reading.order import in_order
from pytest_nac_qod.traffic.seen import Seen
from pytest_nac_qod.wire.exchange import Exchange
from tests.support.recordings import har_of, saved
from tests.support.traffic import (
    OTHER,
    ROOT,
    SINK,
    WITH_SINK,
    broken,
    create,
    delete,
    event,
    extend,
    listing,
    missing,
    read,
    session,
)

LIFE = [
    create(),
    read(1),
    listing(2, session()),
    extend(3, 60, session(duration=3660)),
    read(4, body=session(duration=3660)),
    delete(5),
    missing(6),
    create(7, OTHER),
    delete(8, OTHER),
]
TOLD = [
    create(sent=SINK, body=session(**WITH_SINK)),
    event(1, "AVAILABLE"),
    delete(20),
    event(21, "UNAVAILABLE", "DELETE_REQUESTED"),
    missing(30),
]


def broken_by(traffic: Sequence[tuple[Exchange, str]]) -> dict[str, str]:
    """What traffic breaks, each exchange by the clock of a source."""
    court = Court(release="r3.2")
    for exchange, source in traffic:
        court.see(Seen(exchange=exchange, source=source))
    results, _ = court.results()
    return {result["id"].removeprefix("nac_seen_"): result["verdict"] for result in results if result["violations"]}


def off(exchange: Exchange, seconds: float) -> Exchange:
    """The exchange as a recorder notes it whose clock is so many seconds fast."""
    began = datetime.fromisoformat(exchange.started) + timedelta(seconds=seconds)
    return replace(exchange, started=began.isoformat(), ahead=-seconds)


def bare(exchange: Exchange) -> Exchange:
    """The exchange without the Authorization of its request."""
    kept = tuple((name, value) for name, value in exchange.request.headers if name.lower() != "authorization")
    return replace(exchange, request=replace(exchange.request, headers=kept))


@pytest.mark.parametrize("order", [LIFE[::-1], LIFE[::2] + LIFE[1::2], LIFE[4:] + LIFE[:4]])
def test_entries_in_any_order_are_judged_alike(order: list[Exchange], tmp_path: Path) -> None:
    verdicts = []
    for name, traffic in (("right", LIFE), ("other", order)):
        path = saved(tmp_path, "jsonl", traffic)
        assert main(["judge", str(path), "--report", str(tmp_path / name)]) == 0
        verdicts.append([(item["id"], item["verdict"]) for item in read_results(tmp_path / name)["results"]])
    assert verdicts[0] == verdicts[1]


def test_a_breach_shows_in_files_of_any_order(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for name, part in (("late", [read(2000)]), ("early", [create(), delete(2)])):
        (tmp_path / f"{name}.har").write_text(json.dumps(har_of(part)), encoding="utf-8")
    assert main(["judge", str(tmp_path / "late.har"), str(tmp_path / "early.har")]) == 1
    assert "seen in   nac_seen_ended_by_deletion" in capsys.readouterr().out
    (tmp_path / "late.har").write_text(json.dumps(har_of([read(1)])), encoding="utf-8")
    assert main(["judge", str(tmp_path / "late.har"), str(tmp_path / "early.har"), "--complete"]) == 0


def test_what_is_held_back_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("pytest_nac_qod.traffic.reading.order._HELD", 3)
    taken: list[int] = []

    def traffic() -> Any:
        for number, at in enumerate((1, 0, 3, 2, 5, 4)):
            taken.append(number)
            yield Seen(exchange=read(at))

    ordered = in_order(traffic())
    assert next(ordered).exchange.started == read(0).started
    assert len(taken) == 4
    assert [seen.exchange.started for seen in ordered] == [read(at).started for at in (1, 2, 3, 4, 5)]


def test_creations_one_after_the_other_are_no_race_in_any_order() -> None:
    first, second = create(0), create(100, OTHER, body=session(OTHER, begun=100))
    assert broken([second, first, delete(50)]) == {}


@pytest.mark.parametrize("seconds", [-86_400, -7200, -60, 60, 3600, 7200])
def test_clocks_of_two_recorders_may_be_hours_apart(seconds: float) -> None:
    for part in ((0, 3), (1, 3), (2, 4), (4,), (0, 1)):
        traffic = [
            (off(exchange, seconds), "b") if number in part else (exchange, "a") for number, exchange in enumerate(TOLD)
        ]
        assert "fail" not in broken_by(traffic).values()


def test_two_clocks_that_agree_still_show_what_is_wrong() -> None:
    traffic = [(create(), "a"), (delete(1), "a"), (read(3600 + 1000), "b")]
    assert broken_by(traffic)["ended_by_deletion"] == "fail"
    skewed = [(create(), "a"), (delete(1), "a"), (off(read(3600 + 1000), -7200), "b")]
    assert broken_by(skewed)["ended_by_deletion"] == "fail"


def test_events_of_two_sinks_have_no_order_between_them() -> None:
    traffic = [
        (TOLD[0], "a"),
        (event(5, "AVAILABLE"), "sink 1"),
        (delete(6), "a"),
        (off(event(8, "UNAVAILABLE", "DELETE_REQUESTED"), -60), "sink 2"),
    ]
    assert "changes_told_in_order" not in broken_by(traffic)


def test_an_event_is_of_the_release_that_knows_it() -> None:
    older = contract("r1.3", "quality-on-demand")
    base = f"{ROOT}{older.base_path}"
    made = create(sent=SINK, body=session(**WITH_SINK), base=base)
    told = event(1, "AVAILABLE", type="org.camaraproject.quality-on-demand.v0.qos-status-changed")
    early = event(0.1, "AVAILABLE", type="org.camaraproject.quality-on-demand.v0.qos-status-changed")
    court = Court()
    for exchange in (create(0, OTHER), early, made, told):
        court.see(Seen(exchange=exchange))
    results, _ = court.results()
    events = [item for item in results if item["id"] == "nac_seen_event_follows_schema" and item["violations"]]
    assert [item["violations"] for item in events] == []


def test_a_recording_without_any_token_tells_nothing_of_tokens() -> None:
    assert broken([bare(exchange) for exchange in TOLD]) == {}


def test_an_event_without_its_token_warns_where_another_recorder_kept_tokens() -> None:
    sinks = [
        (exchange if number % 2 == 0 else bare(exchange), "ab"[number % 2]) for number, exchange in enumerate(TOLD)
    ]
    assert broken_by(sinks) == {"event_credential": "warn"}
    assert broken_by([(exchange, "a") for exchange, _ in sinks]) == {"event_credential": "fail"}
