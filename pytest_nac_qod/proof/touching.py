"""Which cases a defect or a legal behaviour can change at all, so that the others need not be run again.

While every case runs once on a server without any, each decision that it takes is taken again as each of them would
have taken it. One that decides alike throughout a case leaves that case as it is.
"""

import copy
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import fields, replace
from functools import cache
from typing import Any, Final

from pytest_nac_qod import contracts
from pytest_nac_qod.catalogue import cases
from pytest_nac_qod.proof.bench import Ended, FaultBench, bench
from pytest_nac_qod.reference.decisions import Decisions
from pytest_nac_qod.reference.faults import faults, generated_faults
from pytest_nac_qod.reference.legal import legal
from pytest_nac_qod.reference.overrides import NamedOverride
from pytest_nac_qod.reference.refusals import Refusal
from pytest_nac_qod.reference.state import ServedResource

# decisions that come out anew each time
_UNREPEATABLE: Final = frozenset({"issued_id", "event_view"})


@cache
def touched(release: str) -> Mapping[str, frozenset[str]]:
    """The names of the defects that can change each case of `release`, by the case as it reads."""
    return _touched_by(release, tuple(faults().values()))


@cache
def touched_legally(release: str) -> Mapping[str, frozenset[str]]:
    """The names of the legal behaviours of `release` that can change each of its cases, by the case as it reads."""
    return _touched_by(release, tuple(legal(release).values()))


@cache
def touched_scenarios(release: str) -> Mapping[str, frozenset[str]]:
    """The names of all defects, generated ones too, that can change each scenario, by the case as it reads."""
    return _touched_by(release, (*faults().values(), *generated_faults().values()), kind="scenario")


def _touched_by(release: str, others: Sequence[NamedOverride], kind: str = "") -> dict[str, frozenset[str]]:
    with bench(release) as found:
        chosen = (case for case in cases(release, contracts.apis(release)) if kind in ("", case.row.kind))
        return dict(_touched(found, case, others) for case in chosen)


def _touched(
    workbench: FaultBench,
    case: Any,  # noqa: ANN401 - a RowCase
    others: Sequence[NamedOverride],
) -> tuple[str, frozenset[str]]:
    seen: set[str] = set()
    workbench.server.reset()
    network = workbench.server.service.network
    workbench.server.call(lambda: setattr(network, "decisions", _watched(network.decisions, others, seen)))
    ended: Ended = workbench.one(case)
    return str(ended.row_case), frozenset(seen)


def _watched(decisions: Decisions, others: Sequence[NamedOverride], seen: set[str]) -> Decisions:
    """The same decisions, noting which of the others would have decided otherwise."""
    by_decision: dict[str, list[NamedOverride]] = {}
    for other in others:
        by_decision.setdefault(other.decision, []).append(other)
    watched: dict[str, Any] = {
        field.name: _noting(field.name, getattr(decisions, field.name), by_decision.get(field.name, []), seen)
        for field in fields(decisions)
    }
    return replace(decisions, **watched)


def _noting(name: str, right: Callable[..., Any], wrong: list[NamedOverride], seen: set[str]) -> Callable[..., Any]:
    others = {override.name: override.override(right) for override in wrong}

    def decide(*given: Any) -> Any:  # noqa: ANN401 - whatever the decision takes and gives
        arguments = tuple(list(value) if isinstance(value, Iterator) else value for value in given)  # each reads all
        if name in _UNREPEATABLE:
            seen.update(others)
        elif waiting := {key: other for key, other in others.items() if key not in seen}:
            mine = _outcome(right, arguments)
            seen.update(key for key, other in waiting.items() if _outcome(other, arguments) != mine)
        return right(*arguments)

    return decide


def _outcome(decide: Callable[..., Any], arguments: tuple[Any, ...]) -> object:
    """What a decision comes to and does to its arguments, as something that can be compared; it gets copies of them."""
    copies = [_copied(argument) for argument in arguments]
    try:
        outcome = decide(*copies)
    except Refusal as refusal:
        outcome = refusal
    except Exception as error:  # noqa: BLE001 - a defect may crash, which is an outcome too
        outcome = (type(error), str(error))
    return _state(outcome), [_state(argument) for argument in copies if isinstance(argument, Refusal | ServedResource)]


def _copied(argument: Any) -> Any:  # noqa: ANN401 - whatever a decision takes
    if isinstance(argument, Refusal):
        duplicate = Refusal.__new__(Refusal, *argument.args)
        vars(duplicate).update(vars(argument))
        return duplicate
    return copy.copy(argument) if isinstance(argument, ServedResource) else argument


def _state(item: Any) -> object:  # noqa: ANN401 - whatever a decision takes or gives
    if isinstance(item, Refusal):
        return dict(vars(item))
    if isinstance(item, dict):
        return {name: _state(value) for name, value in item.items()}
    if isinstance(item, float):
        return (float, item)  # 3600.0 equals 3600, and is written differently
    return [getattr(item, field.name) for field in fields(item)] if isinstance(item, ServedResource) else item
