"""Values as JSON carries them: times, ids, whole numbers; each is read in this one place."""

import json
import re
from datetime import UTC, datetime, time, timedelta, timezone
from itertools import chain

from pytest_nac_qod.foundation.jsontypes import Json

_DATE_TIME = re.compile(
    r"(\d{4})-(\d\d)-(\d\d)[Tt](\d\d):(\d\d):(\d\d)(?:\.(\d+))?(?:[Zz]|([+-])(\d\d):([0-5]\d))", re.ASCII
)
_UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE | re.ASCII)
_BITS = 14_000  # of 4,214 decimal digits; Python writes 4,300
_DEEPEST = 200  # lists and objects within each other
TOO_DEEP = f"nested more than {_DEEPEST} deep"
_SHORT = 10_000  # characters
_SECOND = timedelta(seconds=1)
_FIRST, _LAST = datetime.min.replace(tzinfo=UTC), datetime.max.replace(tzinfo=UTC)


def moment(value: Json) -> datetime | None:
    """The time that a `date-time` of RFC 3339 section 5.6 stands for, in UTC; None for anything else.

    `t` and `z` may be lower case, fractions have any length (cut to microseconds), and a month may end with a leap
    second. A space in place of the `T` is none: the note that allows it speaks of applications that choose another
    syntax, and the format of OpenAPI is the production `date-time` itself.

    >>> moment("2024-06-01t12:00:00.5+05:45")
    datetime.datetime(2024, 6, 1, 6, 15, 0, 500000, tzinfo=datetime.timezone.utc)
    """
    match = _DATE_TIME.fullmatch(value) if isinstance(value, str) else None
    if match is None:
        return None
    year, month, day, hour, minute, second = map(int, match.groups()[:6])
    fraction = int((match[7] or "")[:6].ljust(6, "0"))
    offset = timedelta(hours=int(match[9] or 0), minutes=int(match[10] or 0)) * (-1 if match[8] == "-" else 1)
    leap = second == 60
    try:
        local = datetime(year, month, day, hour, minute, second - leap, fraction, timezone(offset))
        in_utc = local.astimezone(UTC)
        return _leapt(in_utc) if leap else in_utc
    except ValueError:
        return None
    except OverflowError:  # UTC is in the year 0 or 10000
        return _FIRST if year == 1 else _LAST


def written(time: datetime) -> str:
    """A time as RFC 3339 writes it, in UTC, to the millisecond.

    >>> written(datetime(2024, 6, 1, 6, 15, tzinfo=UTC))
    '2024-06-01T06:15:00.000Z'
    """
    return time.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _leapt(before: datetime) -> datetime | None:
    """The second after `before`, which is the last one of a month."""
    after = before + _SECOND
    return after if after.day == 1 and after.time().replace(microsecond=0) == time() else None


def shallow(value: Json) -> Json:
    """The value, unless it is nested so deep that a walk through it would not come back (RFC 8259 section 9 allows it).

    Raises:
        ValueError: it is.
    """
    if _level(value, _DEEPEST):
        raise ValueError(TOO_DEEP)
    return value


def pruned(value: Json) -> Json:
    """The value, in which null stands for whatever is nested too deep for a walk."""
    for item in _level(value, _DEEPEST - 1):
        for place, inner in item.items() if isinstance(item, dict) else enumerate(item):
            if isinstance(inner, list | dict):
                item[place] = None
    return value


def _level(value: Json, depth: int) -> list[Json]:
    """The lists and objects that are within so many others."""
    level = [value] if isinstance(value, list | dict) else []
    for _ in range(depth):
        if not level:
            break
        inside = (item.values() if isinstance(item, dict) else item for item in level)
        level = [inner for inner in chain.from_iterable(inside) if isinstance(inner, list | dict)]
    return level


def countable(value: Json) -> None:
    """Refuse a whole number of so many digits that Python does not write it; hexadecimal ones it reads at any length.

    Raises:
        ValueError: it is one.
    """
    if is_integer(value) and value.bit_length() > _BITS:
        raise ValueError("a number of too many digits")


def no_constant(name: str) -> Json:
    """What `json.loads` takes as `parse_constant`, so that NaN and Infinity are refused (RFC 8259 section 6).

    Raises:
        ValueError: always.
    """
    raise ValueError(f"{name} is no JSON value")


def is_uuid(text: str) -> bool:
    """Whether a text is a UUID as RFC 9562 section 4 writes it: hexadecimal digits in groups of 8-4-4-4-12."""
    return _UUID.fullmatch(text) is not None


def is_integer(value: object) -> bool:
    """Whether a JSON number is an integer of OpenAPI 3.0: without fraction or exponent, so 3600.0 and 1e3 are none."""
    return isinstance(value, int) and not isinstance(value, bool)


def whole(value: Json) -> int | None:
    """The whole number that a JSON number stands for, 3600 for 3600.0 too; None for anything else.

    For checks that go on where the schema has already said that 3600.0 is no integer.
    """
    if isinstance(value, float) and value.is_integer():
        return int(value)
    return value if isinstance(value, int) and not isinstance(value, bool) else None


def short_text(value: Json) -> str | None:
    """The value as JSON if that is short; None for what is longer, or cannot be written as JSON."""
    try:
        text = json.dumps(value)
    except (RecursionError, TypeError, ValueError):
        return None
    return text if len(text) <= _SHORT else None
