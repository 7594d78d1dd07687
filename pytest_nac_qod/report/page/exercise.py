"""What requests and answers of a run have touched of the schemas: constraints broken and kept, properties seen."""

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from pytest_nac_qod import contracts
from pytest_nac_qod.contracts import Contract
from pytest_nac_qod.foundation.jsontypes import Json
from pytest_nac_qod.foundation.values import shallow
from pytest_nac_qod.report.page import walking
from pytest_nac_qod.report.page.coverage import judged_apis
from pytest_nac_qod.report.records import CaseRecord, ExchangeRecord, ResultsDocument

_LARGEST = 20_000  # characters of a body that is looked at


@dataclass(frozen=True, slots=True)
class Exercise:
    """What was exercised of one operation, each constraint as `$.duration minimum`, each property as `$.duration`.

    Attributes:
        kept: constraints of its request body that requests kept.
        broken: those that requests broke.
        unkept: those that none kept.
        unbroken: those that none broke.
        seen: documented properties that its successful answers had.
        unseen: those that none had.
    """

    operation: str
    kept: tuple[str, ...]
    broken: tuple[str, ...]
    unkept: tuple[str, ...]
    unbroken: tuple[str, ...]
    seen: tuple[str, ...]
    unseen: tuple[str, ...]

    @property
    def constraints(self) -> int:
        """How many the request body has."""
        return len(self.kept) + len(self.unkept)


def of_operations(document: ResultsDocument) -> list[Exercise]:
    """Each operation of each API that has a case; none of documents that this suite does not have."""
    return [
        _exercise(contracts.contract(release, api), operation, document["results"])
        for release, api in judged_apis(document)
        for operation in contracts.contract(release, api).operations
    ]


def _exercise(contract: Contract, operation: str, cases: Iterable[CaseRecord]) -> Exercise:
    exchanges = [
        exchange
        for case in cases
        if case["api"] == contract.api
        for exchange in case["exchanges"]
        if exchange["operation"] == operation
    ]
    kept, broken, every = _constraints(contract, operation, exchanges)
    seen, known = _properties(contract, operation, exchanges)
    return Exercise(
        f"{contract.api} {operation}",
        tuple(name for name in every if name in kept),
        tuple(name for name in every if name in broken),
        tuple(name for name in every if name not in kept),
        tuple(name for name in every if name not in broken),
        tuple(path for path in known if path in seen),
        tuple(path for path in known if path not in seen),
    )


def _constraints(
    contract: Contract, operation: str, exchanges: Iterable[ExchangeRecord]
) -> tuple[set[str], set[str], list[str]]:
    """Constraints of the request body that were kept, those that were broken, and all of them."""
    pointer = contract.request_pointer(operation)
    kept, broken = set[str](), set[str]()
    if pointer is None:
        return kept, broken, []
    for body in _bodies(exchange["request"]["body"] for exchange in exchanges):
        for path, keyword, holds in walking.met(contract, pointer, body):
            (kept if holds else broken).add(f"{path} {keyword}")
    every = dict.fromkeys(f"{path} {keyword}" for path, keyword in walking.stated(contract, pointer))
    return kept, broken, list(every)


def _properties(contract: Contract, operation: str, exchanges: Iterable[ExchangeRecord]) -> tuple[set[str], list[str]]:
    """Properties that successful answers had, and all that the document has of them."""
    answers: dict[int, list[str]] = {}
    for exchange in exchanges:
        if exchange["response"] and exchange["response"]["status"] < 300:
            answers.setdefault(exchange["response"]["status"], []).append(exchange["response"]["body"])
    seen, known = set[str](), dict[str, None]()
    for status in contract.operations[operation].success:
        pointer = contract.response_pointer(operation, status)
        if pointer is None:
            continue
        known |= dict.fromkeys(path for path, _ in walking.stated(contract, pointer) if "." in path)
        for body in _bodies(answers.get(status, [])):
            seen.update(_paths(body, "$"))
    return seen, list(known)


def _paths(value: Json, path: str) -> Iterator[str]:
    if isinstance(value, dict):
        for name, inner in value.items():
            yield f"{path}.{name}"
            yield from _paths(inner, f"{path}.{name}")
    elif isinstance(value, list):
        for item in value:
            yield from _paths(item, f"{path}[*]")


def _bodies(texts: Iterable[str]) -> Iterator[Json]:
    """The bodies that are JSON, each once."""
    for text in dict.fromkeys(texts):
        if text and len(text) <= _LARGEST:
            try:
                yield shallow(json.loads(text))
            except (ValueError, RecursionError):
                continue
