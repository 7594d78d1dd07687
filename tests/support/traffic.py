"""Traffic made up for tests: calls and events at chosen times, right unless a test says otherwise."""

import json
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from typing import Any

import pytest_nac_qod
from pytest_nac_qod.contracts import apis, contract
from pytest_nac_qod.report.results import problems
from pytest_nac_qod.wire.exchange import Exchange, Request, Response

ROOT = "https://api.example.com"
BASE = f"{ROOT}/quality-on-demand/v1"
START = datetime(2027, 3, 1, 12, 0, 0, tzinfo=UTC)
ID, OTHER = "11111111-1111-4111-8111-111111111111", "22222222-2222-4222-8222-222222222222"
DEVICE = {"phoneNumber": "+123456789"}
SENT: dict[str, Any] = {
    "device": DEVICE,
    "applicationServer": {"ipv4Address": "198.51.100.7"},
    "qosProfile": "QOS_L",
    "duration": 3600,
}
CREDENTIAL = {
    "credentialType": "ACCESSTOKEN",
    "accessToken": "<redacted:11aa22bb>",
    "accessTokenExpiresUtc": "2099-12-31T23:59:59Z",
    "accessTokenType": "bearer",
}


def moment(seconds: float) -> str:
    return (START + timedelta(seconds=seconds)).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def session(key: str = ID, *, begun: float = 0, status: str = "AVAILABLE", **changes: Any) -> dict[str, Any]:
    shown = {**SENT, "sessionId": key, "qosStatus": status}
    if status != "REQUESTED":
        shown |= {"startedAt": moment(begun), "expiresAt": moment(begun + changes.get("duration", 3600))}
    shown |= {name: value for name, value in changes.items() if value is not None}
    return {name: value for name, value in shown.items() if name not in changes or changes[name] is not None}


def call(
    method: str,
    path: str,
    status: int,
    body: Any = None,
    *,
    at: float,
    sent: Any = None,
    token: str | None = "token-a",  # noqa: S107 - made up
    seconds: float = 0.2,
    headers: Mapping[str, str] | None = None,
    answer_headers: Mapping[str, str] | None = None,
    ahead: float = 0,
    base: str = BASE,
) -> Exchange:
    """One call, answered `seconds` after `at`; the clock of the target is `ahead`."""
    asked = {"x-correlator": f"c-{at}".replace(".", "-"), **(headers or {})}
    if token:
        asked["Authorization"] = f"Bearer <redacted:{token}>"
    if sent is not None:
        asked["Content-Type"] = "application/json"
    date = format_datetime(START + timedelta(seconds=at + seconds + ahead), usegmt=True)
    told = {"x-correlator": asked["x-correlator"], "Date": date}
    if body is not None:
        told["Content-Type"] = "application/json"
    text = "" if sent is None else json.dumps(sent)
    request = Request(
        method=method, url=path if "://" in path else base + path, headers=tuple(asked.items()), body=text
    )
    text = "" if body is None else json.dumps(body)
    response = Response(status=status, headers=tuple((told | dict(answer_headers or {})).items()), body=text)
    return Exchange(
        id="x",
        operation="",
        role="judged",
        request=request,
        response=response if status else None,
        error=None if status else "no answer",
        started=moment(at),
        seconds=seconds,
    )


def create(at: float = 0, key: str = ID, **options: Any) -> Exchange:
    sent = options.pop("sent", SENT)
    body = options.pop("body", None) or session(
        key, begun=at, **{k: v for k, v in sent.items() if k != "sinkCredential"}
    )
    return call("POST", "/sessions", options.pop("status", 201), body, at=at, sent=sent, **options)


def read(at: float, key: str = ID, body: Any = None, **options: Any) -> Exchange:
    shown = session(key) if body is None else body
    return call("GET", f"/sessions/{key}", options.pop("status", 200), shown, at=at, **options)


def missing(at: float, key: str = ID, **options: Any) -> Exchange:
    error = {"status": 404, "code": "NOT_FOUND", "message": "There is none."}
    return call("GET", f"/sessions/{key}", 404, error, at=at, **options)


def delete(at: float, key: str = ID, status: int = 204, body: Any = None, **options: Any) -> Exchange:
    return call("DELETE", f"/sessions/{key}", status, body, at=at, **options)


def extend(at: float, added: int, body: Any, key: str = ID, status: int = 200, **options: Any) -> Exchange:
    sent = {"requestedAdditionalDuration": added}
    return call("POST", f"/sessions/{key}/extend", status, body, at=at, sent=sent, **options)


def listing(at: float, *sessions: Any, device: Any = None, **options: Any) -> Exchange:
    sent = {"device": device or DEVICE}
    return call("POST", "/retrieve-sessions", 200, list(sessions), at=at, sent=sent, **options)


def profile(at: float, shortest: int = 1, longest: int = 86_400, name: str = "QOS_L", **options: Any) -> Exchange:
    body = {
        "name": name,
        "status": "ACTIVE",
        "minDuration": {"value": shortest, "unit": "Seconds"},
        "maxDuration": {"value": longest, "unit": "Seconds"},
    }
    return call(
        "GET",
        f"{ROOT}/qos-profiles/v1/qos-profiles/{name}",
        200,
        {**body, **options.pop("shown", {})},
        at=at,
        **options,
    )


def event(
    at: float, status: str, info: str = "", *, key: str = ID, number: str = "", path: str = "/events", **changes: Any
) -> Exchange:
    data = {"sessionId": key, "qosStatus": status, **({"statusInfo": info} if info else {})}
    body = {
        "id": number or f"e-{at}",
        "source": f"{BASE}/sessions",
        "type": "org.camaraproject.quality-on-demand.v1.qos-status-changed",
        "specversion": "1.0",
        "datacontenttype": "application/json",
        "time": moment(at),
        "data": data,
        **changes,
    }
    headers = {"Content-Type": "application/cloudevents+json", "Authorization": "Bearer <redacted:11aa22bb>"}
    return Exchange(
        id="e",
        operation="postNotification",
        role="event",
        request=Request(method="POST", url=path, headers=tuple(headers.items()), body=json.dumps(body)),
        response=Response(status=204, headers=(), body=""),
        error=None,
        started=moment(at),
        seconds=0.0,
    )


CONTRACTS = {api: contract("r3.2", api) for api in apis("r3.2")}
SINK = {**SENT, "sink": "https://app.example.com/events", "sinkCredential": CREDENTIAL}
GONE = {"status": 404, "code": "NOT_FOUND", "message": "There is none."}
WITH_SINK: dict[str, Any] = {"sink": "https://app.example.com/events"}


def broken(traffic: Sequence[Exchange], *, complete: bool = False) -> dict[str, str]:
    """The rules that traffic breaks, with the verdict of each."""
    events = [exchange for exchange in traffic if exchange.role == "event"]
    calls = [exchange for exchange in traffic if exchange.role != "event"]
    document = pytest_nac_qod.judge(calls, events, CONTRACTS, complete=complete)
    assert problems(document) == []
    return {
        result["id"].removeprefix("nac_seen_"): result["verdict"]
        for result in document["results"]
        if result["violations"]
    }


def shown(status: str, **changes: Any) -> dict[str, Any]:
    return session(status=status, **changes)
