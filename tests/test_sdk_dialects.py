"""The dialects that the NaC SDKs spoke before CAMARA 1.0, on the embedded server."""

from collections.abc import Iterator

import httpx
import pytest

from pytest_nac_qod import contracts
from pytest_nac_qod.foundation.jsontypes import Json, JsonObject
from pytest_nac_qod.reference import ReferenceServer
from pytest_nac_qod.reference.dialects import Dialect, dialect_of, dialects
from pytest_nac_qod.reference.dialects.translation import create
from pytest_nac_qod.run.connecting import listening

PHONE = "+99999991000"


def body(dialect: Dialect, **more: object) -> JsonObject:
    sink = {"notificationUrl": "https://events.example.com", "notificationAuthToken": "Bearer token-of-the-sink"}
    return {
        "qosProfile": "QOS_L",
        "device": {"phoneNumber": PHONE},
        "applicationServer": {"ipv4Address": "198.51.100.10"},
        "duration": 600,
        **(sink if dialect.sink == "flat" else {"webhook": sink}),
        **more,
    }


@pytest.fixture(params=dialects())
def dialect(request: pytest.FixtureRequest) -> Dialect:
    name: str = request.param
    return dialects()[name]


@pytest.fixture
def http(qod_server: ReferenceServer, dialect: Dialect) -> Iterator[httpx.Client]:
    with httpx.Client() as fetching:
        token = qod_server.target().tokens["two_legged"].resolve(fetching)
    headers = {"Authorization": f"Bearer {token}"}
    with httpx.Client(base_url=qod_server.url + dialect.path, headers=headers) as client:
        yield client


def test_a_session_lives_its_whole_life(http: httpx.Client, dialect: Dialect, qod_server: ReferenceServer) -> None:
    created = http.post("/sessions", json=body(dialect))
    assert created.status_code == 201
    session = created.json()
    where = f"/sessions/{session['sessionId']}"
    assert session["duration"] == 600
    assert session["device"] == {"phoneNumber": PHONE}
    if dialect.times == "epoch":
        assert session["expiresAt"] - session["startedAt"] == 600
    else:
        assert session["startedAt"].endswith("Z")
        assert session["expiresAt"].endswith("Z")
    told = session if dialect.sink == "flat" else session["webhook"]
    assert told["notificationUrl"] == "https://events.example.com"
    assert "token-of-the-sink" not in created.text

    qod_server.clock.advance(1)
    assert http.get(where).json()["qosStatus"] == "AVAILABLE"
    assert [item["sessionId"] for item in http.get(f"/sessions?phoneNumber={PHONE}").json()] == [session["sessionId"]]
    retrieved = http.post("/retrieve-sessions", json={"device": {"phoneNumber": PHONE}}).json()
    assert [item["sessionId"] for item in retrieved] == [session["sessionId"]]
    extended = http.post(f"{where}/extend", json={"requestedAdditionalDuration": 60})
    assert (extended.status_code, extended.json()["duration"]) == (200, 660)
    assert http.delete(where).status_code == 204
    assert http.get(where).status_code == 404


def test_events_reach_the_sink_with_its_token(
    qod_server: ReferenceServer, dialect: Dialect, http: httpx.Client
) -> None:
    with listening(qod_server.target()) as sink:
        told = sink.subscribe()
        given = {"notificationUrl": told.url, "notificationAuthToken": "Bearer token-of-the-sink"}
        where = given if dialect.sink == "flat" else {"webhook": given}
        assert http.post("/sessions", json=body(dialect, **where)).status_code == 201
        (event,) = told.wait(bool, timeout=120)
        assert dict(event.headers)["authorization"] == "Bearer token-of-the-sink"


@pytest.mark.parametrize(
    ("change", "status"),
    [
        ({"device": {"phoneNumber": "+99900000000"}}, 400),
        ({"device": {"phoneNumber": "+99999991010"}}, 400),
        ({"qosProfile": "no-such-profile"}, 400),
        ({"duration": 100_000}, 400),
    ],
)
def test_refusals_have_a_status_that_the_dialect_knows(
    http: httpx.Client, dialect: Dialect, change: JsonObject, status: int
) -> None:
    answer = http.post("/sessions", json=body(dialect, **change))
    assert answer.status_code == status
    assert answer.json()["status"] == status


def test_no_token_is_refused(qod_server: ReferenceServer, dialect: Dialect) -> None:
    answer = httpx.post(f"{qod_server.url}{dialect.path}/sessions", json=body(dialect))
    assert (answer.status_code, answer.json()["code"]) == (401, "UNAUTHENTICATED")


def test_what_is_no_json_is_refused(http: httpx.Client) -> None:
    answer = http.post("/sessions", content=b"{", headers={"Content-Type": "application/json"})
    assert answer.status_code == 400


FORBIDDEN: list[JsonObject] = [
    {"applicationServer": {"ipv4Address": None, "ipv6Address": "2001:db8::1"}},
    {"applicationServer": {}},
    {"applicationServerPorts": {"ports": None, "ranges": [{"from": 1, "to": 2}]}},
    {"applicationServerPorts": {"ports": []}},
    {"device": {"phoneNumber": PHONE, "ipv6Address": None}},
    {"duration": None},
    {"duration": "60"},
    {"qosProfile": None},
    {"notificationUrl": None, "webhook": None},
    {"notificationAuthToken": None, "webhook": {"notificationUrl": "https://x.example", "notificationAuthToken": 1}},
]


def test_what_the_document_does_not_allow_is_refused(http: httpx.Client, dialect: Dialect) -> None:
    for change in FORBIDDEN:
        answer = http.post("/sessions", json=body(dialect, **change))
        assert (answer.status_code, answer.json()["code"]) == (400, "INVALID_ARGUMENT"), change


SHORT: JsonObject = {"notificationUrl": "https://x.example", "notificationAuthToken": "t" * 19}


@pytest.mark.parametrize("webhook", [{}, "https://x.example", {"notificationAuthToken": "t" * 20}, SHORT], ids=str)
def test_a_webhook_is_what_its_document_says(webhook: Json) -> None:
    sent = create(body(dialects()["webhook"], webhook=webhook), dialects()["webhook"])
    camara = contracts.contract(contracts.RELEASES[-1], "quality-on-demand")
    assert camara.validate(sent, camara.request_pointer("createSession") or "", direction="request")


def test_what_the_first_sdks_send_with_every_create_counts_as_absent() -> None:
    given = {
        "qosProfile": "QOS_L",
        "device": {"ipv4Address": {}, "phoneNumber": "99999991000"},
        "applicationServer": {"ipv4Address": None, "ipv6Address": "2001:db8::1"},
        "devicePorts": None,
        "applicationServerPorts": None,
    }
    assert create(given, dialects()["epoch"]) == {
        "qosProfile": "QOS_L",
        "device": {"phoneNumber": PHONE},
        "applicationServer": {"ipv4Address": None, "ipv6Address": "2001:db8::1"},
        "duration": 86_400,
    }
    assert create(given, dialects()["flat"])["devicePorts"] is None


def test_a_phone_number_needs_no_plus_sign(http: httpx.Client, dialect: Dialect) -> None:
    created = http.post("/sessions", json=body(dialect, device={"phoneNumber": PHONE[1:]})).json()
    for answer in (
        http.get(f"/sessions?phoneNumber={PHONE[1:]}"),
        http.post("/retrieve-sessions", json={"device": {"phoneNumber": PHONE[1:]}}),
    ):
        assert [session["sessionId"] for session in answer.json()] == [created["sessionId"]]


@pytest.mark.parametrize(
    ("path", "name"),
    [
        ("/qod/v0.9/epoch/sessions", "epoch"),
        ("/qod/v0.9/sessions/1", "flat"),
        ("/qod/v0/sessions", "webhook"),
        ("/epoch/qod/v0/sessions", "webhook_epoch"),
        ("/quality-on-demand/v1/sessions", None),
    ],
)
def test_dialect_is_told_by_path(path: str, name: str | None) -> None:
    match = dialect_of(path)
    assert (match.name if match else None) == name
