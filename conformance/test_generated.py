"""Rules that make up their requests."""

from pytest_nac_qod.suite import Case, purpose


@purpose
def test_generated_valid(case: Case) -> None:
    from pytest_nac_qod.generated import valid

    valid.check(case)


@purpose
def test_generated_breaking(case: Case) -> None:
    from pytest_nac_qod.generated import invalid

    invalid.check(case)


@purpose
def test_generated_correlator(case: Case) -> None:
    from pytest_nac_qod.generated import correlators

    correlators.check(case)


@purpose
def test_generated_correlator_malformed(case: Case) -> None:
    from pytest_nac_qod.generated import correlators

    correlators.check(case)


@purpose
def test_generated_wrong(case: Case) -> None:
    from pytest_nac_qod.generated import invalid

    invalid.check(case)


@purpose
def test_generated_session_life(case: Case) -> None:
    from pytest_nac_qod.generated import machine

    machine.check(case)


@purpose
def test_generated_contract(case: Case) -> None:
    from pytest_nac_qod.generated import contract

    contract.check(case)


@purpose
def test_generated_contract_three_legged(case: Case) -> None:
    from pytest_nac_qod.generated import contract

    contract.check(case)
