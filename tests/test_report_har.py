"""exchanges.har, held against HAR 1.2."""

import json

import pytest

from pytest_nac_qod.foundation.jsontypes import JsonObject
from pytest_nac_qod.report import har
from pytest_nac_qod.report.records import CaseRecord
from tests.support.report_documents import document, exchange, result

# every field that the specification does not call optional, with its type
MESSAGE = {"httpVersion": str, "cookies": list, "headers": list, "headersSize": int, "bodySize": int}
REQUIRED: dict[str, dict[str, type | tuple[type, ...]]] = {
    "log": {"version": str, "creator": dict, "entries": list},
    "creator": {"name": str, "version": str},
    "page": {"startedDateTime": str, "id": str, "title": str, "pageTimings": dict},
    "entry": {
        "startedDateTime": str,
        "time": (int, float),
        "request": dict,
        "response": dict,
        "cache": dict,
        "timings": dict,
    },
    "request": {"method": str, "url": str, "queryString": list, **MESSAGE},
    "response": {"status": int, "statusText": str, "content": dict, "redirectURL": str, **MESSAGE},
    "content": {"size": int, "mimeType": str},
    "timings": {"send": (int, float), "wait": (int, float), "receive": (int, float)},
    "named": {"name": str, "value": str},
}


def holds(kind: str, part: JsonObject) -> None:
    for name, type_ in REQUIRED[kind].items():
        assert isinstance(part[name], type_), (kind, name)


def checked(*cases: CaseRecord) -> JsonObject:
    log: JsonObject = json.loads(har.text(document(*cases)))["log"]
    holds("log", log)
    holds("creator", log["creator"])
    pages = {page["id"] for page in log["pages"]}
    for page in log["pages"]:
        holds("page", page)
    for entry in log["entries"]:
        assert entry["pageref"] in pages
        for kind, part in (("entry", entry), ("request", entry["request"]), ("response", entry["response"])):
            holds(kind, part)
        holds("content", entry["response"]["content"])
        holds("timings", entry["timings"])
        for message in (entry["request"], entry["response"]):
            for item in [*message["headers"], *message["cookies"], *message.get("queryString", [])]:
                holds("named", item)
        assert entry["time"] == pytest.approx(sum(entry["timings"].values()))
    return log


def test_an_exchange_is_an_entry() -> None:
    log = checked(result("fail"))
    assert log["version"] == "1.2"
    (entry,) = log["entries"]
    assert log["pages"][0]["title"] == "fail: quality_on_demand_getSession_404.1_not_found"
    assert entry["request"]["queryString"] == [{"name": "a", "value": "b"}, {"name": "c", "value": ""}]
    assert (entry["response"]["status"], entry["response"]["statusText"]) == (410, "Gone")
    assert entry["response"]["cookies"] == [{"name": "a", "value": "1"}]
    assert entry["comment"] == "getSession (judged x1)"


def test_what_is_missing_or_odd_keeps_the_form() -> None:
    event = exchange(1, role="event", request={"method": "POST", "url": "/abc", "headers": [], "body": "\ud800{}"})
    silent = exchange(2, response=None, error="ConnectError: refused")
    odd = exchange(3, response={"status": 799, "headers": [["set-cookie", "\x00;;="]], "body": "\x1b"})
    log = checked(result(exchanges=[event, silent, odd]), result(exchanges=[]))
    first, second, third = log["entries"]
    assert first["request"]["url"] == "https://sink.invalid/abc"
    assert first["request"]["postData"] == {"mimeType": "", "text": "\ud800{}"}
    assert (second["response"]["status"], second["response"]["comment"]) == (0, "ConnectError: refused")
    assert third["response"]["statusText"] == ""
    assert len(log["pages"]) == 1
