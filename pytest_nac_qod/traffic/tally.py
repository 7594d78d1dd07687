"""What each rule has seen, and what was wrong; grows with the number of rules, not with that of exchanges."""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from typing import cast

from pytest_nac_qod.contracts import Contract
from pytest_nac_qod.report.records import CaseRecord, ExchangeRecord
from pytest_nac_qod.traffic.rules import SeenRule, clause, rules, strength, tolerated
from pytest_nac_qod.traffic.seen import ApiCall, Notice
from pytest_nac_qod.verdicts import Violation, judged
from pytest_nac_qod.wire.exchange import Exchange
from pytest_nac_qod.wire.resources import resource_of

SHOWN = 10  # breaches of one rule that results keep
_Key = tuple[str, str, str]  # api, rule, case


@dataclass(slots=True)
class Tally:
    """The rules of a release, counted.

    Attributes:
        release: that the traffic is judged by.
        complete: whether the traffic is all that there was, of every client.
    """

    release: str
    complete: bool = False
    _chances: Counter[_Key] = field(default_factory=Counter)
    _breaches: Counter[_Key] = field(default_factory=Counter)
    _wrong: dict[_Key, list[Violation]] = field(default_factory=dict)
    _shown: dict[_Key, dict[str, Exchange]] = field(default_factory=dict)

    def look(
        self,
        rule: str,
        at: ApiCall | Notice,
        contract: Contract,
        violations: Iterable[Violation] = (),
        *,
        sure: bool = True,
    ) -> None:
        """Count that a rule could be judged here, and what is wrong.

        Args:
            rule: its id; a rule that the release does not have is passed over.
            at: what shows it.
            contract: that it is judged by.
            violations: whatever breaks the rule; one without a clause gets that of the rule.
            sure: whether the breach is one whatever happened out of sight; if not it warns, unless nothing did.
        """
        known = rules(self.release).get(rule)
        if known is None:
            return
        case = at.operation.id if isinstance(at, ApiCall) and known.about in ("answer", "request") else ""
        key = (contract.api, rule, case)
        self._chances[key] += 1
        kept, shown = self._wrong.setdefault(key, []), self._shown.setdefault(key, {})
        for violation in violations:
            self._breaches[key] += 1
            if len(kept) < SHOWN:
                kept.append(self._weighed(known, violation, at, contract, sure=sure))
                shown[at.exchange.id] = at.exchange
        if not shown:
            shown[at.exchange.id] = at.exchange

    def counts(self) -> dict[str, tuple[int, int]]:
        """How often each rule could be judged so far, and how often it was broken."""
        told: dict[str, tuple[int, int]] = {}
        for (_, rule, _), number in self._chances.items():
            told[rule] = told.get(rule, (0, 0))[0] + number, told.get(rule, (0, 0))[1]
        for (_, rule, _), number in self._breaches.items():
            told[rule] = told[rule][0], told[rule][1] + number
        return told

    def broken(self, *, notes: bool = False) -> tuple[str, ...]:
        """The rules that are broken so far, each with the weight of the breach, as `must nac_seen_times_fit`.

        Args:
            notes: with breaches that weigh `may`, which results only note.
        """
        found = {f"{item.severity} {item.rule}" for wrong in self._wrong.values() for item in wrong}
        return tuple(sorted(entry for entry in found if notes or not entry.startswith("may ")))

    def _weighed(
        self, rule: SeenRule, violation: Violation, at: ApiCall | Notice, contract: Contract, *, sure: bool
    ) -> Violation:
        rests = rule.basis_of(self.release, resource_of(contract))
        operation = at.operation.id if isinstance(at, ApiCall) else rule.operation(contract, "")
        bound = replace(violation, clause=violation.clause or clause(rests, contract, operation)).bound(
            rule.id, at.exchange.id
        )
        weighed = bound.weakened(strength(self.release, violation.basis) if violation.basis else rests.strength)
        if reason := tolerated(self.release).get((violation.path, repr(violation.value))):
            weighed = weighed.excused(reason)
        return weighed if sure or self.complete else weighed.weakened("should")

    def results(self, contracts: Iterable[Contract], suffix: str = "") -> Iterator[CaseRecord]:
        """A result for each rule that is about one of the APIs; `suffix` goes behind the name of the case."""
        for contract in contracts:
            for rule in rules(self.release).values():
                for case in rule.cases(contract):
                    yield self._result(rule, contract, case, suffix)

    def _result(self, rule: SeenRule, contract: Contract, case: str, suffix: str) -> CaseRecord:
        key = (contract.api, rule.id, case)
        wrong, breaches = self._wrong.get(key, []), self._breaches[key]
        operation = rule.operation(contract, case)
        unseen = f"not in this traffic: {rule.shown_by.format(operation=operation)}"
        more = f"{breaches} breaches, of which the first {len(wrong)} are shown" if breaches > len(wrong) else ""
        verdict = judged(wrong) if self._chances[key] else "not_tested"
        return {
            "id": rule.id,
            "kind": "rule",
            "case": " ".join(part for part in (case, suffix) if part),
            "api": contract.api,
            "operation": operation,
            "release": self.release,
            "requirement": rule.requirement,
            "accepted": [],
            "verdict": verdict,
            "reason": unseen if verdict == "not_tested" else more if verdict == "fail" else "",
            "violations": [cast("dict", violation.to_dict()) for violation in wrong],  # type: ignore[misc,type-arg]
            "exchanges": [cast("ExchangeRecord", exchange.to_dict()) for exchange in self._shown.get(key, {}).values()],
            "seconds": 0.0,
        }
