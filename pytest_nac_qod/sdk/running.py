"""Running the cases against a client: calls go through the driver, its HTTP requests through the shim."""

import json
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from uuid import UUID

from pytest_nac_qod import contracts
from pytest_nac_qod.contracts import Contract
from pytest_nac_qod.foundation.jsontypes import Json, JsonObject
from pytest_nac_qod.run.connecting import tls
from pytest_nac_qod.sdk import kinds, protocol, wire
from pytest_nac_qod.sdk.cases import SESSION, Client, ClientCall, ClientCase, Observation
from pytest_nac_qod.sdk.kinds import ClientFinding
from pytest_nac_qod.sdk.kinds.steps import HEADERS, SECRETS
from pytest_nac_qod.sdk.problems import SdkError
from pytest_nac_qod.sdk.protocol import Driver, ProgramError
from pytest_nac_qod.sdk.shim import Shim
from pytest_nac_qod.sdk.symptoms import of_a_stop, symptoms
from pytest_nac_qod.target import Polling, Target
from pytest_nac_qod.verdicts import CaseEnd, Verdict, Violation, judged
from pytest_nac_qod.wire.connections import connection
from pytest_nac_qod.wire.exchange import Exchange
from pytest_nac_qod.wire.ownership.ledger import Ledger
from pytest_nac_qod.wire.redaction import Redactor

API = "quality-on-demand"
SDK_PATH = "/quality-on-demand/v1"  # of SDKs from 8.0.0 on, whatever the release
NOBODY = str(UUID(int=0))


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseResult:
    """What a case came to.

    Attributes:
        reason: why it was not judged by its end, or why its failure is known.
        findings: what is wrong, each with the call that shows it.
    """

    case: ClientCase
    verdict: Verdict
    findings: tuple[ClientFinding, ...] = ()
    reason: str = ""
    exchanges: tuple[Exchange, ...] = ()


@dataclass(slots=True, kw_only=True)
class Bench:
    """A client on the bench: its driver, and the shim between it and the target.

    Attributes:
        device: all identifiers of a device of the target, as the protocol has them.
        second: those of another one; empty when the target file has none.
        client: what it said of itself; None until it was started, and again after it had to be ended.
        known: what it said of itself when it was started last.
    """

    driver: Driver
    shim: Shim
    device: JsonObject
    contract: Contract
    polling: Polling = field(default_factory=Polling)
    second: JsonObject = field(default_factory=dict)
    client: Client | None = None
    known: Client | None = field(default=None, init=False)
    lost: str = field(default="", init=False)
    _asked: JsonObject = field(default_factory=dict, init=False)

    def start(self) -> Client:
        """Start the client, unless it is running.

        Raises:
            ProgramError: it cannot be started, or said something else than hello.
        """
        if self.client is None:
            request = {"call": "start", "base_url": self.shim.url, "headers": dict(HEADERS)}
            answer = self._ask(request)
            if "error" in answer:
                raise ProgramError(f"{answer['error']['type']}: {answer['error']['message']}")
            protocol.check(answer["result"], "hello")
            self.client = self.known = Client.of(answer["result"])
        return self.client

    def run(self, case: ClientCase) -> CaseResult:
        """One case; whatever the client does, this returns a result."""
        if self.lost:
            return CaseResult(case=case, verdict="inconclusive", reason=self.lost)
        observations: list[Observation] = []
        self.shim.clear()
        try:
            client = self.start()
            for call in kinds.plan(case, client, self.device, self.contract, self.second):
                observations.append(self._observed(call, observations))
            judged_findings = kinds.judge(case, client, observations)
            findings = [replace(item, because=symptoms(case, observations, item)) for item in judged_findings]
        except CaseEnd as end:
            return CaseResult(case=case, verdict=end.verdict, reason=str(end))
        except ProgramError as error:
            return self._broken(case, observations, str(error))
        return CaseResult(
            case=case,
            verdict=judged(finding.violation for finding in findings),
            findings=tuple(findings),
            exchanges=tuple(exchange for seen in observations for exchange in seen.exchanges),
        )

    def _broken(self, case: ClientCase, observations: Sequence[Observation], message: str) -> CaseResult:
        message = self.shim.redactor.text(message)
        if self.client is None:  # nothing of what is required was tried
            self.lost = "the client did not start"
            return CaseResult(case=case, verdict="inconclusive", reason=f"{self.lost}: {message}")
        self.client = None
        violation = Violation(
            clause=protocol.schema()["$id"], expected="an answer of the protocol", actual=message, rule=case.id
        )
        asked = self.shim.redactor.text(json.dumps(self._asked))
        last = self.shim.exchanges[sum(len(seen.exchanges) for seen in observations) :]
        return CaseResult(
            case=case,
            verdict="fail",
            findings=(ClientFinding(violation, asked, because=of_a_stop(last, message)),),
            exchanges=tuple(self.shim.exchanges),
        )

    def _observed(self, call: ClientCall, earlier: Sequence[Observation]) -> Observation:
        if call.fresh:
            self.shim.delete_sessions()
        if call.available:
            self._wait_available(_created(earlier))
        self.shim.intervene(*call.interventions)
        before = len(self.shim.exchanges)
        request = _request(call, _created(earlier))
        answer = self._ask(request)
        result, error = answer.get("result"), answer.get("error")
        if error is None and call.call != "delete":
            for item in result if call.call == "list" and isinstance(result, list) else [result]:
                protocol.check(item, "session")
        redact = self.shim.redactor.text
        return Observation(
            call=call,
            source=redact(answer.get("source") or str({name: item for name, item in request.items() if name != "id"})),
            exchanges=tuple(self.shim.exchanges[before:]),
            result=result,
            error=error and {"type": error["type"], "message": redact(error["message"])},
        )

    def _wait_available(self, session: str) -> None:
        """Wait until the target provides the session; what becomes of it otherwise is for the call to show."""
        deadline = time.monotonic() + self.polling.budget
        while self.shim.status_of(session) == "REQUESTED" and time.monotonic() < deadline:
            time.sleep(self.polling.interval)

    def _ask(self, request: JsonObject) -> JsonObject:
        self._asked = {"id": self._asked.get("id", 0) + 1, **request}
        return self.driver.ask(self._asked)


def _created(observations: Sequence[Observation]) -> str:
    """Id of the session that was created last; one that nobody has when there is none."""
    for seen in reversed(observations):
        if seen.call.call == "create" and isinstance(seen.result, dict):
            return str(seen.result.get("id"))
    return NOBODY


def _request(call: ClientCall, session: str) -> JsonObject:
    args: list[Json] = [session if value == SESSION else value for value in call.args]
    parts: Mapping[str, Json] = {
        "device": call.device,
        "args": args or None,
        "kwargs": dict(call.kwargs) or None,
        "options": call.options,
    }
    return {"call": call.call, **{name: value for name, value in parts.items() if value is not None}}


@contextmanager
def bench(target: Target, driver: Driver, ledger: Ledger | None = None) -> Iterator[Bench]:
    """A bench at `target`; what its client created there is deleted at the end."""
    with shim_to(target, ledger) as shim:
        shim.redactor.register_all(SECRETS)
        several = target.devices.get("several") or target.devices["default"]
        contract = contracts.contract(target.release, API)
        try:
            device, second = (wire.device_of_protocol(item) for item in (several, target.devices.get("second", {})))
            yield Bench(
                driver=driver, shim=shim, device=device, contract=contract, polling=target.polling, second=second
            )
        finally:
            shim.delete_sessions()


@contextmanager
def shim_to(target: Target, ledger: Ledger | None = None) -> Iterator[Shim]:
    """A shim in front of `target` that adds its 2-legged token.

    Raises:
        SdkError: the target has no quality-on-demand, or no such token.
    """
    if API not in target.apis or "two_legged" not in target.tokens:
        missing = f"apis.{API}" if API not in target.apis else "tokens.two_legged"
        raise SdkError(
            f"{target.name}: a client of {API} cannot be judged without {missing}; add it to the target file"
        )
    redactor = Redactor()
    redactor.register_all(target.secrets())
    base = target.apis[API]
    path = contracts.contract(target.release, API).base_path
    bases = {path: base, SDK_PATH: base}
    if target.embedded:
        bases["/"] = f"{base.removesuffix(path)}/"
    trust = tls(target)
    with connection(timeout=target.timeout, verify=trust) as http:

        def token() -> str:
            secret = target.tokens["two_legged"].resolve(http)
            redactor.register("tokens.two_legged", secret)
            return secret

        shim = Shim(
            bases=bases,
            token=token,
            headers=target.headers,
            redactor=redactor,
            ledger=ledger,
            timeout=target.timeout,
            verify=trust,
        )
        with shim:
            yield shim


def run_all(workbench: Bench, cases: Iterable[ClientCase]) -> Iterator[CaseResult]:
    """The cases, one after the other."""
    for case in cases:
        yield workbench.run(case)
