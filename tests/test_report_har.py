"""exchanges.har, held against HAR 1.2."""

import json

import pytest
from playwright.sync_api import Browser

from pytest_nac_qod.foundation.jsontypes import JsonObject
from pytest_nac_qod.report import har
from pytest_nac_qod.report.records import CaseRecord
from tests.support.chromium import browser
from tests.support.report_documents import document, exchange, result

__all__ = ["browser"]

# what somebody does who drops the file on the network panel, and what it shows then
IMPORT = """async archive => {
  const part = name => import(`devtools://devtools/bundled/${name}`);
  const { ViewManager } = await part("ui/legacy/legacy.js");
  await ViewManager.ViewManager.instance().showView("network");
  const { NetworkPanel } = await part("panels/network/network.js");
  await NetworkPanel.NetworkPanel.instance().networkLogView.onLoadFromFile(new File([archive], "exchanges.har"));
  const { NetworkLog } = await part("models/logs/logs.js");
  return await Promise.all(NetworkLog.NetworkLog.instance().requests().map(async request => [
    request.requestMethod, request.url(), request.statusCode, request.resourceType().name(),
    (await request.requestFormData()) || "", (await request.requestContentData()).text,
  ]));
}"""

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


@pytest.mark.slow
def test_the_developer_tools_of_chromium_open_it(browser: Browser) -> None:
    event = exchange(1, role="event", request={"method": "POST", "url": "/abc", "headers": [], "body": "{}"})
    silent = exchange(2, response=None, error="ConnectError: refused")
    odd = exchange(3, response={"status": 799, "headers": [["set-cookie", "\x00;;="]], "body": "\x1b"})
    written = har.text(document(result("fail"), result(exchanges=[event, silent, odd])))
    page = browser.new_page()
    page.set_default_timeout(120_000)
    page.goto("devtools://devtools/bundled/devtools_app.html")
    page.wait_for_selector(".tabbed-pane")
    sent = exchange()["request"]
    answer = exchange()["response"]
    assert answer is not None
    assert page.evaluate(IMPORT, written) == [
        ["GET", sent["url"], 410, "fetch", "", answer["body"]],
        ["POST", "https://sink.invalid/abc", 410, "fetch", "{}", answer["body"]],
        ["GET", sent["url"], 0, "fetch", "", ""],
        ["GET", sent["url"], 799, "fetch", "", "\x1b"],
    ]
    page.context.close()
