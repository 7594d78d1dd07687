"""Cases as a run leaves them, for the judgement of its causes."""

import json

from pytest_nac_qod.foundation.jsontypes import Json
from pytest_nac_qod.report.causes import causes
from tests.support.report_documents import API, exchange, result, violation


def shown(  # noqa: PLR0913 - all that tells answers apart
    status: int,
    body: Json = None,
    *,
    operation: str = "createSession",
    sent: Json = None,
    token: str = "two_legged",  # noqa: S107 - a role
    headers: tuple[tuple[str, str], ...] = (("content-type", "application/json"), ("x-correlator", "c")),
) -> Json:
    """An exchange with this answer."""
    authorization = [["Authorization", f"Bearer <redacted:tokens.{token}>"]] if token else []
    return exchange(
        operation=operation,
        request={
            "method": "POST",
            "url": f"http://127.0.0.1:9091/{API}/v1/{operation}",
            "headers": [["x-correlator", "c"], *authorization],
            "body": "" if sent is None else json.dumps(sent),
        },
        response={
            "status": status,
            "headers": [list(pair) for pair in headers],
            "body": "" if body is None else json.dumps(body),
        },
    )


def failed(answer: Json, expected: str, *, requirement: str = "") -> Json:
    """A case whose outcome is wrong."""
    assert answer["response"] is not None
    status = answer["response"]["status"]
    clause = f"{API}#/paths/~1{answer['operation']}/post/responses/{expected[:3]}"
    wrong = violation(clause=clause, expected=expected, actual=str(status), path="$.code")
    case = result("fail", operation=answer["operation"], exchanges=[answer], violations=[wrong])
    case["requirement"] = requirement or f"{expected} on {answer['operation']}"
    return case


def misshown(answer: Json, path: str, expected: str, actual: str) -> Json:
    """A case whose answer shows something wrong at a place."""
    wrong = violation(clause=f"{API}#/components/schemas/SessionInfo", expected=expected, actual=actual, path=path)
    return result("fail", operation=answer["operation"], exchanges=[answer], violations=[wrong])


def stopped(answer: Json, reason: str) -> Json:
    """A case that did not reach its start."""
    return result("inconclusive", operation="getSession", reason=reason, exchanges=[{**answer, "role": "setup"}])


def told(*cases: Json) -> list[tuple[str, str, int]]:
    """Verdict, title and number of cases of each cause."""
    return [(cause.verdict, cause.title, len(cause.cases)) for cause in causes(list(cases))]
