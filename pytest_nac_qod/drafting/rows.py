"""Rows of the catalogue, drafted from published scenarios and the rows of the release before."""

from collections.abc import Iterable, Iterator, Mapping

from pytest_nac_qod import catalogue
from pytest_nac_qod.contracts import Contract
from pytest_nac_qod.drafting.guessing import Former, carried_over, doubted, nearest, unlike_any
from pytest_nac_qod.drafting.pairing import Pairs
from pytest_nac_qod.drafting.published import Published, Scenario
from pytest_nac_qod.drafting.steps import renamed
from pytest_nac_qod.foundation.jsontypes import JsonObject


def drafted(new: Published, paired: Iterable[Pairs], follows: str, before: Published | None) -> Iterator[JsonObject]:
    """A row for each scenario, in published order, with its API as `api`; what is a guess says so in `guess`."""
    pairs = {pair.api: pair for pair in paired}
    names = _names(pairs.values())
    former = list(_former(pairs.values(), follows, before, names))
    matched = _matched(new, former)
    gone = [item for item in former if item not in matched.values()]
    contracts = {api: Contract(document, api) for api, document in new.documents.items()}
    for scenario in new.scenarios:
        same = matched.get(_key(scenario))
        row: JsonObject = {"api": scenario.api, "id": scenario.id, "operation": scenario.operation}
        row |= (
            carried_over(scenario, same, names) if same else unlike_any(scenario, former, _success(contracts, scenario))
        )
        row |= {"cases": list(scenario.cases)} if scenario.cases != ("",) else {}
        yield doubted(row, contracts[scenario.api], gone)


def _success(contracts: Mapping[str, Contract], scenario: Scenario) -> str:
    """What the operation answers when all goes well."""
    operation = contracts[scenario.api].operations.get(scenario.operation)
    return str(operation.success[0]) if operation and operation.success else "200"


def _matched(new: Published, former: list[Former]) -> dict[tuple[str, str, str], Former]:
    """The row of the release before for each scenario that has one: by id, else by what the scenario is about."""
    known = {(item.api, item.operation, item.id): item for item in former}
    matched = {_key(scenario): known[_key(scenario)] for scenario in new.scenarios if _key(scenario) in known}
    left = [item for item in former if item not in matched.values()]
    for scenario in new.scenarios:
        if _key(scenario) not in matched and (same := nearest(scenario, left)):
            left.remove(same)
            matched[_key(scenario)] = same
    return matched


def _key(scenario: Scenario) -> tuple[str, str, str]:
    return scenario.api, scenario.operation, scenario.id


def _names(paired: Iterable[Pairs]) -> dict[str, str]:
    """New names by former ones."""
    names: dict[str, str] = {}
    for pair in paired:
        names |= {pair.was: pair.api} if pair.was and pair.was != pair.api else {}
        names |= {old: new for old, new in pair.operations.items() if old != new}
    return names


def _former(
    paired: Iterable[Pairs], follows: str, before: Published | None, names: Mapping[str, str]
) -> Iterator[Former]:
    """The rows of the release before, with ids and operations by the new names."""
    scenarios = {_key(item): item for item in before.scenarios} if before else {}
    entries = catalogue.entries(follows)
    for pair in paired:
        for entry in entries.get(pair.was, []):
            operation = pair.operations.get(entry["operation"], entry["operation"])
            scenario = scenarios.get((pair.was, entry["operation"], entry["id"]))
            yield Former(pair.api, entry, scenario, renamed(entry["id"], names), operation)
