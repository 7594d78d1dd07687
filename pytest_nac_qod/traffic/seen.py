"""What a recording tells of one exchange beside the exchange itself."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from email.utils import parsedate_to_datetime
from functools import cached_property

from pytest_nac_qod.checks.answer import body_of
from pytest_nac_qod.contracts import Contract, Operation
from pytest_nac_qod.foundation.jsontypes import Json, JsonObject
from pytest_nac_qod.foundation.values import moment
from pytest_nac_qod.wire.exchange import Exchange
from pytest_nac_qod.wire.resources import Resource, resource_of

APART = timedelta(minutes=15)  # by which two clocks may differ, nobody knowing whose is wrong
MASKED = "<redacted:masked>"  # stands for credentials that whoever recorded took out, all of them alike
_NONE = timedelta(0)
_LONGEST = timedelta(minutes=1)  # that an answer may have taken, where nobody noted it


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """An exchange as it stands in a recording.

    Attributes:
        exchange: redacted.
        source: whose clock its times are by, such as the name of a file; times of two sources are not compared closely.
        client: name of the API client that sent it; empty where nothing tells.
        lapsed: its access token says that it has expired, or is known to be none.
        scopes: that its access token says it has; None where it does not say.
        asked: the body of the request is known.
        told: the body of the response is known.
        headed: the headers are known.
        timed: it is known how long it took.
    """

    exchange: Exchange
    source: str = ""
    client: str = ""
    lapsed: bool = False
    scopes: frozenset[str] | None = None
    asked: bool = True
    told: bool = True
    headed: bool = True
    timed: bool = True


@dataclass(frozen=True, kw_only=True)
class ApiCall:
    """An exchange that is one of an operation of a contract.

    Attributes:
        key: the id or name in its path; empty without one.
        base_url: what stands before the path of the operation.
    """

    seen: Seen
    contract: Contract
    operation: Operation
    key: str
    base_url: str

    @property
    def exchange(self) -> Exchange:
        """The exchange itself."""
        return self.seen.exchange

    @cached_property
    def resource(self) -> Resource | None:
        """What the API is about; None for one that only tells."""
        return resource_of(self.contract)

    @cached_property
    def role(self) -> str:
        """What the operation does: create, read, delete, retrieve, extend; empty for that of another API."""
        resource = self.resource
        names = ("create", "read", "delete", "retrieve", "extend")
        return next((name for name in names if resource and getattr(resource, name) == self.operation.id), "")

    @cached_property
    def status(self) -> int:
        """Status of the answer; 0 where none came."""
        return self.exchange.response.status if self.exchange.response else 0

    @property
    def success(self) -> bool:
        """Whether it was answered with a 2xx."""
        return 200 <= self.status < 300

    @property
    def refused(self) -> bool:
        """Whether it was refused, so that it was not carried out (RFC 9110 section 15.5); 408 may come too late."""
        return 400 <= self.status < 500 and self.status != 408

    @cached_property
    def body(self) -> Json:
        """The body of the answer; None where there is none, or none that is known."""
        return body_of(self.exchange.response) if self.exchange.response and self.seen.told else None

    @cached_property
    def sent(self) -> JsonObject:
        """The body of the request; empty where it is no object, or not known."""
        body = body_of(self.exchange.request) if self.seen.asked and self.exchange.request.body else None
        return body if isinstance(body, dict) else {}

    @cached_property
    def token(self) -> str:
        """What stands for the credentials of the request; empty without any, or where nothing is known of them."""
        token = self.exchange.request.header("authorization") or ""
        return "" if token.endswith(MASKED) else token

    @cached_property
    def started(self) -> datetime:
        """When it was sent, by the clock of its source."""
        return datetime.fromisoformat(self.exchange.started)

    @cached_property
    def ended(self) -> datetime:
        """When its answer had come, by the clock of its source, rounded up to what its times are written in."""
        took = timedelta(seconds=self.exchange.seconds) if self.seen.timed else _LONGEST
        return self.started + took + _unit(self.exchange.started)

    @cached_property
    def begun(self) -> "At":
        """When it was sent, and by whose clock."""
        return At(self.started, self.seen.source, self._ahead)

    @cached_property
    def over(self) -> "At":
        """When its answer had come, and by whose clock."""
        return At(self.ended, self.seen.source, self._ahead)

    @cached_property
    def _ahead(self) -> timedelta | None:
        return None if self.date is None else timedelta(seconds=self.exchange.ahead)

    @cached_property
    def date(self) -> datetime | None:
        """The time of the answer by the clock of the target, as its Date header has it; None without one."""
        text = self.exchange.response.header("date") if self.exchange.response else None
        return parsed_date(text)

    def before(self, other: "ApiCall") -> bool:
        """Whether this one was answered before the other one was sent."""
        return self.over.before(other.begun)

    def same_client(self, other: "ApiCall") -> bool:
        """Whether both are of one client, as far as anything tells."""
        if self.seen.client and other.seen.client:
            return self.seen.client == other.seen.client
        return bool(self.token) and self.token == other.token

    def other_client(self, other: "ApiCall") -> bool:
        """Whether they are of two clients, which is known only where both are named."""
        return bool(self.seen.client and other.seen.client and self.seen.client != other.seen.client)


@dataclass(frozen=True, kw_only=True)
class Notice:
    """An event as it came to a sink.

    Attributes:
        data: of the event; empty where it has none.
    """

    seen: Seen
    body: JsonObject = field(repr=False)

    @property
    def exchange(self) -> Exchange:
        """The delivery."""
        return self.seen.exchange

    @cached_property
    def data(self) -> JsonObject:
        """The data of the event; empty where it has none."""
        data = self.body.get("data")
        return data if isinstance(data, dict) else {}

    @cached_property
    def arrived(self) -> datetime:
        """When it came, by the clock of its source."""
        return datetime.fromisoformat(self.exchange.started)

    @cached_property
    def at(self) -> "At":
        """When it came, and by whose clock; one that says that it happened long before or after tells no other one."""
        close = self.time is not None and abs(self.time - self.arrived) <= APART
        return At(self.arrived, self.seen.source, timedelta(0) if close else None)

    @cached_property
    def time(self) -> datetime | None:
        """When it happened, as it says itself."""
        return moment(self.body.get("time"))

    @property
    def id(self) -> Json:
        """The id of the event."""
        return self.body.get("id")

    @property
    def subjects(self) -> tuple[str, ...]:
        """The ids of what it is about."""
        names = ("sessionId", "assignmentId", "provisioningId")
        return tuple(key for name in names if isinstance(key := self.data.get(name), str))

    @property
    def status(self) -> Json:
        """The status that it tells; the schema of some releases has it under the name of the other API."""
        return self.data.get("status") or self.data.get("qosStatus")


@dataclass(frozen=True, slots=True)
class At:
    """A moment by the clock of a source.

    Attributes:
        ahead: by how much the clock of the target is ahead of that one; None where nothing tells.
    """

    time: datetime
    source: str
    ahead: timedelta | None

    def before(self, other: "At") -> bool:
        """Whether it was before another one; by the clock of the target and far enough, where two clocks tell them."""
        if self.source == other.source:
            return self.time <= other.time
        known = self.ahead is not None and other.ahead is not None
        return known and self.time + (self.ahead or _NONE) + APART <= other.time + (other.ahead or _NONE)


def seconds_of(exchange: Exchange) -> float:
    """When an exchange began, as POSIX time."""
    return datetime.fromisoformat(exchange.started).timestamp()


def parsed_date(text: str | None) -> datetime | None:
    """The time in a Date header, aware; None for anything else."""
    try:
        date = parsedate_to_datetime(text or "")
    except (TypeError, ValueError, IndexError, OverflowError):
        return None
    return date if date.tzinfo else None


def _unit(text: str) -> timedelta:
    """What the last digit of a time counts: a time that is cut to milliseconds may be one too early."""
    fraction = text.partition(".")[2]
    digits = len(fraction) - len(fraction.lstrip("0123456789"))
    return timedelta(seconds=10.0**-digits) if digits < 6 else timedelta(0)
