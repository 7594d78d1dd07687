"""results.json and the archive stay small, however much a target sends; usual runs are kept whole."""

import json

import pytest

from pytest_nac_qod import contracts
from pytest_nac_qod.report import har, results
from pytest_nac_qod.report.fitting import ROOM, Room
from pytest_nac_qod.report.page.matrix import matrices
from pytest_nac_qod.report.records import CaseRecord
from tests.support.report_documents import document, exchange, result

LARGEST = 2_000_000  # bytes of a file, a tenth of what it may have


def case(verdict: str, number: int, body: str, headers: int = 6, exchanges: int = 8) -> CaseRecord:
    message = {"headers": [["x-name", "y" * 40]] * headers, "body": body}
    said = exchange(request={"method": "POST", "url": "https://h/x", **message}, response={"status": 200, **message})
    return result(verdict, case=str(number), exchanges=[said] * exchanges)


@pytest.mark.parametrize(("size", "headers"), [(8_000, 6), (60, 100)], ids=["bodies", "headers"])
def test_five_thousand_large_exchanges(size: int, headers: int) -> None:
    room = Room({calm: whole // 10 for calm, whole in ROOM.items()})  # a tenth of everything
    kept = [
        room.fitted(case(("pass", "pass", "fail")[number % 3], number, "x" * size, headers)) for number in range(63)
    ]
    whole = document(*kept)
    assert sum(len(each["exchanges"]) for each in whole["results"]) == 504
    assert len(results.text(whole)) < LARGEST
    assert len(har.text(whole)) < LARGEST
    assert not results.problems(json.loads(results.text(whole)))


def test_a_usual_run_is_kept_whole() -> None:
    room = Room()
    for number in range(700):
        usual = case("pass", number, "x" * 600, exchanges=2)
        assert room.fitted(usual) == usual


def test_what_passes_takes_no_room_from_what_fails() -> None:
    room = Room()
    for number in range(200):
        room.fitted(case("pass", number, "x" * 20_000))
    failed = case("fail", 201, "x" * 19_000)
    assert room.fitted(failed) == failed


def test_a_text_that_is_cut_again_tells_its_first_length() -> None:
    room = Room({True: 200_000, False: 0})
    body = f"{'x' * 20_000}… (75000 characters in all)"
    (kept, *_) = room.fitted(case("pass", 1, body))["exchanges"]
    assert kept["request"]["body"] == f"{'x' * 1_000}… (75000 characters in all)"


def test_names_with_numbers_of_any_length_have_an_order() -> None:
    numbers = "12", "9", "08", "9" * 6_000, "²"
    cases = [result(id=f"quality_on_demand_getSession_{number}_x", operation="getSession") for number in numbers]
    (matrix,) = matrices(document(*cases))
    assert [name[:3].split(" ")[0] for name, _ in matrix.rows] == ["08", "9", "12", "999", "²"]


def test_a_list_with_no_right_item_takes_no_more_errors_than_anybody_reads() -> None:
    contract = contracts.contract("r3.2", "quality-on-demand")
    pointer = contract.response_pointer("retrieveSessionsByDevice", 200)
    assert pointer
    errors = contract.validate([17] * 5_000 + ["x" * 1_000_000], pointer, direction="response")
    assert len(errors) == 300
    (large,) = contract.validate("x" * 1_000_000, pointer, direction="response")
    assert len(large.actual) < 2_000
