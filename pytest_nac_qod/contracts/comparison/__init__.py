"""What two documents require, and where they differ."""

from collections.abc import Iterable

from pytest_nac_qod.contracts.comparison.diff import diff
from pytest_nac_qod.contracts.comparison.grouping import changes, counted
from pytest_nac_qod.foundation.jsontypes import JsonObject


def changes_between(pairs: Iterable[tuple[JsonObject, JsonObject]]) -> dict[str, int]:
    """How many changes lead from the first documents to the second, by weight; names of operations do not matter."""
    differences = [
        difference
        for left, right in pairs
        for difference in diff(left, right)
        if not difference.pointer.endswith("/operationId")
    ]
    return {str(weight): number for weight, number in counted(changes(differences)).items()}
