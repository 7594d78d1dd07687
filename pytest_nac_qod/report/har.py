"""exchanges.har: every exchange in HTTP Archive format 1.2, for a browser's developer tools.

Fields with an underscore are Chromium's own, whose developer tools would call an answer in JSON a script.
"""

import json
from collections.abc import Iterator
from http import HTTPStatus
from http.cookies import CookieError, SimpleCookie
from urllib.parse import parse_qsl, urlsplit

from pytest_nac_qod.foundation.jsontypes import JsonObject
from pytest_nac_qod.report.records import CaseRecord, ExchangeRecord, ResultsDocument
from pytest_nac_qod.report.terminal import failure
from pytest_nac_qod.wire.exchange import header

FILE = "exchanges.har"
SINK = "https://sink.invalid"  # stands for the receiver, of whose address an event tells the path only


def text(document: ResultsDocument) -> str:
    """The archive as a JSON text: a page for each case, an entry for each of its exchanges."""
    pages: list[JsonObject] = []
    entries: list[JsonObject] = []
    for number, result in enumerate(document["results"], 1):
        if exchanges := result["exchanges"]:
            pages.append(_page(f"case_{number}", result, exchanges[0]["started"]))
            entries.extend(_entry(f"case_{number}", exchange) for exchange in exchanges)
    creator = {"name": document["suite"]["name"], "version": document["suite"]["version"]}
    log = {"version": "1.2", "creator": creator, "pages": pages, "entries": entries}
    return json.dumps({"log": log}) + "\n"


def _page(key: str, result: CaseRecord, started: str) -> JsonObject:
    title = f"{result['verdict']}: {failure.title(result)}"
    return {"id": key, "title": title, "startedDateTime": started, "pageTimings": {}}


def _entry(page: str, exchange: ExchangeRecord) -> JsonObject:
    request, milliseconds = exchange["request"], exchange["seconds"] * 1000
    url = SINK + request["url"] if request["url"].startswith("/") else request["url"]
    entry: JsonObject = {
        "pageref": page,
        "startedDateTime": exchange["started"],
        "time": milliseconds,
        "request": {
            "method": request["method"],
            "url": url,
            "queryString": [{"name": name, "value": value} for name, value in _query(url)],
            "bodySize": len(request["body"].encode("utf-8", "surrogatepass")),
            **_message(request["headers"], "cookie"),
        },
        "response": _response(exchange),
        "cache": {},
        "timings": {"send": 0, "wait": milliseconds, "receive": 0},
        "comment": f"{exchange['operation']} ({exchange['role']} {exchange['id']})",
        "_resourceType": "fetch",
    }
    if request["body"]:
        media_type = header(request["headers"], "content-type") or ""
        entry["request"]["postData"] = {"mimeType": media_type, "text": request["body"]}
    return entry


def _response(exchange: ExchangeRecord) -> JsonObject:
    response = exchange["response"] or {"status": 0, "headers": [], "body": ""}
    size = len(response["body"].encode("utf-8", "surrogatepass"))
    har_response: JsonObject = {
        "status": response["status"],
        "statusText": _phrase(response["status"]),
        "content": {
            "size": size,
            "mimeType": header(response["headers"], "content-type") or "",
            "text": response["body"],
        },
        "redirectURL": header(response["headers"], "location") or "",
        "bodySize": size,
        **_message(response["headers"], "set-cookie"),
    }
    if exchange["error"]:
        har_response["comment"] = exchange["error"]
    return har_response


def _message(headers: list[list[str]], cookies: str) -> JsonObject:
    return {
        "httpVersion": "HTTP/1.1",
        "headers": [{"name": name, "value": value} for name, value in headers],
        "cookies": [cookie for name, value in headers if name.lower() == cookies for cookie in _cookies(value)],
        "headersSize": -1,
    }


def _cookies(value: str) -> Iterator[JsonObject]:
    try:
        yield from ({"name": name, "value": morsel.value} for name, morsel in SimpleCookie(value).items())
    except CookieError:
        return


def _query(url: str) -> list[tuple[str, str]]:
    try:
        return parse_qsl(urlsplit(url).query, keep_blank_values=True)
    except ValueError:
        return []


def _phrase(status: int) -> str:
    try:
        return HTTPStatus(status).phrase
    except ValueError:
        return ""
