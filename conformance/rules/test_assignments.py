"""One assignment for each device."""

from pytest_nac_qod.suite import Case, endings, purpose, ruling, send, states


@purpose("assignment_gone_for_device")
def test_assignment_gone_for_device(case: Case) -> None:
    endings.deleted(case, states.created(case))
    ruling.accepted(case, send(case))
