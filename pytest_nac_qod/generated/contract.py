"""Schemathesis on the contract in use: its requests, sent by our client; its failures, as violations of ours.

Its pytest plugin is never loaded, and its transport not used.
"""

from collections.abc import Iterator
from typing import Any

import schemathesis
from hypothesis import strategies as st
from schemathesis import Case as Generated
from schemathesis.checks import not_a_server_error
from schemathesis.config import SchemathesisConfig
from schemathesis.core.failures import Failure, FailureGroup
from schemathesis.generation import GenerationMode
from schemathesis.specs.openapi.checks import (
    negative_data_rejection,
    positive_data_acceptance,
    status_code_conformance,
)

from pytest_nac_qod.checks import answer as checks
from pytest_nac_qod.generated import false_alarms
from pytest_nac_qod.generated.examples import enumerate_all, explore, start
from pytest_nac_qod.generated.sent import THREE_LEGGED, Sent, sent
from pytest_nac_qod.generated.tuned import document
from pytest_nac_qod.strategies import wrong_bodies
from pytest_nac_qod.suite.case import Case
from pytest_nac_qod.verdicts import NotApplicable, Violation

# Answers are held against the contract by our own checks, which demand more; authentication has rules of its own.
_CHECKS = (not_a_server_error, status_code_conformance, positive_data_acceptance, negative_data_rejection)
_MODES = [GenerationMode.POSITIVE, GenerationMode.NEGATIVE]
UNKNOWN = "property that the API does not know"  # in strategies/wrong.toml
SHARE = 5  # of the examples of other rules, one is tried in each fuzzing phase


def check(case: Case) -> None:
    """Hold the row's operation against what schemathesis makes of its contract, in the phase that the case names."""
    _require_a_server(case)
    operation = _operation(case)
    if case.name.startswith("coverage"):
        enumerate_all(case, _covering(operation), lambda example: _judge(case, example))
    else:
        modes = [operation.as_strategy(generation_mode=mode) for mode in _MODES]
        explore(case, st.one_of(modes), lambda example: _judge(case, example), share=SHARE)


def _require_a_server(case: Case) -> None:
    """Return unless it is known that nothing serves the operation, which only an own document has."""
    if case.target.embedded and case.row.operation in [item.id for item in case.contract.extra]:
        raise NotApplicable(f"the embedded server does not serve {case.row.operation}, not in {case.row.release}")


def _operation(case: Case) -> Any:  # noqa: ANN401 - of schemathesis
    config = SchemathesisConfig()
    config.projects.default.update(base_url=case.target.apis[case.contract.api])
    config._seed = start(case)  # noqa: SLF001
    operation, device = case.contract.operations[case.row.operation], THREE_LEGGED not in case.name
    tuned = document(case.contract, case.target, operation, device=device, closed=_closed(case))
    schema = schemathesis.openapi.from_dict(tuned, config=config)
    return schema[operation.path][operation.method]


def _closed(case: Case) -> bool:
    """Whether the release refuses properties that no schema declares."""
    try:
        wrong_bodies(release=case.row.release, api=case.contract.api, operation=case.row.operation, what=[UNKNOWN])
    except LookupError:
        return False
    return True


def _covering(operation: Any) -> "Iterator[Generated[Any]]":  # noqa: ANN401 - of schemathesis
    """The cases of the coverage phase; other methods have a rule of their own."""
    config = operation.schema.config.generation
    for generated in operation.schema.iter_coverage_cases(operation, generation_modes=_MODES, generation_config=config):
        if generated.method.upper() == operation.method.upper():
            yield generated


def _judge(case: Case, generated: "Generated[Any]") -> None:
    sending = sent(case, generated)
    exchange = sending.answer.exchange
    case.record(exchange, checks.common(exchange, case.contract))
    for failure, name in _failures(generated, sending):
        if not false_alarms.excused(name, case.row.operation, sending):
            case.record(exchange, [_violation(case, name, failure, sending)])


def _failures(generated: "Generated[Any]", sending: Sent) -> Iterator[tuple[Failure, str]]:
    """Each failure, and the check that reports it."""
    try:
        generated.validate_response(sending.answer.response, checks=list(_CHECKS))
    except FailureGroup as group:
        for failure in group.exceptions:
            if isinstance(failure, Failure):
                yield failure, failure.checks[0]
    except Failure as failure:
        yield failure, failure.checks[0]


def _violation(case: Case, name: str, failure: Failure, sending: Sent) -> Violation:
    """The failure in our words: at the constraint that the request breaks, where it breaks one."""
    contract, exchange = case.contract, sending.answer.exchange
    actual = checks.described(exchange)
    if name == "negative_data_rejection" and sending.errors:
        error = sending.errors[0]
        expected = f"a refusal, since {error.path} is not {error.expected}"
        return Violation(clause=f"{contract.api}{error.clause}", expected=expected, actual=actual, path=error.path)
    operation = contract.operations[exchange.operation]
    expected = "2xx, since the request follows the contract" if name == "positive_data_acceptance" else failure.title
    return Violation(
        clause=f"{contract.api}{operation.pointer}/responses",
        expected=f"{expected} ({name})",
        actual=actual,
        path="$.code",
        value=str(checks.outcome_of(checks.answered(exchange))),
        basis="undocumented_status" if name == "status_code_conformance" else "",
    )
