"""What a broad cause is made of."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Final

from pytest_nac_qod.report.causes.evidence import Breach, Evidence

THROUGHOUT: Final = 0.8  # share of the answers that makes it a habit
SEVERAL: Final = 3  # cases that make it a habit
IDS: Final = ("sessionId", "assignmentId", "provisioningId")  # properties that identify what was created
STATES: Final = ("qosStatus", "status")  # properties that say whether the network provides it


@dataclass(frozen=True, kw_only=True)
class Suspect:
    """A broad cause that may be at work, and which breaches it would explain."""

    id: str
    title: str
    explains: Callable[[Breach], bool]


Find = Callable[[Evidence], Iterable[Suspect]]


def place_of(breach: Breach) -> str:
    """JSONPath of the offending value, or the header's name, in lower case; empty when it has none."""
    return breach.violation.get("path", "").lower() if breach.violation else ""


def leaf_of(breach: Breach) -> str:
    """The last property of that path, in lower case."""
    return place_of(breach).rpartition(".")[2]
