"""What has to be accepted, and what has to be refused."""

from pytest_nac_qod.suite import Case, purpose


@purpose("generated_valid")
def test_generated_valid(case: Case) -> None:
    from pytest_nac_qod.generated import valid

    valid.check(case)


@purpose("generated_breaking")
def test_generated_breaking(case: Case) -> None:
    from pytest_nac_qod.generated import invalid

    invalid.check(case)


@purpose("generated_correlator")
def test_generated_correlator(case: Case) -> None:
    from pytest_nac_qod.generated import correlators

    correlators.check(case)


@purpose("generated_correlator_malformed")
def test_generated_correlator_malformed(case: Case) -> None:
    from pytest_nac_qod.generated import correlators

    correlators.check(case)


@purpose("generated_wrong")
def test_generated_wrong(case: Case) -> None:
    from pytest_nac_qod.generated import invalid

    invalid.check(case)
