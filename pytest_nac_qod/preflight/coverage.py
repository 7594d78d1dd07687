"""Which cases a run will not be able to judge, why, and what to add to the target file to change that."""

from collections.abc import Iterable, Iterator

from pytest_nac_qod.catalogue import RowCase
from pytest_nac_qod.effort import Effort
from pytest_nac_qod.preflight.finding import Finding
from pytest_nac_qod.suite.needs import require
from pytest_nac_qod.target import Target
from pytest_nac_qod.verdicts import NotApplicable, NotTested


def generated(target: Target, cases: Iterable[RowCase], effort: Effort) -> Iterator[Finding]:
    """What the rules that make up their requests will cost."""
    number = sum(case.row.purpose.key.startswith("generated_") for case in cases)
    if number:
        yield Finding(
            "ok",
            "generated rules",
            f"{_counted(number)}, each with up to {effort.max_examples} examples, most of which create something, and "
            f"for polling.budget ({target.polling.budget:g} s) at most; --max-examples N tries fewer, 0 none",
        )


def coverage(target: Target, cases: Iterable[RowCase]) -> Iterator[Finding]:
    """A finding for each thing that the target file lacks or declares absent, and one for what is left."""
    lacking: dict[str, list[str]] = {}
    absent: dict[str, list[str]] = {}
    total = 0
    for case in cases:
        total += 1
        try:
            require(target, case.row)
        except NotTested as error:
            lacking.setdefault(str(error), []).append(str(case))
        except NotApplicable as error:
            absent.setdefault(str(error), []).append(str(case))
    for text, found in lacking.items():
        yield Finding("warn", "coverage", f"{_counted(len(found))} not_tested: {text}", tuple(found))
    for text, found in absent.items():
        yield Finding("ok", "coverage", f"{_counted(len(found))} not_applicable: {text}", tuple(found))
    left = total - sum(map(len, (*lacking.values(), *absent.values())))
    yield Finding("ok" if left else "fail", "coverage", f"{left} of {_counted(total)} can be run")


def _counted(number: int) -> str:
    return f"{number} case{'' if number == 1 else 's'}"
