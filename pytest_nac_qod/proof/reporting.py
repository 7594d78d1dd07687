"""What `nac-qod faults` prints: each defect with what has to fail, the kill matrix, and what runs name."""

import os
from collections.abc import Callable, Iterable, Sequence

from pytest_nac_qod import contracts
from pytest_nac_qod.foundation.exits import EXIT_BROKEN, EXIT_OK
from pytest_nac_qod.proof import naming
from pytest_nac_qod.proof.matrix import Kill, all_pairs, kills, must_fail
from pytest_nac_qod.reference.faults import concurrent_faults, every_fault, faults, named

Say = Callable[[str], None]


def listing(names: Sequence[str], releases: Sequence[str], say: Say) -> int:
    """Print each defect, what it breaks and what has to fail; returns the exit status.

    Raises:
        UnknownFaultError: there is no such fault.
    """
    for name in names or (*faults(), *concurrent_faults()):
        fault = named(name)
        say(f"{name}{' (strict)' if fault.mode == 'strict' else ''}")
        say(f"  breaks  {fault.breaks}")
        if fault.shown_by:
            say(f"  load    {fault.shown_by}")
        for release in releases:
            for case in must_fail(fault, release):
                say(f"  {release}    {case}")
    return EXIT_OK


def bare(names: Sequence[str], say: Say) -> int:
    """Print the name of each defect that a server can be started with, and no more; returns the exit status.

    Raises:
        UnknownFaultError: there is no such fault.
    """
    for name in names or every_fault():
        say(named(name).name)
    return EXIT_OK


def run(names: Sequence[str], releases: Sequence[str], say: Say, workers: int | None = None) -> int:
    """Run each defect in each release that it breaks something in, and print the kill matrix.

    Returns 1 when a defect failed anything else than what it breaks.

    Raises:
        UnknownFaultError: there is no such fault.
    """
    chosen, width = _chosen(names)
    wrong = runs = 0
    for kill in kills(all_pairs(tuple(releases), chosen), workers=workers or os.cpu_count() or 1):
        runs += 1
        wrong += not kill.exact
        for line in lines(kill, width):
            say(line)
    say(f"{runs} runs: {runs - wrong} failed exactly what they break, {wrong} did not")
    return EXIT_BROKEN if wrong else EXIT_OK


def run_causes(names: Sequence[str], releases: Sequence[str], say: Say, workers: int | None = None) -> int:
    """Run each defect in each release that it breaks something in; print what failed, and how many causes are named.

    Returns 1 when a defect failed anything else than what it breaks, when a run names no cause or too many, or when
    all together name too many on average.

    Raises:
        UnknownFaultError: there is no such fault.
    """
    chosen, width = _chosen(names)
    counts: list[int] = []
    inexact = 0
    for told in naming.namings(all_pairs(tuple(releases), chosen), workers=workers or os.cpu_count() or 1):
        counts.append(len(told.titles))
        inexact += not told.kill.exact
        for line in (*lines(told.kill, width), *_named(told.titles)):
            say(line)
    mean = sum(counts) / len(counts) if counts else 0.0
    say(f"{len(counts)} runs: {len(counts) - inexact} failed exactly what they break, {inexact} did not")
    say(f"{mean:.2f} causes on average ({naming.MEAN} at most), {max(counts, default=0)} at most")
    wrong = inexact or mean > naming.MEAN or any(not 0 < count <= naming.MOST for count in counts)
    return EXIT_BROKEN if wrong else EXIT_OK


def _chosen(names: Sequence[str]) -> tuple[tuple[str, ...], int]:
    """The faults that are meant, all by default, and the length of the longest name."""
    chosen = tuple(named(name).name for name in names) or tuple(faults())
    return chosen, max(map(len, chosen))


def _named(titles: Sequence[str]) -> Iterable[str]:
    """How many causes a run named; their titles where it is not one."""
    if len(titles) == 1:
        return
    yield f"      {len(titles)} causes{'' if 0 < len(titles) <= naming.MOST else '  WRONG'}"
    yield from (f"      cause: {title}" for title in titles)


def lines(kill: Kill, width: int) -> Iterable[str]:
    """One run in a line, and a line more for each case that is not as it should be."""
    state = "exact" if kill.exact else "WRONG"
    yield f"{kill.release}  {kill.fault.ljust(width)}  {len(kill.failed):4} failed  {state}  {kill.seconds:5.1f} s"
    for what, cases in (
        ("passed", kill.missed),
        ("failed too", kill.surplus),
        ("broke", kill.broken),
        ("explains nothing", kill.mute),
    ):
        yield from (f"      {what}: {case}" for case in cases)


def known_releases(chosen: Sequence[str]) -> tuple[str, ...]:
    """The releases to look at: those given, else all.

    Raises:
        ContractError: there is no such release.
    """
    for release in chosen:
        if release not in contracts.releases():
            raise contracts.ContractError(
                f"--release: no release {release!r}; there are {', '.join(contracts.releases())}"
            )
    return tuple(chosen) or contracts.releases()
