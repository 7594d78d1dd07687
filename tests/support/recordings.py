"""Exchanges saved as other tools save them, with a secret for a token."""

import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from pytest_nac_qod.wire.exchange import Exchange
from tests.support.traffic import ROOT

SECRET = "a-token-that-nobody-may-see"


def har_of(exchanges: Iterable[Exchange]) -> dict[str, Any]:
    entries = []
    for exchange in exchanges:
        response = exchange.response
        assert response is not None
        request: dict[str, Any] = {
            "method": exchange.request.method,
            "url": exchange.request.url,
            "headers": [{"name": n, "value": secret(v)} for n, v in exchange.request.headers],
            "bodySize": len(exchange.request.body),
        }
        if exchange.request.body:
            request["postData"] = {"mimeType": "application/json", "text": exchange.request.body}
        entries.append(
            {
                "startedDateTime": exchange.started,
                "time": exchange.seconds * 1000,
                "request": request,
                "response": {
                    "status": response.status,
                    "headers": [{"name": n, "value": v} for n, v in response.headers],
                    "content": {"size": len(response.body), "mimeType": "application/json", "text": response.body},
                },
            }
        )
    return {"log": {"version": "1.2", "creator": {"name": "entries", "version": "1"}, "entries": entries}}


def secret(value: str) -> str:
    return f"Bearer {SECRET}" if value.startswith("Bearer ") else value


def lines_of(exchanges: Iterable[Exchange]) -> str:
    records = [exchange.to_dict() for exchange in exchanges]
    for record in records:
        record["request"]["headers"] = [[n, secret(v)] for n, v in record["request"]["headers"]]
    return "\n".join(json.dumps(record) for record in records)


def netstring(value: object) -> bytes:
    match value:
        case None:
            content, kind = b"", b"~"
        case bool():
            content, kind = str(value).lower().encode(), b"!"
        case bytes():
            content, kind = value, b","
        case str():
            content, kind = value.encode(), b";"
        case int():
            content, kind = str(value).encode(), b"#"
        case float():
            content, kind = str(value).encode(), b"^"
        case dict():
            content, kind = b"".join(netstring(k) + netstring(v) for k, v in value.items()), b"}"
        case list():
            content, kind = b"".join(netstring(item) for item in value), b"]"
        case _:
            raise TypeError(type(value))
    return str(len(content)).encode() + b":" + content + kind


def flows_of(exchanges: Iterable[Exchange], **changes: object) -> bytes:
    """The flows, each of whose requests has these values."""
    flows: list[object] = []
    for exchange in exchanges:
        response = exchange.response
        assert response is not None
        began = 1_800_000_000.0 + len(flows)
        request = {
            "method": exchange.request.method.encode(),
            "scheme": b"https",
            "host": "api.example.com",
            "port": 443,
            "path": exchange.request.url.removeprefix(ROOT).encode(),
            "headers": [[n.encode(), secret(v).encode()] for n, v in exchange.request.headers],
            "content": exchange.request.body.encode(),
            "timestamp_start": began,
            "timestamp_end": began + 0.1,
            **changes,
        }
        answer = {
            "status_code": response.status,
            "headers": [[n.encode(), v.encode()] for n, v in response.headers if n != "Date"],
            "content": response.body.encode(),
            "timestamp_start": began + 0.1,
            "timestamp_end": began + 0.2,
        }
        flows.append({"type": "http", "version": 21, "request": request, "response": answer, "websocket": None})
    return b"".join(netstring(flow) for flow in [*flows, {"type": "tcp", "version": 21}])


def saved(folder: Path, kind: str, exchanges: Iterable[Exchange]) -> Path:
    path = folder / f"traffic.{kind}"
    match kind:
        case "har":
            path.write_text(json.dumps(har_of(exchanges)), encoding="utf-8-sig")
        case "jsonl":
            path.write_text(lines_of(exchanges), encoding="utf-8")
        case _:
            path.write_bytes(flows_of(exchanges))
    return path
