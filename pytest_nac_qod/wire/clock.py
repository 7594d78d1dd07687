"""What time it is for a target: its times are judged by its own clock, never by that of the run."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

RESOLUTION = 2.0  # seconds, of a Date header: whole ones, which servers make once a second
_TELLING = 10.0  # seconds by which a clock has to be moved before a Date header tells whether it shows that


def skew(date: str | None, before: datetime, after: datetime) -> float | None:
    """Seconds by which a Date header that was made between two moments is ahead of our clock; negative when behind.

    Returns:
        0.0 where the header allows that the clocks agree; None without a header, or when it is no date.
    """
    try:
        theirs = parsedate_to_datetime(date or "")
    except (TypeError, ValueError, IndexError, OverflowError):
        return None
    theirs = theirs if theirs.tzinfo else theirs.replace(tzinfo=UTC)
    ahead, behind = (theirs - after).total_seconds(), (before - theirs).total_seconds() - RESOLUTION
    return max(ahead, 0.0) - max(behind, 0.0)


def described(ahead: float) -> str:
    """A clock that is some seconds ahead of ours, or behind when there are less than none, in words."""
    return f"the target's clock is {abs(ahead):.0f} s {'ahead of' if ahead > 0 else 'behind'} ours"


@dataclass(slots=True)
class TargetClock:
    """How far the target's clock is from ours: what its Date header shows, and by how much we moved it.

    Attributes:
        shown: seconds by which the last Date header was ahead.
        first: what the first one showed, before the run moved anything; None until there is one.
        moved: seconds by which hooks.advance_clock moved it.
        shows_moves: whether Date headers have been seen to move with it, and so tell everything.
        put_back: hooks.reset was called, which may have undone what was moved.
    """

    shown: float = 0.0
    first: float | None = None
    moved: float = 0.0
    shows_moves: bool = False
    put_back: bool = False
    _compared: tuple[float, float] | None = None  # shown and moved when they were last compared

    def see(self, date: str | None, before: datetime, after: datetime) -> None:
        """Learn from the Date header, if any, of an answer that was asked for and came at these moments."""
        offset = skew(date, before, after)
        if offset is None:
            return
        self.shown = offset
        self.first = offset if self.first is None else self.first
        shown, moved = self._compared or (offset, self.moved)
        if self._compared is None or abs(self.moved - moved) >= _TELLING:
            agrees = abs(offset - shown - (self.moved - moved)) <= RESOLUTION + (after - before).total_seconds()
            self.shows_moves = self.shows_moves or (self.moved - moved >= _TELLING and agrees)
            self._compared = offset, self.moved

    def advance(self, seconds: float) -> None:
        """Note that hooks.advance_clock moved it."""
        self.moved += seconds

    def reset(self) -> None:
        """Note that hooks.reset was called."""
        self.put_back, self._compared = self.moved > 0, None

    def restart(self) -> None:
        """Note that it was put back to ours."""
        self.moved, self.shown, self._compared = 0.0, 0.0, None

    @property
    def most(self) -> float:
        """Seconds by which it is ahead of ours at most; a Date header may be that of another machine on the way."""
        return self.shown if self.shows_moves else max(self.shown, 0.0) + self.moved

    @property
    def least(self) -> float:
        """Seconds by which it is ahead of ours at least."""
        if self.shows_moves:
            return self.shown
        return min(self.shown, 0.0) + (0.0 if self.put_back else self.moved)

    def bounds(self, moment: datetime) -> tuple[datetime, datetime]:
        """The earliest and the latest that it can show at a moment of ours, aware."""
        return moment + timedelta(seconds=self.least), moment + timedelta(seconds=self.most)
