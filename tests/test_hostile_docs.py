"""The table of hostile targets in the documentation is that of the targets there are, and nothing is left behind."""

from pathlib import Path

from bench.hostile import HEAD, names

PAGE = Path(__file__).parents[1] / "docs" / "hostile.md"
STATUSES = {"0", "1", "2", "3", "130"}


def told() -> list[dict[str, str]]:
    lines = [line for line in PAGE.read_text(encoding="utf-8").splitlines() if line.startswith("| ")]
    head, *rows = ([cell.strip() for cell in line.strip("|").split("|")] for line in lines)
    assert tuple(head) == HEAD
    return [dict(zip(head, row, strict=True)) for row in rows]


def test_each_hostile_target_has_its_row() -> None:
    assert [row["hostile target"] for row in told()] == names()
    assert len(names()) >= 40


def test_each_run_ends_small_and_leaves_nothing() -> None:
    for row in told():
        assert row["exit status"] in STATUSES, row
        assert int(row["MB"]) < 300, row
        assert row["left behind"] == "0", row
