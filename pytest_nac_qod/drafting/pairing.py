"""Which API and which operation of a new release are which of the one before."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from pytest_nac_qod import contracts
from pytest_nac_qod.contracts import Contract, Operation
from pytest_nac_qod.contracts.aligning import shape
from pytest_nac_qod.foundation.jsontypes import JsonObject


@dataclass(frozen=True, slots=True)
class Pairs:
    """The counterpart of one API.

    Attributes:
        api: its name.
        was: its name in the release before; empty for a new API.
        operations: operationId by that of the release before.
        guesses: what was paired without being told by method and path.
    """

    api: str
    was: str
    operations: Mapping[str, str] = field(default_factory=dict)
    guesses: tuple[str, ...] = ()


def pairs(documents: Mapping[str, JsonObject], follows: str) -> list[Pairs]:
    """Each API with its counterpart in the release `follows`."""
    before = list(contracts.apis(follows))
    free = [api for api in before if api not in documents]
    paired: list[Pairs] = []
    for api, document in documents.items():
        was = api if api in before else _nearest(document, free, follows)
        if not was:
            paired.append(Pairs(api, ""))
            continue
        guesses = () if was == api else (f"API {api}: taken for {was} of {follows}, by what its operations are like",)
        operations, more = _operations(Contract(document, api), contracts.contract(follows, was))
        paired.append(Pairs(api, was, operations, (*guesses, *more)))
    return paired


def _nearest(document: JsonObject, free: list[str], follows: str) -> str:
    """The API whose operations are most like those of the document; empty when none is."""
    own = [_habit(operation) for operation in Contract(document, "").operations.values()]
    scores = {api: _common(own, map(_habit, contracts.contract(follows, api).operations.values())) for api in free}
    best = max(scores, key=scores.__getitem__, default="")
    return best if best and scores[best] * 2 > len(own) else ""


def _habit(operation: Operation) -> tuple[str, int, tuple[int, ...]]:
    """What an operation is like, whatever it is called."""
    return operation.method, operation.path.count("{"), operation.success


def _common(own: list[tuple[str, int, tuple[int, ...]]], other: Iterable[tuple[str, int, tuple[int, ...]]]) -> int:
    return (Counter(own) & Counter(other)).total()


def _operations(new: Contract, before: Contract) -> tuple[dict[str, str], tuple[str, ...]]:
    """New names by former ones: by method and path, else by what they are like."""
    calls = {(item.method, shape(item.path)): item.id for item in new.operations.values()}
    paired = {
        item.id: calls[item.method, shape(item.path)]
        for item in before.operations.values()
        if (item.method, shape(item.path)) in calls
    }
    guesses: list[str] = []
    for item in before.operations.values():
        like = [
            other.id
            for other in new.operations.values()
            if item.id not in paired and other.id not in paired.values() and _habit(other) == _habit(item)
        ]
        if like:
            name = item.id if item.id in like else like[0]
            paired[item.id] = name
            guesses.append(f"operation {name} of {new.api}: taken for {item.id}, by method, parameters and answers")
    return paired, tuple(guesses)
