"""The headline: never better than what was tested."""

import pytest

from pytest_nac_qod.report.page.latency import distributions, duration, marks, scale
from pytest_nac_qod.report.terminal.headline import headline
from tests.support.report_documents import document, exchange, result


@pytest.mark.parametrize(
    ("verdicts", "state", "title"),
    [
        (["pass"], "conformant", "Conformant"),
        (["pass", "warn", "not_applicable"], "conformant", "Conformant"),
        (["pass", "not_tested"], "conformant", "Conformant in what was tested"),
        (["pass", "fail"], "broken", "1 cause: 1 published scenario broken"),
        (["fail", "inconclusive", "error", "known"], "broken", "1 cause: 1 published scenario broken"),
        (["pass", "known"], "broken", "1 requirement broken, all of them known"),
        (["pass", "stale"], "broken", "1 expectation stale"),
        (["pass", "inconclusive"], "unjudged", "Not decided"),
        (["pass", "error"], "unjudged", "Not decided"),
        (["not_tested"], "unjudged", "Nothing was tested"),
        ([], "unjudged", "Nothing was tested"),
    ],
)
def test_title(verdicts: list[str], state: str, title: str) -> None:
    banner = headline(document(*map(result, verdicts)))
    assert (banner.state, banner.title) == (state, title)


def test_a_requirement_broken_in_several_cases_is_one() -> None:
    cases = [result("fail", case=name) for name in ("a", "b")]
    assert headline(document(*cases, result("fail", id="other"))).title == "1 cause: 2 published scenarios broken"


def test_rules_of_our_own_are_counted_apart() -> None:
    cases = [result("fail"), result("fail", id="nac_one", kind="rule"), result("fail", id="nac_two", kind="rule")]
    assert headline(document(*cases)).title == "1 cause: 1 published scenario and 2 rules broken"


def test_an_incomplete_run_is_never_conformant() -> None:
    whole, broken = document(result(), complete=False), document(result("fail"), complete=False)
    assert (headline(whole).state, headline(whole).title) == ("unjudged", "Incomplete run")
    title = "Incomplete run: 1 cause: 1 published scenario broken so far"
    assert (headline(broken).state, headline(broken).title) == ("broken", title)
    assert headline(whole).sentences[0] == "The run ended before its last case; these are its results until then."


def test_reasons_are_counted() -> None:
    cases = [result("fail", case=name) for name in ("a", "b")]
    assert headline(document(*cases)).sentences[1] == "2 cases failed, with 1 cause."


def test_what_was_not_tested_is_told() -> None:
    sentences = headline(document(result(), result("not_tested"), result("not_tested"))).sentences
    assert sentences == (
        "1 of 3 cases came to a verdict; 1 passed.",
        "2 cases not tested: the target file lacks something that is needed.",
    )


def test_distribution() -> None:
    (distribution,) = distributions([result(exchanges=[exchange(1, seconds=number / 100) for number in range(1, 102)])])
    assert distribution.quartiles == pytest.approx((0.26, 0.51, 0.76))
    assert distribution.p95 == pytest.approx(0.96)
    axis = scale([distribution])
    assert (axis.low, axis.high) == pytest.approx((0.01, 10.0))
    assert [axis.at(seconds) for seconds in (0.001, 0.01, 0.1, 10.0, 99.0)] == pytest.approx([0, 0, 33.33, 100, 100])
    assert marks(distribution, axis).count("M") == 101


def test_one_time_alone_has_a_distribution_too() -> None:
    (distribution,) = distributions([result(exchanges=[exchange(seconds=0.0)])])
    assert distribution.quartiles == (0.0, 0.0, 0.0)
    assert scale([distribution]).at(0.0) == 0


@pytest.mark.parametrize(
    ("seconds", "text"), [(2, "2 s"), (0.0123, "12.3 ms"), (0.00045, "450 µs"), (0.0, "0 µs"), (123.4, "123 s")]
)
def test_duration_in_words(seconds: float, text: str) -> None:
    assert duration(seconds) == text
