"""What a run created at its target, what it deleted, and what is left: settled at its end."""

import signal
import threading
from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pytest_nac_qod.foundation.problems import UnusableError
from pytest_nac_qod.foundation.visible import one_line
from pytest_nac_qod.report.records import AccountRecord
from pytest_nac_qod.run.remains.cleaning import clean_target
from pytest_nac_qod.target import Target
from pytest_nac_qod.wire.ownership.ledger import Account, Ledger, LedgerError, account, owed
from pytest_nac_qod.wire.redaction import Redactor


@dataclass(frozen=True, slots=True, kw_only=True)
class Settled:
    """The account of a run.

    Attributes:
        created: number of sessions and assignments.
        deleted: how many of them are gone.
        left: what is left, or may be, and why.
    """

    created: int
    deleted: int
    left: tuple[str, ...]

    def to_dict(self) -> AccountRecord:
        """As it stands in results.json."""
        return {"created": self.created, "deleted": self.deleted, "left": list(self.left)}

    def line(self, cleanup: str) -> str:
        """All of it in one line; `cleanup` is the command that deletes what is left."""
        said = f"at the target: {self.created} created, {self.deleted} deleted, {len(self.left)} left"
        more = f" and {len(self.left) - 1} more" if len(self.left) > 1 else ""
        return one_line(f"{said}: {self.left[0]}{more}; {cleanup} tries again" if self.left else said)


def entries(path: Path) -> frozenset[str]:
    """Entries of the ledger at `path`, if there is one, that an earlier run left."""
    try:
        return frozenset(item.entry for item in owed(path))
    except LedgerError:
        return frozenset()


def settle(target: Target, path: Path, earlier: Collection[str], redactor: Redactor) -> Settled:
    """Delete what is still there, and let the ledger have only that which stays.

    Args:
        target: where things were created.
        path: of the ledger.
        earlier: entries of the ledger that are not of this run.
        redactor: knows the secrets of the run.
    """
    left: list[str] = []
    if not path.exists():
        return Settled(created=0, deleted=0, left=())
    try:
        left = clean_target(target, path, _nothing, without=earlier, sweep=True)
        noted = account(path).without(earlier)
        Ledger(path).settle(owed(path))
    except UnusableError as error:
        left, noted = [str(error)], Account()
    except KeyboardInterrupt:
        noted = account(path).without(earlier)
        left = [f"{item.key or 'a creation without an answer'}: not deleted, interrupted" for item in noted.owed]
    there = sum(item.key is not None for item in noted.owed)
    return Settled(created=len(noted.created), deleted=len(noted.created) - there, left=tuple(map(redactor.text, left)))


def _nothing(_: str) -> None:
    """What is left is said at the end."""


def interruptible() -> Any:  # noqa: ANN401 - as signal.getsignal has it
    """Have SIGTERM end the run as Ctrl-C does; returns what it did before, None where that stays."""
    before = signal.getsignal(signal.SIGTERM)
    if before is not signal.SIG_DFL or threading.current_thread() is not threading.main_thread():
        return None
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    return before
