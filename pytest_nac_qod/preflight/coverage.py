"""Which cases a run will not be able to judge, why, and what to add to the target file to change that."""

from collections.abc import Iterable, Iterator, Mapping

from pytest_nac_qod.catalogue import RowCase
from pytest_nac_qod.preflight.finding import Finding, Level
from pytest_nac_qod.run import manners
from pytest_nac_qod.run.needs import require
from pytest_nac_qod.run.plan import Plan
from pytest_nac_qod.suite.effort import Effort
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


def cost(plan: Plan, target: Target) -> Iterator[Finding]:
    """What a run costs a live network, and what it needs to be let."""
    if not manners.live(target) or plan.budget is None:
        return
    created = manners.most_created(plan.cases, plan.effort, plan.contracts)
    pace = f"at {plan.rate:g} a second, {plan.budget / plan.rate / 60:.0f} minutes" if plan.rate else "at any rate"
    yield Finding(
        "ok",
        "requests",
        f"{plan.budget} at most, {pace}; up to {created} sessions and assignments are created one after another, "
        "which --yes agrees to",
    )


def coverage(target: Target, cases: Iterable[RowCase], *, verbose: bool = False) -> Iterator[Finding]:
    """What the target file lacks or declares absent, and what is left; with `verbose`, each reason with its cases."""
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
    if verbose:
        for text, names in lacking.items():
            yield Finding("warn", "coverage", f"{_counted(len(names))} not_tested: {text}", tuple(names))
        for text, names in absent.items():
            yield Finding("ok", "coverage", f"{_counted(len(names))} not_applicable: {text}", tuple(names))
    else:
        yield from _summed("warn", "not_tested", lacking)
        yield from _summed("ok", "not_applicable", absent)
    left = total - sum(map(len, (*lacking.values(), *absent.values())))
    yield Finding("ok" if left else "fail", "coverage", f"{left} of {_counted(total)} can be run")


def _summed(level: Level, verdict: str, by_reason: Mapping[str, list[str]]) -> Iterator[Finding]:
    """One line: how many cases, and the reason of the most of them."""
    if by_reason:
        most = max(by_reason, key=lambda text: len(by_reason[text]))
        others = f"; {len(by_reason) - 1} more reasons, shown by -v" if len(by_reason) > 1 else ", shown by -v"
        number = sum(map(len, by_reason.values()))
        yield Finding(
            level, "coverage", f"{_counted(number)} {verdict}, {len(by_reason[most])} of them: {most}{others}"
        )


def _counted(number: int) -> str:
    return f"{number} case{'' if number == 1 else 's'}"
