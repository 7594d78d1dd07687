"""Causes that are one: told apart by operation, code or words, and of the same defect."""

from collections.abc import Callable, Sequence

from pytest_nac_qod.report.causes.evidence import Breach
from pytest_nac_qod.report.causes.model import Cause, answering

_Alike = Callable[[Cause, Cause], bool]


def joined(causes: Sequence[Cause]) -> list[Cause]:
    """The same breaches in fewer causes; the one with most cases gives its name."""
    kept: list[Cause] = []
    for cause in sorted(causes, key=lambda cause: -len(cause.cases)):
        same = next((other for other in kept if _alike(other, cause)), None)
        if same is None:
            kept.append(cause)
            continue
        for breach in cause.breaches:
            same.absorb(breach)
        _rename(same)
    return kept


def _alike(one: Cause, other: Cause) -> bool:
    if (one.verdict, one.reason) != (other.verdict, other.reason):
        return False
    return any(test(one, other) or test(other, one) for test in (_let_through, _same_code, _same_refusal))


def _let_through(one: Cause, other: Cause) -> bool:
    """What has to be refused for a reason succeeds, or is refused for another one further on."""
    return (
        _requirements(one) == _requirements(other)
        and len(_requirements(one)) == 1
        and any(_succeeds(breach) for breach in one.breaches)
        and all(breach.is_outcome and 400 <= breach.status < 500 for breach in other.breaches)
    )


def _same_code(one: Cause, other: Cause) -> bool:
    """What has to be refused with a code that an API has for nothing else succeeds."""
    return bool(_own_codes(one) & _own_codes(other)) and all(map(_succeeds, [*one.breaches, *other.breaches]))


def _own_codes(cause: Cause) -> set[str]:
    return {code for breach in cause.breaches for code in breach.wanted_codes if "." in code}


def _same_refusal(one: Cause, other: Cause) -> bool:
    """What has to succeed is refused with one code in several operations, for the same requirement."""
    both = [*_outcomes(one), *_outcomes(other)]
    answers = {(breach.status, breach.answer.code) for breach in both if breach.answer}
    asked = [{breach.requirement for breach in _outcomes(cause)} for cause in (one, other)]
    return len(answers) == 1 and all(max(breach.wanted) < 300 for breach in both) and bool(asked[0] & asked[1])


def _outcomes(cause: Cause) -> list[Breach]:
    return [breach for breach in cause.breaches if breach.is_outcome and breach.wanted]


def _requirements(cause: Cause) -> set[str]:
    return {breach.requirement for breach in cause.breaches}


def _succeeds(breach: Breach) -> bool:
    return breach.is_outcome and bool(breach.wanted) and min(breach.wanted) >= 400 and breach.status < 300


def _rename(cause: Cause) -> None:
    """Say of a refusal which two operations it is of, or how many."""
    operations = dict.fromkeys(breach.operation for breach in _outcomes(cause))
    first = next(iter(operations), "")
    if len(operations) > 1 and cause.title.startswith(f"{first} answers"):
        cause.title = f"{answering(list(operations))}{cause.title.removeprefix(f'{first} answers')}"
