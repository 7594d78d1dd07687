"""How many defects of the embedded server show in traffic: in that of the scenarios, and of an ordinary day."""

import os
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import httpx

from pytest_nac_qod import contracts
from pytest_nac_qod.catalogue import RowCase, cases
from pytest_nac_qod.contracts import CURRENT, releases
from pytest_nac_qod.proof.bench import FaultBench, bench
from pytest_nac_qod.proof.day import Days, days
from pytest_nac_qod.proof.matrix import must_fail
from pytest_nac_qod.proof.processes import pool
from pytest_nac_qod.proof.touching import touched_scenarios
from pytest_nac_qod.reference.faults import faults, generated_faults, named
from pytest_nac_qod.traffic.judging import Judge
from pytest_nac_qod.traffic.tokens import seen_of

WEIGHTS = ("must", "should", "may")
_AT_ONCE = 8  # defects that a process shows before it tells


@dataclass(frozen=True, slots=True)
class JudgedFault:
    """What traffic shows of one defect.

    Attributes:
        fault: its name; empty for a server without any.
        scenarios: rules that are broken in the traffic of the published scenarios, with the weight of the breach.
        day: the same of an ordinary day.
        touching: whether it changes the traffic of any published scenario.
    """

    release: str
    fault: str
    scenarios: tuple[str, ...]
    day: tuple[str, ...]
    touching: bool


def judge_of(release: str, *, complete: bool = False) -> Judge:
    """A judge of a target that serves all APIs of a release."""
    return Judge(release, {api: contracts.contract(release, api) for api in contracts.apis(release)}, complete=complete)


def of_scenarios(workbench: FaultBench, name: str) -> tuple[str, ...]:
    """What the traffic of the published scenarios shows on a server with a defect, or without for an empty name.

    They run one after the other on one server, as against a real target, with what a run does besides: each case ends
    when its events have come, and deletes what it created. As that of the day, the traffic is complete; it ends with
    the first breach, which is enough.
    """
    release = workbench.run.target.release
    judge = judge_of(release, complete=True)
    workbench.server.reset([name] if name else [])
    workbench.run.restarted()
    for case in chosen(release, name):
        for exchange in workbench.exchanges(case):
            judge.see(seen_of(exchange))
        if name and judge.tally.broken(notes=True):
            break
    list(judge.results())
    return judge.tally.broken(notes=True)


def chosen(release: str, name: str) -> Iterator[RowCase]:
    """The published scenarios, each once, in the order in which they show a defect soonest.

    First those that tell of profiles, then those that must fail, and those that it can change on a fresh server; then
    those that succeed, since what it does to one may show in a later one; at the end all others. For an empty name they
    keep their order.
    """
    published = [case for case in cases(release, contracts.apis(release)) if case.row.kind == "scenario"]
    if not name:
        return iter(published)
    first = set(must_fail(named(name), release))
    touched = touched_scenarios(release)
    bounds = [case for case in published if _tells_of_profiles(case)]
    failing = [case for case in published if str(case) in first]
    changed = [case for case in published if name in touched[str(case)]]
    successes = [case for case in published if case.row.accepted[0].status < httpx.codes.MULTIPLE_CHOICES]
    return iter({str(case): case for case in (*bounds, *failing, *changed, *successes, *published)}.values())


def _tells_of_profiles(case: RowCase) -> bool:
    """Whether a case shows which profiles there are, of which status, and which there are not."""
    told = {"getQosProfile": (200, 404), "retrieveQoSProfiles": (200,)}
    return case.row.accepted[0].status in told.get(case.row.operation, ())


def of_day(spent: Days, release: str, name: str) -> tuple[str, ...]:
    """What the traffic of an ordinary day shows on a server with a defect, or without for an empty name."""
    judge = judge_of(release, complete=True)
    for seen in spent.spend((name,) if name else ()):
        judge.see(seen)
    list(judge.results())
    return judge.tally.broken(notes=True)


def release_for(name: str) -> str:
    """The release to show a defect in: one whose published scenarios it can change, of those where it breaks anything.

    The current one if there are several, else the latest of them.
    """
    fault = named(name)
    broken = [release for release in (CURRENT, *reversed(releases())) if must_fail(fault, release)]
    changed = (release for release in broken if _touching(name, release))
    return next(changed, broken[0] if broken else CURRENT)


def _touching(name: str, release: str) -> bool:
    return any(name in names for names in touched_scenarios(release).values())


def shown(names: Sequence[str], release: str) -> Iterator[JudgedFault]:
    """What traffic shows of these defects, or of a server without any for an empty name."""
    with bench(release) as workbench, days(release) as spent:
        for name in names:
            scenarios, day = of_scenarios(workbench, name), of_day(spent, release, name)
            yield JudgedFault(release, name, scenarios, day, bool(name) and _touching(name, release))


def report(names: Sequence[str], wanted: Sequence[str], say: Callable[[str], None], workers: int | None = None) -> bool:
    """Print what traffic shows of these defects, all by default, in the release that each is shown in.

    Args:
        names: of defects.
        wanted: releases; a defect that is shown in another one is left out.
        say: gets each line.
        workers: processes to run in; by default one for each processor.

    Returns:
        Whether a server without any defect shows nothing.

    Raises:
        UnknownFaultError: there is no such fault.
    """
    workers = workers or os.cpu_count() or 1
    asked = [named(name).name for name in names] or [*faults(), *generated_faults()]
    jobs: list[tuple[str, list[str]]] = [(release, [""]) for release in wanted]
    for release in wanted:
        of_release = [name for name in asked if release_for(name) == release]
        jobs += [(release, of_release[start : start + _AT_ONCE]) for start in range(0, len(of_release), _AT_ONCE)]
    lines: list[JudgedFault] = []
    with pool(workers) as processes:
        for several in processes.map(_job, jobs):
            for line in several:
                lines.append(line)
                say(_told(line))
    counted = [line for line in lines if line.fault]
    say(_share("the published scenarios alone", [line.scenarios for line in counted]))
    say(_share("  of those that change this traffic at all", [line.scenarios for line in counted if line.touching]))
    say(_share("an ordinary day", [line.day for line in counted]))
    clean = [line for line in lines if not line.fault]
    wrong = [line.release for line in clean if line.scenarios or line.day]
    say(f"without a defect, in {', '.join(line.release for line in clean)}: {_nothing(wrong)}")
    return not wrong


def _share(what: str, seen: Sequence[tuple[str, ...]]) -> str:
    number, sure = sum(map(bool, seen)), sum(any(rule.startswith("must") for rule in rules) for rules in seen)
    share = number / len(seen) if seen else 0.0
    return f"{what}: {number} of {len(seen)} defects found ({share:.0%}), {sure} of them as failures"


def _nothing(wrong: Sequence[str]) -> str:
    return f"breaches in {', '.join(wrong)}" if wrong else "nothing found"


def _job(job: tuple[str, list[str]]) -> list[JudgedFault]:
    release, names = job
    return list(shown(names, release))


def _told(line: JudgedFault) -> str:
    return (
        f"{line.release}  {(line.fault or '(no defect)').ljust(46)}  "
        f"scenarios {_brief(line.scenarios):50}  day {_brief(line.day)}"
    )


def _brief(rules: Sequence[str]) -> str:
    heavy = min(rules, key=lambda rule: WEIGHTS.index(rule.split()[0]), default="-")
    return heavy + (f" +{len(rules) - 1}" if len(rules) > 1 else "")
