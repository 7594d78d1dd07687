"""One case: calls the target, judges the answers, remembers what was wrong."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

import httpx

from pytest_nac_qod.catalogue import Outcome, Row, RowCase, readings
from pytest_nac_qod.catalogue.basis import check_bases
from pytest_nac_qod.checks import answer as checks
from pytest_nac_qod.contracts import Contract
from pytest_nac_qod.foundation.jsontypes import Json
from pytest_nac_qod.foundation.visible import one_line
from pytest_nac_qod.suite import bodies, leftovers, naming
from pytest_nac_qod.suite.run import Run
from pytest_nac_qod.suite.stopping import stop
from pytest_nac_qod.target import Target
from pytest_nac_qod.target.tokens import TokenError
from pytest_nac_qod.verdicts import Broken, NoAnswer, NotApplicable, NotServed, Violation
from pytest_nac_qod.wire.client import Answer, QodClient, new_correlator
from pytest_nac_qod.wire.exchange import Exchange, Role
from pytest_nac_qod.wire.resources import Resource, resource_of

ACCEPTED = 202  # of a deletion that takes a while
SILENCE = 3  # calls in a row without an answer after which a run is given up


@dataclass(slots=True)
class Case:
    """What a conformance test works with.

    Attributes:
        run: what all cases share.
        row_case: the catalogue's row and the case of its outline.
        client: calls the target and records; without a token of its own.
        correlator: the one x-correlator of this case.
        violations: what was found wrong so far.
        owners: role of the token that created each session or assignment.
        leaving: role of the token that deleted each one of which it was answered that this takes a while (202).
    """

    run: Run
    row_case: RowCase
    client: QodClient
    correlator: str = field(default_factory=new_correlator)
    violations: list[Violation] = field(default_factory=list)
    owners: dict[str, str] = field(default_factory=dict)
    leaving: dict[str, str] = field(default_factory=dict)

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
        found = resource_of(self.contract)
        if found is None:
            raise LookupError(f"{self.contract.api} has no resource")
        return found

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
        if (resource := resource_of(self.contract)) and operation == resource.create:
            body = bodies.with_sink(self.target, body)
        changes: dict[str, str | None] = {}
        if self.target.x_correlator != "off":
            changes["x-correlator"] = self.correlator
        try:
            if token is not None:
                changes["Authorization"] = f"Bearer {self.run.token(token)}"
            changes.update(headers or {})
            answer = self.client.call(
                operation,
                path=path,
                body=body,
                content=content,
                headers=changes,
                method=method,
                suffix=suffix,
                role=role,
            )
        except TokenError as error:
            raise NoAnswer(str(error)) from None
        except httpx.RequestError as error:
            self._silence(error)
            raise NoAnswer(f"{operation} got no answer: {type(error).__name__}: {error}") from None
        self.run.silent = 0
        for key in self.client.owned:
            self.owners.setdefault(key, token or "two_legged")
        if resource and operation == resource.delete and answer.status == ACCEPTED and path:
            self.leaving[path[resource.id]] = token or "two_legged"
        naming.require(self.target, answer.exchange, self.row if role == "judged" else None)
        return answer

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

    def record(self, exchange: Exchange, found: Iterable[Violation]) -> list[Violation]:
        """Remember violations that `exchange` shows, as warnings where a lenient reading allows them."""
        bound = [self._excused(self._weighed(one)).bound(self.row.id, exchange.id) for one in found]
        self.violations.extend(bound)
        return bound

    def clean(self) -> None:
        """Delete what the case created, each with the token that created it, and see it gone; never raises."""
        if self.client.owned and not self.serves(self.resource.delete):
            leftovers.outlive(self.run, self.client)
        for key in list(self.client.owned):
            owner = self.owners.get(key, "two_legged")
            try:
                self.call(self.resource.delete, token=owner, path={self.resource.id: key}, role="cleanup")
            except NoAnswer:
                return
        leftovers.await_ends(self)

    def serves(self, operation: str | None) -> bool:
        """Whether the target has the operation, and the target file does not declare it unserved."""
        return operation is not None and operation not in self.target.unserved

    def _require_served(self, operation: str, role: Role, body: Json) -> None:
        if not self.serves(operation):
            raise NotServed(f"needs {operation}, which is not served: {self.target.unserved[operation]}")
        resource = resource_of(self.contract)
        if resource is None or operation != resource.create or self.serves(resource.delete):
            return
        refused = role == "judged" and all(outcome.status >= 400 for outcome in self.row.accepted)
        if not refused and not leftovers.endable(self.target, resource, body):
            raise NotServed(
                f"needs {resource.delete}, which is not served ({self.target.unserved[resource.delete]}), or another "
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
