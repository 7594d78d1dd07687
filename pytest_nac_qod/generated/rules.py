"""Generated rules by their purpose."""

from pytest_nac_qod.generated import invalid, machine, valid
from pytest_nac_qod.suite.case import Case

CHECKS = {
    "generated_valid": valid.check,
    "generated_breaking": invalid.check,
    "generated_wrong": invalid.check,
    "generated_session_life": machine.check,
}


def check(case: Case) -> None:
    """Carry out the case; what is wrong stays in it.

    Raises:
        CaseEnd: it ended early.
    """
    CHECKS[case.row.purpose.key](case)
