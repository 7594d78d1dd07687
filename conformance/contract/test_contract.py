"""Requests from the contract alone."""

from pytest_nac_qod.suite import Case, purpose


@purpose("generated_contract")
def test_generated_contract(case: Case) -> None:
    from pytest_nac_qod.generated import contract

    contract.check(case)


@purpose("generated_contract_three_legged")
def test_generated_contract_three_legged(case: Case) -> None:
    from pytest_nac_qod.generated import contract

    contract.check(case)
