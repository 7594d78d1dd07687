"""What becomes of sessions."""

from pytest_nac_qod.suite import Case, purpose


@purpose("generated_session_life")
def test_generated_session_life(case: Case) -> None:
    from pytest_nac_qod.generated import machine

    machine.check(case)
