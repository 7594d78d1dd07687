"""One case: calls the target, judges the answers, remembers what was wrong."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from functools import partial
from typing import Any

import httpx

from pytest_nac_qod.catalogue import Outcome, Row, RowCase, readings
from pytest_nac_qod.catalogue.basis import check_bases
from pytest_nac_qod.catalogue.drafts import added
from pytest_nac_qod.catalogue.names import family_names
from pytest_nac_qod.checks import answer as checks
from pytest_nac_qod.checks import keeping
from pytest_nac_qod.contracts import Contract
from pytest_nac_qod.foundation.jsontypes import Json
from pytest_nac_qod.foundation.ticking import elapsed
from pytest_nac_qod.foundation.visible import one_line
from pytest_nac_qod.suite import bodies
from pytest_nac_qod.suite.doubts import naming
from pytest_nac_qod.suite.doubts.served import lacking, learn
from pytest_nac_qod.suite.run import Run
from pytest_nac_qod.suite.waits import leftovers
from pytest_nac_qod.suite.waits.stopping import REFUSALS, patient, stop
from pytest_nac_qod.target import Target
from pytest_nac_qod.target.tokens import TokenError
from pytest_nac_qod.verdicts import Broken, Inconclusive, NoAnswer, NotApplicable, NotServed, Violation
from pytest_nac_qod.wire.client import Answer, QodClient, new_correlator
from pytest_nac_qod.wire.exchange import Exchange, Role
from pytest_nac_qod.wire.field_values import usable_id
from pytest_nac_qod.wire.ownership.ledger import LedgerError
from pytest_nac_qod.wire.resources import Resource, resource_of

SILENCE = 3  # calls in a row without an answer after which a run is given up
_ANYWAY = {400, 401}  # how any request may be refused that no longer is a valid one


@dataclass(slots=True, repr=False)  # a traceback shows arguments; this one holds everything
class Case:
    """What a conformance test works with.

    Attributes:
        run: what all cases share.
        row_case: the catalogue's row and the case of its outline.
        client: calls the target and records; without a token of its own.
        correlator: the one x-correlator of this case.
        violations: what was found wrong so far.
        deferred: what is to be judged once nothing more is to come.
    """

    run: Run
    row_case: RowCase
    client: QodClient
    correlator: str = field(default_factory=new_correlator)
    violations: list[Violation] = field(default_factory=list)
    deferred: list[Callable[[], None]] = field(default_factory=list)

    @property
    def row(self) -> Row:
        """The catalogue's row."""
        return self.row_case.row

    @property
    def name(self) -> str:
        """The case of the outline, such as `$.device`; empty without an outline."""
        return self.row_case.case

    @property
    def target(self) -> Target:
        """The target under test."""
        return self.run.target

    @property
    def contract(self) -> Contract:
        """The contract of the row's API."""
        return self.client.contract

    @property
    def resource(self) -> Resource:
        """What clients create with the row's API.

        Raises:
            LookupError: nothing; the API only tells.
        """
        resource = resource_of(self.contract)
        if resource is None:
            raise LookupError(f"{self.contract.api} has no resource")
        return resource

    def call(  # noqa: PLR0913 - all that a request can be made of
        self,
        operation: str,
        *,
        token: str | None = "two_legged",  # noqa: S107 - a role
        path: Mapping[str, str] | None = None,
        body: Json = None,
        content: bytes | None = None,
        headers: Mapping[str, str | None] | None = None,
        method: str | None = None,
        suffix: str = "",
        role: Role = "setup",
    ) -> Answer[Any]:
        """Send one request with the token of a role of the target file, None for no Authorization.

        `method` and `suffix` make it one that the operation is not, as in QodClient.call.

        Raises:
            NoAnswer: no answer came, or no token could be had.
            NotServed: the target file declares the operation not served.
            NotTested: it was refused, perhaps since it names a device or profile that nobody said there is.
        """
        self._require_served(operation, role, body)
        creates = (resource := resource_of(self.contract)) is not None and operation == resource.create
        _require_usable(resource, path or {})
        body = self._completed(operation, body, creates=creates)
        own = not any(name.lower() == "authorization" for name in headers or {})
        send = partial(
            self._send,
            operation,
            token,
            headers or {},
            path=path,
            body=body,
            content=content,
            method=method,
            suffix=suffix,
            role=role,
            owner=(token or "two_legged") if own or creates else "somebody else",
            before=leftovers.standing_ids(self.run, self.contract, token or "two_legged", body) if creates else None,
        )
        if any(outcome.status in REFUSALS for outcome in self.row.accepted):
            answer = send()
        else:
            answer = patient(self.run, operation, send, partial(leftovers.recover, self.run, self.client))
            self._excuse_leftovers(answer, operation, role)
        learn(self.run, self.contract, answer.exchange)
        naming.require(self.target, answer.exchange, self.row if role == "judged" else None)
        return answer

    def _send(self, operation: str, token: str | None, more: Mapping[str, str | None], **request: Any) -> Answer[Any]:  # noqa: ANN401 - of QodClient.call
        self.run.go_on()
        headers: dict[str, str | None] = {}
        if self.target.x_correlator != "off":
            headers["x-correlator"] = self.correlator
        try:
            if token is not None:
                headers["Authorization"] = f"Bearer {self.run.token(token)}"
            answer = self.client.call(operation, headers={**headers, **more}, **request)
        except TokenError as error:
            raise NoAnswer(str(error)) from None
        except LedgerError as error:
            stop(one_line(self.run.redactor.text(str(error))))
        except httpx.RequestError as error:
            self._silence(error)
            raise NoAnswer(f"{operation} got no answer: {type(error).__name__}: {error}") from None
        self.run.silent = 0
        if answer.exchange.request.method in ("POST", "DELETE"):
            self.run.moments["stirred"] = elapsed()
        return answer

    def _excuse_leftovers(self, answer: Answer[Any], operation: str, role: Role) -> None:
        """Blame no conflict on the target that a session of an earlier case may be the reason of."""
        if answer.status != 409 or operation != self.resource.create:
            return
        wanted = role == "judged" and any(outcome.status == 409 for outcome in self.row.accepted)
        if not wanted and (kept := leftovers.undeleted(self.run, self.client)):
            self.record(kept.exchange, keeping.released(kept.exchange, self.contract))
        if why := leftovers.in_the_way(self.run, self.contract.api, known=wanted):
            raise Inconclusive(why)

    def judge(self, answer: Answer[Any], *, accepted: Iterable[Outcome] = ()) -> None:
        """Hold the answer against the row's outcomes and all that the contract demands of any answer.

        Raises:
            Broken: the outcome is wrong, so the rest of the steps make no sense.
            NotApplicable: the outcome shows that the row is not about this implementation.
        """
        exchange = answer.exchange
        for other in self.row.inapplicable:
            if checks.outcome_of(checks.answered(exchange)) == other.outcome:
                raise NotApplicable(readings()[other.reason].texts)
        wrong = self.record(exchange, checks.outcome(exchange, self.contract, accepted or self.row.accepted))
        if any(violation.severity == "must" for violation in wrong):
            raise Broken(wrong[0].actual)
        self.record(exchange, (violation.beside() for violation in checks.common(exchange, self.contract)))

    def record(self, exchange: Exchange, violations: Iterable[Violation]) -> list[Violation]:
        """Remember violations that `exchange` shows, as warnings where a lenient reading allows them."""
        bound = [self._excused(self._weighed(violation)).bound(self.row.id, exchange.id) for violation in violations]
        self.violations.extend(bound)
        return bound

    def later(self, check: Callable[[], None]) -> None:
        """Have something judged once nothing more is to come, after the last step."""
        self.deferred.append(check)

    def keep(self) -> None:
        """Leave what was exchanged in the record of the run."""
        exchanges = [exchange.light() for exchange in self.client.exchanges if exchange.role != "event"]
        self.run.record.setdefault(self.contract.api, []).extend(exchanges)

    def finish(self) -> None:
        """Judge what was left for later."""
        while self.deferred:
            self.deferred.pop(0)()

    def clean(self) -> None:
        """Delete what the case created, each with the token that created it; what stays is noted in the run."""
        made = {key: (self.contract.api, owner) for key, owner in self.client.owners.items()}
        self.run.created |= made
        leftovers.clear(self.run, self.client)
        self.run.gone |= made

    def renew(self) -> None:
        """Leave nothing of what it did so far but the record of the run."""
        self.clean()
        self.keep()
        self.client.exchanges.clear()
        self.violations.clear()
        self.deferred.clear()

    def serves(self, operation: str | None) -> bool:
        """Whether the release has it, the target file does not say otherwise, and no case found otherwise."""
        if not operation or operation not in self.contract.operations:
            return False
        return not (self._unserved(operation) or lacking(self.run, self.contract, operation))

    def _unserved(self, operation: str) -> str:
        """Why the target file says that an operation is not served; empty for those that are."""
        return self.target.unserved.get(family_names(self.target.release).get(operation, operation), "")

    def _completed(self, operation: str, body: Json, *, creates: bool) -> Json:
        """The body with what the target always wants, and with what a draft has requests carry besides."""
        more = added(self.row.release).get(self.contract.operations[operation].family, {}) if body else {}
        whole = {**more, **body} if isinstance(body, dict) else body
        return bodies.with_sink(self.target, whole) if creates else whole

    def _require_valid(self, operation: str, body: Json) -> None:
        """Return unless a document of somebody's own forbids a request that the release allows, and that has to do."""
        standard = self.contract.standard
        pointer = standard.request_pointer(operation) if standard and operation in standard.operations else None
        if standard is None or pointer is None or {outcome.status for outcome in self.row.accepted} <= _ANYWAY:
            return
        own = self.contract.request_pointer(operation)
        if own is None or standard.validate(body, pointer, direction="request"):
            return
        for error in self.contract.validate(body, own, direction="request"):
            raise Inconclusive(f"its request to {operation} is not valid by the own document: {error.message}")

    def _require_served(self, operation: str, role: Role, body: Json) -> None:
        if body is not None:
            self._require_valid(operation, body)
        if why := self._unserved(operation):
            raise NotServed(f"needs {operation}, which is not served: {why}")
        if role == "setup" and (why := lacking(self.run, self.contract, operation)):
            raise Inconclusive(why)
        resource = resource_of(self.contract)
        if resource is None or operation != resource.create or self.serves(resource.delete):
            return
        refused = role == "judged" and all(outcome.status >= 400 for outcome in self.row.accepted)
        if not refused and not leftovers.endable(self.target, resource, body):
            raise NotServed(
                f"needs {resource.delete}, which is not served ({self._unserved(resource.delete)}), or another "
                f"way to end what it creates; add {leftovers.ways(resource)} to the target file"
            )

    def _silence(self, error: Exception) -> None:
        self.run.silent += 1
        if self.run.silent >= SILENCE:
            said = (
                f"{self.client.base_url} stopped answering: {self.run.silent} requests in a row got no answer "
                f"({type(error).__name__}: {error}); the run is given up"
            )
            stop(one_line(self.run.redactor.text(said)))

    def _weighed(self, violation: Violation) -> Violation:
        """The violation, as heavy as what its check rests on."""
        if not violation.basis:
            return violation
        return violation.weakened(check_bases(self.row.release)[violation.basis].strength)

    def _excused(self, violation: Violation) -> Violation:
        if violation.path == checks.CORRELATOR and self.target.x_correlator == "warn":
            return violation.excused('the target file says x_correlator = "warn"')
        if self.run.mode == "strict":
            return violation
        for lenient in self.row.lenient:
            path = "$.code" if lenient.outcome else lenient.path
            value = str(lenient.outcome) if lenient.outcome else lenient.value
            if (violation.path, violation.value) == (path, value):
                return violation.excused(readings()[lenient.reason].texts)
        return violation


def _require_usable(resource: Resource | None, path: Mapping[str, str]) -> None:
    if resource is not None and not usable_id(value := path.get(resource.id, "none")):
        raise Inconclusive(f"{resource.id} {checks.quoted(repr(value))} cannot stand in a path")
