"""Whether some order of the requests about a session explains all of its answers (linearizability).

The search is that of Wing and Gong with Lowe's memory of states, as Porcupine and Knossos have it, for a model of one
session. Between two requests the network may end a session, which is legal at any time.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Literal

Kind = Literal["create", "read", "extend", "delete"]
Phase = Literal["none", "live", "ended", "gone"]
State = tuple[Phase, int | None]  # and its duration in seconds, None where nobody has told


@dataclass(frozen=True, slots=True, kw_only=True)
class Op:
    """One request about a session, and its answer.

    Attributes:
        began: when it was sent.
        ended: when its answer had come.
        status: of the answer; 0 or 5xx where it may have been carried out or not.
        shown: the status of the session in the answer; empty without one.
        duration: in the answer, in seconds; None without one.
        added: seconds that were asked for.
    """

    kind: Kind
    began: datetime
    ended: datetime
    status: int
    shown: str = ""
    duration: int | None = None
    added: int = 0

    @property
    def sure(self) -> bool:
        """Whether the answer tells what became of the request."""
        return 200 <= self.status < 300 or self.status in (404, 409, 410)

    def __str__(self) -> str:
        told = " ".join(str(part) for part in (self.shown, self.duration and f"{self.duration} s") if part)
        return f"{self.kind} {self.status or 'without an answer'}{f' ({told})' if told else ''}"


def overlapping(ops: Sequence[Op]) -> bool:
    """Whether two of them were under way at the same time, one of which changes something."""
    ordered = sorted(ops, key=lambda op: op.began)
    return any(
        other.began < op.ended and {op.kind, other.kind} != {"read"}
        for number, op in enumerate(ordered)
        for other in ordered[number + 1 :]
    )


def explained(ops: Sequence[Op], *, exact: bool = False) -> bool:
    """Whether there is an order that keeps to the times and explains every answer.

    Args:
        ops: about one session, its creation included.
        exact: whether an extension adds all that was asked for; if not, any part of it.
    """
    told = [op for op in ops if op.sure or op.kind not in ("read", "create")]
    needed = sum(1 << number for number, op in enumerate(told) if op.sure)
    seen: set[tuple[int, State]] = set()
    stack: list[tuple[int, State]] = [(0, ("none", None))]
    while stack:
        done, state = stack.pop()
        if done & needed == needed:
            return True
        if (done, state) in seen:
            continue
        seen.add((done, state))
        for number in _next(told, done):
            stack += [(done | 1 << number, after) for after in _after(told[number], state, exact=exact)]
        if state[0] == "live":
            stack.append((done, ("ended", state[1])))
    return False


def timeless(ops: Sequence[Op]) -> list[Op]:
    """The requests as if no answer had told a duration."""
    return [replace(op, duration=None) for op in ops]


def _next(ops: Sequence[Op], done: int) -> Iterator[int]:
    """The requests that may be the next one: none that is left was over before it began."""
    left = [number for number in range(len(ops)) if not done >> number & 1]
    first = min((ops[number].ended for number in left if ops[number].sure), default=None)
    yield from (number for number in left if first is None or ops[number].began <= first)


def _after(op: Op, state: State, *, exact: bool) -> Iterator[State]:
    """The states that a request may leave behind, given its answer; none where the answer does not fit the state."""
    phase, duration = state
    if not op.sure:
        yield from _unknown(op, state)
    elif op.status == 409:
        yield state
    elif op.status in (404, 410):
        if phase in ("ended", "gone"):
            yield "gone", duration
    else:
        yield from _succeeded(op, state, exact=exact)


def _succeeded(op: Op, state: State, *, exact: bool) -> Iterator[State]:
    """What a request leaves behind that was answered with a success."""
    phase, duration = state
    match op.kind:
        case "create" if phase == "none":
            yield ("ended" if op.shown == "UNAVAILABLE" else "live"), op.duration
        case "read" if _fits(op, state):
            yield phase, duration if op.duration is None or phase != "live" else op.duration
        case "extend" if phase == "live" and _extends(op, duration, exact=exact):
            yield "live", op.duration
        case "delete" if phase != "none":
            yield "gone", duration


def _unknown(op: Op, state: State) -> Iterator[State]:
    """What a change without a clear answer may have done."""
    phase, _ = state
    if op.kind == "delete":
        yield "gone", state[1]
    elif op.kind == "extend" and phase == "live":
        yield "live", None


def _fits(op: Op, state: State) -> bool:
    phase, duration = state
    if op.shown == "UNAVAILABLE":
        return phase in ("ended", "gone")
    return phase == "live" and (duration is None or op.duration in (None, duration))


def _extends(op: Op, duration: int | None, *, exact: bool) -> bool:
    if op.duration is None or duration is None:
        return True
    return op.duration == duration + op.added if exact else duration <= op.duration <= duration + op.added
