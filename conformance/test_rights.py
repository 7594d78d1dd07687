"""Who may do what with 3-legged tokens, and how a caller is told that it may not."""

from pytest_nac_qod.foundation.jsontypes import Json
from pytest_nac_qod.suite import Case, bodies, purpose, ruling, send, states
from pytest_nac_qod.suite.waits import waiting
from pytest_nac_qod.verdicts import Inconclusive, NotTested
from pytest_nac_qod.wire.client import new_correlator

THREE_LEGGED = "three_legged"


def extension(case: Case) -> Json:
    """The body of the row's operation, if it has one."""
    return bodies.extension(bodies.additional(case.target)) if case.row.operation == case.resource.extend else None


@purpose
def test_three_legged_use(case: Case) -> None:
    key = states.create_id(case, bodies.creation(case.target, case.resource, device=None), token=THREE_LEGGED)
    known = states.fact(case, "AVAILABLE")
    for _ in waiting.looks(case, known):
        answer = send(case, token=THREE_LEGGED, path={case.resource.id: key}, body=extension(case))
        if answer.status != 409:
            ruling.succeeded(case, answer)
            return
    raise Inconclusive(waiting.learn(case, known, f"{case.resource.noun} never became AVAILABLE"))


@purpose
def test_three_legged_use_of_another_device(case: Case) -> None:
    before = states.await_available(case, states.create_id(case))
    key = before[case.resource.id]
    ruling.accepted(case, send(case, token=THREE_LEGGED, path={case.resource.id: key}, body=extension(case)))


@purpose
def test_three_legged_list_of_another_device(case: Case) -> None:
    key = states.create_id(case)
    answer = send(case, token=THREE_LEGGED, body={})
    if not answer.response.is_success:
        return  # what the token's device has is another rule's matter
    expected = f"{case.resource.noun} {key} of another device than the token's not there"
    hidden = not ruling.listed(case, answer, key)
    ruling.require(case, answer.exchange, hidden, expected=expected, actual="it is there")


@purpose
def test_read_with_another_correlator(case: Case) -> None:
    key = states.create_id(case)
    if case.target.x_correlator == "off":
        raise NotTested('the target file says x_correlator = "off"')
    headers = {"x-correlator": new_correlator()}
    ruling.accepted(case, send(case, path={case.resource.id: key}, body=None, headers=headers))


@purpose
def test_challenge(case: Case) -> None:
    answer = send(case, token=None)
    if answer.status != 401:
        raise Inconclusive(f"the request without a token was answered {answer.status}")
    challenge = answer.response.headers.get("www-authenticate")
    ruling.require(case, answer.exchange, challenge, expected="WWW-Authenticate in a 401", actual="none")
