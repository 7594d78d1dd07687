"""Requests that differ in their x-correlator alone."""

from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

from pytest_nac_qod import strategies
from pytest_nac_qod.checks.answer import CORRELATOR
from pytest_nac_qod.generated.examples import explore
from pytest_nac_qod.generated.invalid import expect
from pytest_nac_qod.suite import ruling, send
from pytest_nac_qod.suite.case import Case
from pytest_nac_qod.verdicts import NotTested
from pytest_nac_qod.wire.resources import resource_of

MALFORMED = "generated_correlator_malformed"


def check(case: Case) -> None:
    """Hold the row's operation against x-correlators of the kind that the purpose names.

    Raises:
        Inconclusive: the operation does not answer a plain request.
        NotTested: the target file says that none may be sent.
    """
    if case.target.x_correlator == "off":
        raise NotTested('the target file says x_correlator = "off"')
    resource = resource_of(case.contract)
    creates = resource is not None and case.row.operation == resource.create
    if not creates:  # a list, which shows nothing of x-correlators where it is not served
        ruling.reached(send(case))
    explore(case, _values(case), lambda value: _judge(case, value))


def _values(case: Case) -> SearchStrategy[str | None]:
    release = case.row.release
    if case.row.purpose.key == MALFORMED:
        return strategies.malformed_correlators(release=release)
    return st.sampled_from((None, "")) | strategies.correlators(release=release)


def _judge(case: Case, value: str | None) -> None:
    answer = send(case, headers={CORRELATOR: value})
    expect(case, answer, case.row.accepted, "without x-correlator" if value is None else f"with x-correlator {value!r}")
