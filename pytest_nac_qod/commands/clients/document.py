"""results.json of a client that was judged."""

import platform
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import cast

from pytest_nac_qod import __version__
from pytest_nac_qod.foundation.jsontypes import Json
from pytest_nac_qod.foundation.values import written
from pytest_nac_qod.report.fitting import Room
from pytest_nac_qod.report.records import About, CaseRecord, ExchangeRecord, ResultsDocument, ViolationRecord
from pytest_nac_qod.report.results import document
from pytest_nac_qod.sdk.cases import OPERATIONS
from pytest_nac_qod.sdk.causes import causes
from pytest_nac_qod.sdk.running import API, CaseResult
from pytest_nac_qod.target import Target

_NOTHING_SENT = "none"  # stands for the exchange of a call that sent nothing


def of(
    results: Sequence[CaseResult], name: str, target: Target, began: datetime, options: Mapping[str, Json]
) -> ResultsDocument:
    """The results of a client, each finding with its cause.

    Args:
        results: of all cases that were run.
        name: of the client, with its version.
        target: that it was pointed at.
        began: when.
        options: of the command.
    """
    titles = {
        place: cause.title
        for verdict in ("fail", "warn", "known")
        for cause in causes(results, (verdict,))
        for place in cause.findings
    }
    about: About = {
        "suite": {"name": "pytest-nac-qod", "version": __version__},
        "kind": "client",
        "release": target.release,
        "mode": "lenient",
        "target": {"name": name, "apis": {API: target.apis[API]}, "embedded": target.embedded},
        "run": {
            "started": written(began),
            "ended": written(datetime.now(UTC)),
            "python": platform.python_version(),
            "platform": platform.platform(),
            "packages": {},
            "seed": None,
            "options": dict(options),
            "unsupported": {},
        },
    }
    records = [_case(result, target.release, position, titles) for position, result in enumerate(results)]
    room = Room()
    return document(about, [room.fitted(record) for record in records], complete=True)


def _case(result: CaseResult, release: str, position: int, titles: Mapping[tuple[int, int], str]) -> CaseRecord:
    call = str(result.case.parameters.get("call", "list" if result.case.kind in ("sizes", "query") else "create"))
    violations = [
        {
            **finding.violation.to_dict(),
            "actual": f"{finding.violation.actual}; the call was {finding.again}",
            "exchange": finding.violation.exchange or _NOTHING_SENT,
            "cause": titles.get((position, number), result.case.requires),
        }
        for number, finding in enumerate(result.findings)
    ]
    return {
        "id": result.case.id,
        "kind": "rule",
        "case": "",
        "api": API,
        "operation": OPERATIONS[call],
        "release": release,
        "requirement": result.case.requires,
        "accepted": [],
        "verdict": result.verdict,
        "reason": result.reason,
        "violations": [cast("ViolationRecord", violation) for violation in violations],
        "exchanges": [cast("ExchangeRecord", exchange.to_dict()) for exchange in result.exchanges],
        "seconds": round(sum(exchange.seconds for exchange in result.exchanges), 3),
    }
