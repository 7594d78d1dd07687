"""What a preflight check has found, and the checks run side by side within a time."""

import threading
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from time import monotonic
from typing import Literal

Level = Literal["ok", "warn", "fail", "skip"]


@dataclass(frozen=True, slots=True)
class Finding:
    """One line of a preflight.

    Attributes:
        level: `fail` spoils a run, `warn` may spoil a part of it, `skip` could not be looked at.
        about: the key of the target file that it is about.
        text: what was found, and what to do.
        details: what it concerns, such as ids of scenarios.
    """

    level: Level
    about: str
    text: str
    details: tuple[str, ...] = ()


@dataclass(slots=True)
class Job:
    """A check that is running; it is waited for only as long as its time limit allows."""

    about: str
    check: Callable[[], Sequence[Finding]]
    found: list[Finding] = field(default_factory=list)
    ended: threading.Event = field(default_factory=threading.Event)

    def start(self) -> None:
        """Start in a daemon thread, which does not keep the process alive."""
        threading.Thread(target=self._run, name=f"preflight {self.about}", daemon=True).start()

    def _run(self) -> None:
        try:
            self.found.extend(self.check())
        except Exception as error:  # noqa: BLE001 - a check that breaks must not take the others with it
            self.found.append(Finding("fail", self.about, f"could not be checked: {type(error).__name__}: {error}"))
        finally:
            self.ended.set()


def together(jobs: Sequence[Job], seconds: float) -> Iterator[Finding]:
    """Run the jobs at the same time; their findings in the order of the jobs, all within `seconds`."""
    for job in jobs:
        job.start()
    deadline = monotonic() + seconds
    for job in jobs:
        if job.ended.wait(max(deadline - monotonic(), 0.0)):
            yield from job.found
        else:
            yield Finding("fail", job.about, f"no answer within {seconds:g} s")
