"""A check held against generated examples, each on a target as it was at the beginning."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from itertools import islice
from math import inf
from time import monotonic
from typing import Any, TypeVar
from zlib import crc32

from hypothesis import HealthCheck, Phase, Verbosity, given, seed, settings
from hypothesis.errors import Flaky, Unsatisfiable
from hypothesis.strategies import SearchStrategy

from pytest_nac_qod.generated.draws import draws, others_draw
from pytest_nac_qod.suite.case import Case
from pytest_nac_qod.suite.waits import waiting
from pytest_nac_qod.verdicts import Broken, CaseEnd, Inconclusive, Violation
from pytest_nac_qod.wire.exchange import Exchange

Example = TypeVar("Example")
Cause = tuple[str, ...]
CAUSES = 3  # that one rule looks for
SMALLER = 250  # examples that may be tried to make a failing one smaller
ENUMERATED = 8  # examples, where they are enumerated instead of drawn, for each one of the run's effort
USUAL = 1  # where generation starts unless a seed is given: from there each generated fault is found
_SLOW = (HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.filter_too_much, HealthCheck.large_base_example)


class _Failing(Exception):  # noqa: N818 - an example, not an error
    """An example whose violations have the cause that is looked for."""


class _Ended(BaseException):
    """The run cannot go on; nothing that Hypothesis would shrink."""

    def __init__(self, end: CaseEnd) -> None:
        self.end = end


@dataclass(frozen=True, slots=True)
class ExampleFinding:
    """What one example has shown."""

    violations: tuple[Violation, ...]
    exchanges: tuple[Exchange, ...]


@dataclass(slots=True)
class Limit:
    """The time that there is for examples: it counts from the first, whatever Hypothesis did to come to it."""

    seconds: float
    _until: float | None = None

    def over(self) -> bool:
        """Whether it is used up; never before the first example."""
        if self._until is None:
            self._until = monotonic() + self.seconds
            return False
        return monotonic() > self._until


@dataclass(slots=True)
class Search:
    """The search for one cause of violations.

    Attributes:
        known: causes that were found before.
        smaller: how many examples may be tried to make a failing one smaller.
        limit: how long examples may be tried.
        aim: the cause that was found in this search, which shrinking keeps to.
        finding: what the last example with that cause has shown.
    """

    case: Case
    known: frozenset[Cause]
    smaller: int
    limit: Limit
    aim: Cause | None = None
    finding: ExampleFinding | None = None
    ran: int = 0
    _failed: set[str] = field(default_factory=set)

    def starts(self, key: str = "") -> bool:
        """Begin an example; or not, since enough were tried and it is none that is known to have failed before."""
        self.smaller -= self.aim is not None
        enough = self.limit.over() or self.smaller < 0
        if enough and not (key and key in self._failed):
            return False
        with others_draw():
            begin(self.case)
        return True

    def look(self, key: str) -> None:
        """Fail when the case has violations of the cause that is looked for.

        Raises:
            _Failing: it has.
        """
        self.ran += 1
        causes = {cause(violation) for violation in self.case.violations} - self.known
        if self.aim is None and causes:
            self.aim = min(causes)
        if self.aim in causes:
            self._failed.add(key)
            shown = [violation for violation in self.case.violations if cause(violation) == self.aim]
            self.finding = ExampleFinding(tuple(shown), tuple(self.case.client.exchanges))
            raise _Failing(shown[0].actual)


def cause(violation: Violation) -> Cause:
    """What two violations of the same cause share."""
    outcome = str(violation.value) if violation.path == "$.code" else ""
    return (violation.severity, violation.clause, violation.path, outcome)


def explore(
    case: Case, examples: SearchStrategy[Example], check: Callable[[Example], None], *, share: float = 1
) -> None:
    """Hold `check` against generated examples; what the smallest example of each cause has shown stays in the case.

    Args:
        case: the case at hand; its target is put back to its beginning before each example.
        examples: what to generate.
        check: sends what the example says, and judges; it may end with Broken.
        share: how much of the run's effort one example counts for.

    Raises:
        CaseEnd: the run cannot go on.
    """
    settled = limits(case, share=share)

    def search(attempt: Search) -> None:
        @seed(start(case))
        @settled
        @given(examples)
        def test(example: Example) -> None:
            one(attempt, repr(example), lambda: check(example))

        test()

    exhaust(case, search)


def enumerate_all(case: Case, examples: Iterable[Example], check: Callable[[Example], None]) -> None:
    """As explore, for examples that are as small as they get, one after another; in order.

    Raises:
        CaseEnd: the run cannot go on.
    """
    with draws():
        few = list(islice(examples, ENUMERATED * case.run.effort.max_examples))

    def search(attempt: Search) -> None:
        for number, example in enumerate(few):
            one(attempt, str(number), lambda example=example: check(example))  # type: ignore[misc] # bound at once

    exhaust(case, search)


def limits(case: Case, *, share: float = 1, **more: Any) -> settings:  # noqa: ANN401 - of hypothesis.settings
    """Settings of Hypothesis for a rule; no profile is touched."""
    return settings(
        deadline=None,
        database=None,
        derandomize=False,
        max_examples=max(1, int(case.run.effort.max_examples / share)),
        phases=(Phase.generate, Phase.shrink),
        report_multiple_bugs=False,
        print_blob=False,
        verbosity=Verbosity.quiet,
        suppress_health_check=_SLOW,
        **more,
    )


def start(case: Case) -> int:
    """Where generation starts: for each case somewhere else, and always there with the same seed."""
    given_seed = case.run.effort.seed
    return crc32(f"{case.row_case} {USUAL if given_seed is None else given_seed}".encode())


def exhaust(case: Case, search: Callable[[Search], None], *, smaller: int = SMALLER) -> None:
    """Search for one cause after another, within the budget of the target; the embedded server has all the time.

    For each cause, `smaller` examples may be tried to make the failing one smaller.

    Raises:
        CaseEnd: the run cannot go on.
    """
    findings: list[ExampleFinding] = []
    known: frozenset[Cause] = frozenset()
    limit = Limit(inf if case.target.embedded else case.target.polling.budget)
    for _ in range(CAUSES):
        attempt = Search(case, known, smaller, limit)
        try:
            with draws():
                search(attempt)
        except (_Failing, Flaky, Unsatisfiable):
            pass
        except _Ended as ended:
            raise ended.end from None
        if attempt.finding is None or attempt.aim is None:
            if not (attempt.ran or findings):
                raise Inconclusive("no example came to be judged, since no session could be created")
            break
        findings.append(attempt.finding)
        known |= {attempt.aim}
    deliver(case)
    show(case, findings)


def one(search: Search, key: str, check: Callable[[], None]) -> None:
    """Try one example."""
    if search.starts(key):
        step(search, check, key)


def step(search: Search, check: Callable[[], None], key: str = "") -> None:
    """Try an example, or the next step of one."""
    try:
        with others_draw():
            check()
    except Broken:
        pass
    except CaseEnd as end:
        raise _Ended(end) from None
    search.look(key)


def begin(case: Case) -> None:
    """Put the target back to its beginning if something was created, and forget what the last example has shown."""
    exchanges = case.client.exchanges
    created = any(exchange.response is not None and exchange.response.status in (201, 202) for exchange in exchanges)
    if "reset" in case.target.hooks:
        if created or case.client.owned:
            deliver(case)
            case.run.hook("reset")
            for key in list(case.client.owned):
                case.client.gone(key)
    else:
        case.clean()
    case.violations.clear()
    case.client.forget()


def deliver(case: Case) -> None:
    """Let the events that are on their way arrive, where the target can say when they have."""
    some = any('"sink"' in exchange.request.body for exchange in case.client.exchanges)
    if some:
        waiting.settle(case, seconds=0)


def show(case: Case, findings: Iterable[ExampleFinding]) -> None:
    """Leave the findings in the case, the exchanges of each under ids of their own; without any, the last example."""
    case.violations.clear()
    for number, finding in enumerate(findings, 1):
        if number == 1:
            case.client.forget()
        mark = f".{number}" if number > 1 else ""
        case.violations.extend(replace(item, exchange=f"{item.exchange}{mark}") for item in finding.violations)
        case.client.exchanges.extend(replace(item, id=f"{item.id}{mark}") for item in finding.exchanges)
