"""What has to be accepted."""

from pytest_nac_qod.suite import Case, purpose


@purpose("generated_valid")
def test_generated_valid(case: Case) -> None:
    from pytest_nac_qod.generated import valid

    valid.check(case)
