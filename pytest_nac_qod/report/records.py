"""What stands in results.json, typed; a test holds it against results.schema.json."""

from collections.abc import Mapping
from typing import Literal, NotRequired, TypedDict

from pytest_nac_qod.foundation.jsontypes import Json, JsonObject
from pytest_nac_qod.verdicts import Part, Verdict

Headers = list[list[str]]  # pairs of name and value, as sent

CauseVerdict = Literal[
    "fail", "stale", "error", "inconclusive", "warn", "known", "note"
]  # of causes: a note forbids nothing


Kind = Literal["run", "judge", "load", "client"]


class RequestRecord(TypedDict):
    """A request, redacted."""

    method: str
    url: str
    headers: Headers
    body: str


class ResponseRecord(TypedDict):
    """The answer to it, redacted."""

    status: int
    headers: Headers
    body: str


class ExchangeRecord(TypedDict):
    """One request and its response; `response` is None where none came, and `error` says why."""

    id: str
    operation: str
    role: Literal["setup", "judged", "event", "cleanup"]
    started: str
    seconds: float
    request: RequestRecord
    response: ResponseRecord | None
    error: str | None


class ViolationRecord(TypedDict):
    """One broken requirement; `exchange` is the id of the exchange that shows it, within the case.

    `cause` is the title of the cause where that was found out as the case was judged, as of clients.
    """

    rule: str
    clause: str
    expected: str
    actual: str
    exchange: str
    severity: NotRequired[Literal["must", "should", "may"]]
    part: NotRequired[Part]
    path: NotRequired[str]
    reason: NotRequired[str]
    cause: NotRequired[str]


class ExpectationRecord(TypedDict):
    """The entry of the expectations file by which a case is known or stale."""

    place: str
    reason: str
    issue: NotRequired[str]
    expires: NotRequired[str]


class CaseRecord(TypedDict):
    """One case of the catalogue and what it came to."""

    id: str
    kind: Literal["scenario", "rule"]
    case: str
    api: str
    operation: str
    release: NotRequired[str]
    requirement: NotRequired[str]
    accepted: NotRequired[list[str]]
    verdict: Verdict
    reason: str
    causes: NotRequired[list[str]]
    expectation: NotRequired[ExpectationRecord]
    violations: list[ViolationRecord]
    exchanges: list[ExchangeRecord]
    seconds: float


class SuiteRecord(TypedDict):
    """What judged."""

    name: Literal["pytest-nac-qod"]
    version: str


class TargetRecord(TypedDict):
    """What was judged; `clock_ahead` is in seconds."""

    name: str
    apis: dict[str, str]
    embedded: NotRequired[bool]
    clock_ahead: NotRequired[float]


class PartRecord(TypedDict):
    """There when a run is not about all cases of the release that the target's APIs have."""

    of: int
    cases: int
    selected_by: list[str]
    left_out: int
    left_out_by: list[str]


class AccountRecord(TypedDict):
    """What a run created and deleted at its target, and what is left there."""

    created: int
    deleted: int
    left: list[str]


class ExampleRecord(TypedDict):
    """Where a cause is seen: position of the case, id of the exchange, and position of the violation in the case."""

    case: int
    exchange: str
    violation: int | None


class CauseRecord(TypedDict):
    """One thing that is wrong, and the positions of the cases that show it."""

    id: str
    verdict: CauseVerdict
    title: str
    clauses: list[str]
    expected: str
    actual: list[str]
    reason: str
    cases: list[int]
    breaches: int
    example: ExampleRecord | None


class RunRecord(TypedDict):
    """What it takes to repeat a run; `profile` is what earlier versions called `level`."""

    level: NotRequired[str]
    profile: NotRequired[str]
    selection: NotRequired[JsonObject]
    started: str
    ended: str
    python: str
    platform: str
    packages: dict[str, str]
    seed: int | str | None
    options: Mapping[str, Json]
    unsupported: dict[str, str]
    account: NotRequired[AccountRecord]
    part: NotRequired[PartRecord]


class StandardRecord(TypedDict):
    """What was judged by, where that is not a published release; `files` are those that an own document refers to."""

    kind: Literal["own document", "draft"]
    name: str
    sha256: str
    release: str
    apis: list[str]
    changes: dict[str, int]
    files: NotRequired[dict[str, str]]
    untested: NotRequired[list[str]]


class RateRecord(TypedDict):
    """How often something went wrong, of the times that it could."""

    of: int
    wrong: int


class TimesRecord(TypedDict):
    """Percentiles of one operation, in seconds."""

    operation: str
    number: int
    p50: float
    p90: float
    p95: float
    p99: float
    longest: float


class WindowRecord(TypedDict):
    """A stretch of a load test: when, in seconds, requests a second, and how many were under way at once."""

    at: float
    per_second: float
    at_once: float
    p50: float
    p95: float


class KneeRecord(TypedDict):
    """The load from which on more of it costs more time than it brings answers."""

    at_once: float
    per_second: float


class DeliveriesRecord(TypedDict):
    """Events: how many came, and how many of the changes were told wrong."""

    come: int
    lost: RateRecord
    doubled: RateRecord
    reordered: RateRecord


class LoadRecord(TypedDict):
    """The figures of a load test."""

    users: int
    workers: int
    seconds: float
    requests: int
    per_second: float
    wrong: int
    wrong_per_million: float
    errors: dict[str, int]
    operations: list[TimesRecord]
    windows: list[WindowRecord]
    knee: KneeRecord | None
    races: RateRecord
    histories: RateRecord
    events: DeliveriesRecord


class About(TypedDict):
    """What results.json says besides its results; `run` is added when the results are gathered.

    `kind` tells who sent the requests: a run of the suite, unless it says `judge` (somebody else), `load` or
    `client` (the client that is judged, whose name stands as the target's).
    """

    suite: SuiteRecord
    kind: NotRequired[Kind]
    release: str
    judged_by: NotRequired[list[StandardRecord]]
    mode: Literal["lenient", "strict"]
    target: TargetRecord
    run: NotRequired[RunRecord]
    load: NotRequired[LoadRecord]


class ResultsDocument(About):
    """results.json."""

    causes: NotRequired[list[CauseRecord]]
    results: list[CaseRecord]
    summary: dict[str, int]
    complete: bool
