"""Manners towards a live network: not too fast, not without end, and nothing created unless somebody said yes."""

import os
import sys
from collections.abc import Callable, Collection, Mapping
from urllib.parse import urlsplit

from pytest_nac_qod.catalogue import RowCase
from pytest_nac_qod.contracts import Contract
from pytest_nac_qod.suite.effort import Effort
from pytest_nac_qod.target import Target
from pytest_nac_qod.wire.connections import loopback
from pytest_nac_qod.wire.resources import resource_of

RATE = 5.0  # requests a second
_A_CASE = 12  # requests of a written case at most, but for the looks while it waits
_AN_EXAMPLE = 6  # requests of a generated example at most
_LOOKS = 30  # while a case waits
_ROLES = ("default", "second", "three_legged", "restricted", "asynchronous")  # of devices that things are created for


def live(target: Target | None) -> bool:
    """Whether a target is anything else than a server on this machine."""
    if target is None or target.embedded:
        return False
    return not all(loopback(urlsplit(url).hostname or "") for url in target.apis.values())


def generated(cases: Collection[RowCase]) -> int:
    """Number of the cases that generate their requests."""
    return sum(case.row.purpose.key.startswith("generated_") for case in cases)


def most_requests(cases: Collection[RowCase], effort: Effort, target: Target) -> int:
    """Requests that a run sends at most."""
    looks = min(_LOOKS, int(target.polling.budget / target.polling.interval) + 1)
    own = generated(cases)
    return (len(cases) - own) * (_A_CASE + looks) + own * (effort.max_examples * _AN_EXAMPLE + looks)


def most_created(cases: Collection[RowCase], effort: Effort, contracts: Mapping[str, Contract]) -> int:
    """Sessions and assignments that a run creates at most, one after the other for the most part."""
    creating = [case for case in cases if case.row.api in contracts and resource_of(contracts[case.row.api])]
    own = generated(creating)
    return len(creating) - own + own * effort.max_examples


def consent(target: Target, number: int, *, given: bool, ask: Callable[[str], bool] | None) -> str:
    """What is missing before something may be created on a target; empty when nothing is.

    Args:
        target: where it would be created.
        number: of what is created at most.
        given: whether the user said yes on the command line.
        ask: asks on the terminal; None where nobody is there.
    """
    automatic = os.environ.get("CI", "").lower() in ("1", "true") and target.yes
    if given or automatic or not number or not live(target):
        return ""
    where = ", ".join(sorted({urlsplit(url).hostname or url for url in target.apis.values()}))
    devices = [f"devices.{role}" for role in _ROLES if role in target.devices]
    what = f"up to {number} sessions and assignments for {', '.join(devices)} at {where}"
    if ask is None:
        return f"this run would create {what}; agree with --qod-yes, or, in CI, with yes = true in the target file"
    return "" if ask(f"This run creates {what}, and deletes them again. Go on? [y/N] ") else "nothing was created"


def terminal() -> Callable[[str], bool] | None:
    """Asks whoever sits at the terminal; None where nobody does."""
    if "PYTEST_XDIST_WORKER" in os.environ or not (sys.stdin and sys.stdin.isatty() and sys.stderr.isatty()):
        return None

    def ask(question: str) -> bool:
        sys.stderr.write(question)
        sys.stderr.flush()
        return sys.stdin.readline().strip().lower() in ("y", "yes")

    return ask
