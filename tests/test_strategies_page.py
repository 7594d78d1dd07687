"""The page about the strategies names each of them, and says truly what its example shrinks to."""

import re
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import HealthCheck, Phase, find, settings

from pytest_nac_qod import strategies

PAGE = (Path(__file__).parent.parent / "docs" / "strategies.md").read_text(encoding="utf-8")
ROWS = re.findall(r"^\| `(\w+)(\(.*?\))` \| .* \| `(.*)` \|$", PAGE, re.MULTILINE)
ALONE = settings(
    database=None, derandomize=True, phases=[Phase.generate, Phase.shrink], suppress_health_check=list(HealthCheck)
)
KNOWN = {**vars(strategies), "datetime": datetime, "UTC": UTC}


def test_no_strategy_is_left_out() -> None:
    described = {name for name in strategies.__all__ if f"`{name}" in PAGE}
    assert set(strategies.__all__) - described == {"ArgumentsError", "Endpoint", "Outcome"}


@pytest.mark.parametrize(("name", "arguments", "smallest"), ROWS, ids=[row[0] for row in ROWS])
def test_example_shrinks_to_what_is_said(name: str, arguments: str, smallest: str) -> None:
    strategy = eval(f"{name}{arguments}", KNOWN)  # noqa: S307 - our own page
    assert repr(find(strategy, lambda _: True, settings=ALONE)) == smallest
