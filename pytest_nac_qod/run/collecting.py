"""From the catalogue to tests."""

import pytest

from pytest_nac_qod import catalogue
from pytest_nac_qod.catalogue import RowCase
from pytest_nac_qod.run.plan import plan_for


def cases_of(config: pytest.Config, purpose: str) -> list[RowCase]:
    """The cases of this purpose that the run has still to do, in published order."""
    if purpose not in catalogue.purposes():
        raise pytest.UsageError(f"no purpose {purpose!r} in catalogue/purposes.toml")
    return [case for case in plan_for(config).left() if case.row.purpose.key == purpose]


def parametrize(metafunc: pytest.Metafunc, purpose: str) -> None:
    """Run the test once for each case; its id is the scenario's, verbatim."""
    cases = cases_of(metafunc.config, purpose)
    metafunc.parametrize("case", cases, ids=[str(case) for case in cases], indirect=True)


def deselect_empty(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave out tests whose purpose has no case in this run."""
    empty = [item for item in items if _row_case(item) is None and item.get_closest_marker("qod_purpose")]
    if empty:
        config.hook.pytest_deselected(items=empty)
        items[:] = [item for item in items if item not in empty]


def put_in_order(items: list[pytest.Item], ordered: list[pytest.Item]) -> None:
    """Restore the order of `ordered` among `items`, which other plugins may have shuffled."""
    places = {item: place for place, item in enumerate(ordered)}
    upcoming = iter(sorted((item for item in items if item in places), key=places.__getitem__))
    items[:] = [next(upcoming) if item in places else item for item in items]


def _row_case(item: pytest.Item) -> RowCase | None:
    callspec = getattr(item, "callspec", None)
    case = callspec.params.get("case") if callspec else None
    return case if isinstance(case, RowCase) else None
