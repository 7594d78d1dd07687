"""Which former row a scenario is like, what can be carried over from it, and what of that is a guess."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from pytest_nac_qod.contracts import Contract
from pytest_nac_qod.contracts.mending import in_effect
from pytest_nac_qod.drafting.published import Scenario
from pytest_nac_qod.drafting.purposes import purpose_of
from pytest_nac_qod.drafting.steps import about, likeness, outcomes, plain
from pytest_nac_qod.foundation.jsontypes import JsonObject

_ALIKE = 0.6  # words in common of two scenarios that are taken for the same
_RELATED = 0.4  # of two that serve the same purpose
_OF_THE_ROW = ("id", "operation", "cases")


@dataclass(frozen=True, slots=True)
class Former:
    """A row of the release before, and its scenario where that is known, by the new names."""

    api: str
    entry: JsonObject
    scenario: Scenario | None
    id: str
    operation: str


def nearest(scenario: Scenario, left: Iterable[Former]) -> Former | None:
    """The row without a new scenario that is most like this one, of the same operation."""
    of_operation = [item for item in left if (item.api, item.operation) == (scenario.api, scenario.operation)]
    scores = [(_score(scenario, item), -place) for place, item in enumerate(of_operation)]
    best = max(scores, default=(0.0, 0))
    return of_operation[-best[1]] if best[0] >= _ALIKE else None


def _score(scenario: Scenario, item: Former) -> float:
    if item.scenario is None:
        return likeness(scenario.id, item.id)
    if outcomes(scenario)[:1] != outcomes(item.scenario)[:1]:
        return 0.0
    steps = likeness(" ".join(scenario.steps), " ".join(item.scenario.steps))
    return (steps + likeness(about(scenario), about(item.scenario))) / 2


def carried_over(scenario: Scenario, same: Former, names: Mapping[str, str]) -> JsonObject:
    """The columns of the former row, and what of them is a guess; the outcome of the steps if that changed."""
    carried = {key: value for key, value in same.entry.items() if key not in _OF_THE_ROW}
    if same.scenario is None:
        return carried | {"guess": "the steps of the release before are not known; compare them"}
    doubts = [f"taken for {same.entry['id']}"] if same.id != scenario.id else []
    if plain(scenario, {}) != plain(same.scenario, names):
        doubts.append("the steps are not the same")
    if outcomes(scenario) != outcomes(same.scenario):
        carried["accepted"] = list(outcomes(scenario)) or carried["accepted"]
        doubts.append(f"the steps asked for {' or '.join(outcomes(same.scenario))}")
    if scenario.cases != same.scenario.cases:
        doubts.append("the cases are not the same")
        carried = _without(
            carried, [key for key in carried.get("readings", []) if _is_gone(key, scenario, same.scenario)]
        )
    return carried | ({"guess": "; ".join(doubts)} if doubts else {})


def _is_gone(reading: str, scenario: Scenario, before: Scenario) -> bool:
    """Whether the reading is about a property that only the former scenario names."""
    first, *rest = reading.split("_")
    named = first + "".join(map(str.capitalize, rest))
    return named in str((before.steps, before.cases)) and named not in str((scenario.steps, scenario.cases))


def _without(columns: JsonObject, gone: list[str]) -> JsonObject:
    kept = [key for key in columns.get("readings", []) if key not in gone]
    rest = {key: value for key, value in columns.items() if key != "readings"}
    return rest | ({"readings": kept} if kept else {})


def unlike_any(scenario: Scenario, former: Iterable[Former], success: str) -> JsonObject:
    """What a scenario without a counterpart is most likely for: as one of another operation, else by its words."""
    accepted = list(outcomes(scenario))
    kin = [item for item in former if item.scenario and outcomes(item.scenario)[:1] == tuple(accepted[:1])]
    scores = [
        (likeness(about(scenario), about(item.scenario)), -place) for place, item in enumerate(kin) if item.scenario
    ]
    best = max(scores, default=(0.0, 0))
    if best[0] >= _RELATED:
        like = kin[-best[1]].entry
        carried = {key: value for key, value in like.items() if key not in _OF_THE_ROW}
        return carried | {"accepted": accepted or carried["accepted"], "guess": f"new; like {like['id']}"}
    statuses: dict[str, set[str]] = {}
    for item in former:
        statuses.setdefault(item.entry["purpose"], set()).add(item.entry["accepted"][0][:1])
    purpose = purpose_of(scenario, accepted[0] if accepted else success, statuses)
    return {"purpose": purpose, "accepted": accepted or [success], "guess": "new; its purpose by its words"}


def doubted(row: JsonObject, contract: Contract, gone: Iterable[Former]) -> JsonObject:
    """The row without readings that nothing needs any more, and with every reason to doubt it."""
    row = _without(row, [key for key in row.get("readings", []) if not in_effect(key, contract.document)])
    doubts = [row["guess"]] if "guess" in row else []
    doubts += _undocumented(row, contract)
    shared = set(row.get("readings", [])).intersection(
        *[{key for item in gone if item.operation == row["operation"] for key in item.entry.get("readings", [])}]
    )
    doubts += [f"another scenario that its reading {key} is about is gone" for key in sorted(shared)]
    return row | ({"guess": "; ".join(doubts)} if doubts else {})


def _undocumented(row: JsonObject, contract: Contract) -> Iterator[str]:
    """Outcomes of the row that the document does not have for its operation."""
    operation = contract.operations.get(row["operation"])
    if operation is None:
        return
    others = [item["outcome"] for key in ("lenient", "inapplicable") for item in row.get(key, []) if "outcome" in item]
    for text in (*row["accepted"], *others):
        status, _, code = text.partition(" ")
        known = operation.errors.get(int(status))
        if int(status) not in operation.success and (known is None or (code and known and code not in known)):
            yield f"the document has no {text} for the operation"
