"""The controls of the embedded server: for those who have its target file, and for nobody else."""

import json
from collections.abc import Iterator

import httpx
import pytest

from pytest_nac_qod.reference import ReferenceServer
from pytest_nac_qod.target import hooks

CONTROLS = tuple(hooks.ARGUMENTS)


@pytest.fixture(scope="module")
def server() -> Iterator[ReferenceServer]:
    with ReferenceServer() as running:
        yield running


@pytest.mark.parametrize("name", CONTROLS)
@pytest.mark.parametrize("key", ["", "?key=", "?key=guess", "?key=%00", "?key=%C3%A4", "?KEY={}", "/{}"])
def test_a_page_in_a_browser_cannot_call_it(server: ReferenceServer, name: str, key: str) -> None:
    sessions = dict(server.service.network.sessions)
    url = server.url + "/_control/" + name + key.format(server.control_key)
    simple = {"Content-Type": "text/plain", "Origin": "https://evil.example"}  # no preflight is asked for (CORS)
    answer = httpx.post(url, content=b'{"seconds": 5, "on": true}', headers=simple)
    assert answer.status_code in (403, 404)
    assert server.control_key not in answer.text
    assert server.service.network.sessions == sessions
    assert "access-control-allow-origin" not in answer.headers


def test_the_key_is_another_one_each_time_and_shown_nowhere(server: ReferenceServer) -> None:
    assert len(server.control_key) >= 32
    assert ReferenceServer().control_key != server.control_key
    assert server.control_key not in repr(server)
    for name, hook in server.target().hooks.items():
        assert hook.url == server.control_url(name)
        hooks_error = hooks.Hook(name, url=(hook.url or "").replace(server.control_key, "secret-of-another"))
        with pytest.raises(hooks.HookError) as caught:
            hooks.run(hooks_error, {}, timeout=60)
        assert "secret-of-another" not in str(caught.value)


NUMBERS: tuple[object, ...] = ("5", True, None, [], -1, 1e300, 10**400, 4e9)
KEYS: tuple[object, ...] = ([], {}, 1, None, "nobody", "")
SWITCHES: tuple[object, ...] = ("x", 1, None)
NAMES: tuple[object, ...] = ([], "", "getsession", None)
PEMS: tuple[object, ...] = ("", "x", 1, "-----BEGIN CERTIFICATE-----\n", "ä", None)
BAD: list[tuple[str, object]] = [
    ("advance_clock", {}),
    *(("advance_clock", {"seconds": seconds}) for seconds in NUMBERS),
    ("terminate_session", {}),
    *(("terminate_session", {"session_id": key}) for key in KEYS),
    *(("rate_limit", {"operation": "getSession", "on": on}) for on in SWITCHES),
    *(("rate_limit", {"operation": name, "on": True}) for name in NAMES),
    *(("trust_sink", {"pem": pem}) for pem in PEMS),
]


@pytest.mark.parametrize(("name", "arguments"), BAD)
def test_bad_arguments(server: ReferenceServer, name: str, arguments: object) -> None:
    answer = httpx.post(server.control_url(name), content=json.dumps(arguments))
    assert answer.status_code == 400
    assert 0 < len(answer.json()["error"]) < 500


@pytest.mark.parametrize("name", CONTROLS)
@pytest.mark.parametrize(
    "content",
    [b"", b"{", b"[]", b"7", b"null", b'"x"', b"\xff", b"[" * 100_000, b'{"seconds": NaN}', b'{"seconds": Infinity}'],
)
def test_bodies_that_are_no_arguments(server: ReferenceServer, name: str, content: bytes) -> None:
    takes_any = content.startswith(b'{"') and not hooks.ARGUMENTS[name]
    assert httpx.post(server.control_url(name), content=content).status_code == (204 if takes_any else 400)


def test_the_clock_goes_no_further_than_it_can(server: ReferenceServer) -> None:
    century = 100 * 366 * 86400
    for seconds, status in ((century - 10, 204), (10, 204), (1, 400), (0, 204)):
        answer = httpx.post(server.control_url("advance_clock"), json={"seconds": seconds})
        assert answer.status_code == status, answer.text
    answer = httpx.get(f"{server.base_url()}/sessions/none")
    assert (answer.status_code, answer.headers["date"].split()[3][:2]) == (401, "21")
    httpx.post(server.control_url("reset"), json={}).raise_for_status()
