"""One load test from its target to its results: sends, cleans up, judges."""

import secrets
import shutil
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from tempfile import mkdtemp
from time import monotonic, sleep

from pytest_nac_qod import contracts
from pytest_nac_qod.foundation.jsontypes import Json
from pytest_nac_qod.load import engine, recording
from pytest_nac_qod.load.engine import Size
from pytest_nac_qod.load.figures import Figures
from pytest_nac_qod.load.plan import LoadPlan
from pytest_nac_qod.load.sinks import listener
from pytest_nac_qod.load.users import LEDGERS
from pytest_nac_qod.reference import ReferenceServer
from pytest_nac_qod.report.records import ResultsDocument
from pytest_nac_qod.run import standards
from pytest_nac_qod.run.connecting import reachable
from pytest_nac_qod.run.remains.cleaning import clean_target
from pytest_nac_qod.target import Profile, Target, hooks
from pytest_nac_qod.target.file import load_target, render_target
from pytest_nac_qod.traffic import document
from pytest_nac_qod.traffic.judging import Judge
from pytest_nac_qod.wire.ownership.ledger import owed
from pytest_nac_qod.wire.redaction import Redactor
from pytest_nac_qod.wire.secret_forms import without_userinfo

_PROFILE = "DOWNLINK_S_UPLINK_S"  # of the embedded server: its sessions may be as short as a second
_QUIET, _AT_MOST = 2.0, 15.0  # seconds without an event after which no more is waited for, and in all


@dataclass(frozen=True, slots=True, kw_only=True)
class LoadTest:
    """What was asked for.

    Attributes:
        target: the target file; None for the embedded server, of `release`, with these faults and behaviours.
        rate: requests a second at most; None for no limit.
        web: port of the page on which it is watched; None for none.
    """

    size: Size
    target: Path | None
    release: str
    faults: tuple[str, ...] = ()
    legal: tuple[str, ...] = ()
    seed: int = 0
    rate: float | None = None
    web: int | None = None


@dataclass(slots=True)
class LoadOutcome:
    """What came of it.

    Attributes:
        left: what could not be deleted, and why.
        whole: whether it ran to its end.
        problem: what kept it from running at all; empty when nothing did.
    """

    left: list[str]
    whole: bool
    problem: str = ""
    interrupted: bool = False


@contextmanager
def folder() -> Iterator[Path]:
    """A folder that only its owner reads, for what a load test writes."""
    path = Path(mkdtemp(prefix="nac-qod-load-"))
    try:
        yield path
    finally:
        shutil.rmtree(path, ignore_errors=True)


def perform(test: LoadTest, work: Path, say: Callable[[str], None]) -> LoadOutcome:
    """Send, wait for the last events, and delete what is left; what was exchanged is then in `work`."""
    with ExitStack() as stack:
        server = None
        if test.target is None:
            server = stack.enter_context(ReferenceServer(release=test.release, faults=test.faults, legal=test.legal))
            describe(server, work / "target.toml")
        path = (test.target or work / "target.toml").absolute()
        target = load_target(path)
        recorder, redactor = recording.of_sink(work), Redactor()
        plan = LoadPlan(
            target=str(path), folder=str(work), seed=test.seed, rate=test.rate and test.rate / test.size.workers
        )
        if reachable(target):
            redactor.register_all(target.secrets())
            plan = replace(plan, secret=f"sink-{secrets.token_hex(16)}")
            redactor.register("sink.load", plan.secret)
            sink = stack.enter_context(listener(target, recorder, redactor))
            if "trust_sink" in target.hooks:
                hooks.run(target.hooks["trust_sink"], {"pem": sink.ca_pem}, timeout=target.timeout)
            plan = replace(plan, sink=sink.url)
        plan.write(work / "plan.json")
        outcome = _sent(test, work, say)
        _settle(recorder.path, server)
        stack.callback(recorder.close)
        outcome.left = _cleaned(target, work, say)
    return outcome


def judged(test: LoadTest, outcome: LoadOutcome, work: Path, options: Mapping[str, Json]) -> ResultsDocument:
    """What was exchanged, judged, with the figures."""
    target = load_target(test.target or work / "target.toml")
    known = {api: contracts.contract(target.release, api) for api in target.apis}
    bases = frozenset(url.rstrip("/") for url in target.apis.values())
    judge = Judge(target.release, known, complete=outcome.whole, bases=bases)
    figures = Figures()
    first = last = ""
    for seen in recording.recorded(work, 2 * target.timeout + 1):
        if judge.see(seen):
            first, last = first or seen.exchange.started, seen.exchange.started
            figures.see(replace(seen.exchange, operation=judge.operation))
    cases = list(judge.results())
    result = document.of(cases, judge.base_urls, (first, last), options, kind="load")
    name = "embedded reference server" if test.target is None else without_userinfo(target.name)
    result["target"] = {"name": name, "apis": dict(target.apis), "embedded": test.target is None}
    result["run"]["seed"] = test.seed
    result["load"] = figures.record(judge.tally.counts(), users=test.size.users, workers=test.size.workers)
    result["complete"] = outcome.whole
    if by := standards.draft(target.release):
        result["judged_by"] = list(by)
    return result


def describe(server: ReferenceServer, path: Path) -> None:
    """Write the target file of the embedded server, with a profile whose sessions may be short."""
    target = server.target(embedded=False)
    profiles = dict(target.profiles) | {"default": Profile(_PROFILE, 1, 86400)}
    path.touch(mode=0o600)
    path.write_text(render_target(replace(target, profiles=profiles)), encoding="utf-8")


def _sent(test: LoadTest, work: Path, say: Callable[[str], None]) -> LoadOutcome:
    with engine.started(test.size, work / "plan.json", work, test.web) as locust:
        try:
            ended = locust.wait(engine.longest(test.size))
        except KeyboardInterrupt:
            return LoadOutcome([], whole=False, interrupted=True)
    if locust.lost and not locust.main.returncode:
        say(f"{locust.lost} of {len(locust.workers)} workers ended before the others")
    problem = "" if ended or any(work.glob("exchanges-*.jsonl")) else locust.said()
    return LoadOutcome([], whole=ended and not locust.lost, problem=problem)


def _settle(events: Path, server: ReferenceServer | None) -> None:
    """Wait until no more events come."""
    if server is not None:
        server.run(server.service.courier.flush())
        return
    until, size, since = monotonic() + _AT_MOST, -1, monotonic()
    while monotonic() < until and monotonic() - since < _QUIET:
        now = events.stat().st_size
        if now != size:
            size, since = now, monotonic()
        sleep(0.05)


def _cleaned(target: Target, work: Path, say: Callable[[str], None]) -> list[str]:
    """Delete what the users did not; returns what is left."""
    return [line for path in sorted(work.glob(LEDGERS)) if owed(path) for line in clean_target(target, path, say)]
