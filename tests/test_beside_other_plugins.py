"""The fixtures beside plugins that mock HTTP, stop the time or forbid sockets, in another repo."""

import os
import sys

import pytest

from tests.support.commands import run as alone

OTHERS = ("-p", "pytest_httpx", "-p", "respx", "-p", "socket", "-p", "time_machine")  # all that is there takes longer
LIFE = """
import httpx
import pytest


def life(qod_client, qod_device, qod_profiles, qod_server, qod_sink):
    place = qod_sink.subscribe()
    answer = qod_client.create_session(
        qod_profiles["default"].name, {"ipv4Address": "198.51.100.1"}, duration=600, device=qod_device, sink=place.url
    )
    assert answer.status == 201
    assert isinstance(answer.response, httpx.Response)
    assert place.wait(lambda events: len(events) == 1, timeout=120)
    session = qod_client.get_session(answer.body["sessionId"]).body
    assert session["qosStatus"] == "AVAILABLE"
    qod_server.clock.advance(700)
    assert qod_client.get_session(session["sessionId"]).body["statusInfo"] == "DURATION_EXPIRED"
    assert place.wait(lambda events: len(events) == 2, timeout=120)
    return session
"""
FIXTURES = "qod_client, qod_device, qod_profiles, qod_server, qod_sink"
MOCKED = {
    "pytest-httpx first": f"def test_made(httpx_mock, {FIXTURES}):\n    life({FIXTURES})",
    "pytest-httpx last": f"def test_made({FIXTURES}, httpx_mock):\n    life({FIXTURES})",
    "respx first": f"def test_made(respx_mock, {FIXTURES}):\n    life({FIXTURES})",
    "respx last": f"def test_made({FIXTURES}, respx_mock):\n    life({FIXTURES})",
    "respx over httpx": f'import respx\n@respx.mock(using="httpx")\ndef test_made({FIXTURES}):\n    life({FIXTURES})',
}
STOPPED = {
    "freezegun first": f"""
import freezegun

@pytest.fixture
def frozen():
    with freezegun.freeze_time("2030-01-01"):
        yield

def test_made(frozen, {FIXTURES}):
    assert life({FIXTURES})["startedAt"].startswith("2030-01-01")
""",
    "freezegun last": f"""
import freezegun

@freezegun.freeze_time("2030-01-01")
def test_made({FIXTURES}):
    assert life({FIXTURES})["startedAt"].startswith("2030-01-01")
""",
    "time-machine": f"""
import time_machine

@time_machine.travel("2035-01-01", tick=False)
def test_made({FIXTURES}):
    assert life({FIXTURES})["startedAt"].startswith("2035-01-01")
""",
    "time-machine into the past": f"""
import time_machine

@time_machine.travel("2005-01-01")
def test_made({FIXTURES}):
    assert life({FIXTURES})["startedAt"].startswith("2005-01-01")
""",
}


def run(pytester: pytest.Pytester, *arguments: str) -> pytest.RunResult:
    """pytest with the plugin and those that it has to get on with, in a process of its own."""
    return alone(pytester, *OTHERS, *arguments)


@pytest.mark.parametrize("cases", [MOCKED, STOPPED], ids=["mocked", "stopped"])
def test_the_fixtures_work_while_calls_are_mocked_or_the_time_stands_still(
    pytester: pytest.Pytester, cases: dict[str, str]
) -> None:
    for name, text in cases.items():
        pytester.makepyfile(**{f"test_{name.replace(' ', '_').replace('-', '_')}": LIFE + "\n\n" + text})
    run(pytester).assert_outcomes(passed=len(cases))


@pytest.mark.usefixtures("other_plugins")
def test_it_works_beside_all_that_are_installed(pytester: pytest.Pytester) -> None:
    pytester.makepyfile(f"{LIFE}\n\ndef test_made({FIXTURES}):\n    life({FIXTURES})")
    alone(pytester).assert_outcomes(passed=1)


@pytest.mark.usefixtures("other_plugins")
@pytest.mark.parametrize("words", [(), ("--", "-q")])
def test_the_command_loads_other_plugins_only_when_words_go_to_pytest(
    pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch, words: tuple[str, ...]
) -> None:
    folder = pytester.mkdir("other-1.dist-info")
    (folder / "METADATA").write_text("Metadata-Version: 2.1\nName: other\nVersion: 1\n", encoding="utf-8")
    (folder / "entry_points.txt").write_text("[pytest11]\nother = other_plugin\n", encoding="utf-8")
    pytester.makepyfile(other_plugin="def pytest_configure():\n    print('other plugin is here')")
    monkeypatch.setenv("PYTHONPATH", str(pytester.path), prepend=os.pathsep)
    command = ("-m", "pytest_nac_qod", "check", "--api", "qos-profiles", "--scenario", "*404*", *words)
    done = pytester.run(sys.executable, *command)
    assert done.ret == 0
    assert ("other plugin is here" in done.outlines) is bool(words)


def test_calls_of_the_application_still_are(pytester: pytest.Pytester) -> None:
    pytester.makepyfile("""
import httpx


def test_made(httpx_mock, qod_client, qod_device):
    httpx_mock.add_response(url="http://elsewhere.example/", text="mocked")
    assert httpx.get("http://elsewhere.example/").text == "mocked"
    assert qod_client.retrieve_sessions(qod_device).body == []
    assert len(httpx_mock.get_requests()) == 1
""")
    run(pytester).assert_outcomes(passed=1)


def test_time_that_a_test_moves_ends_sessions(pytester: pytest.Pytester) -> None:
    pytester.makepyfile("""
import freezegun


def test_made(qod_client, qod_device, qod_profiles, qod_server, qod_sink):
    with freezegun.freeze_time("2030-01-01") as frozen:
        place = qod_sink.subscribe()
        name, server = qod_profiles["default"].name, {"ipv4Address": "198.51.100.1"}
        made = qod_client.create_session(name, server, duration=600, device=qod_device, sink=place.url)
        assert place.wait(lambda events: len(events) == 1, timeout=120)
        frozen.tick(700)
        found = qod_client.get_session(made.body["sessionId"]).body
        assert found["statusInfo"] == "DURATION_EXPIRED"
""")
    run(pytester).assert_outcomes(passed=1)


def test_where_sockets_are_forbidden_the_message_names_the_setting(pytester: pytest.Pytester) -> None:
    pytester.makepyfile("def test_made(qod_client, qod_device):\n    qod_client.retrieve_sessions(qod_device)")
    result = run(pytester, "--disable-socket")
    result.assert_outcomes(errors=1)
    result.stdout.fnmatch_lines(["*Servers on loopback need --allow-hosts=127.0.0.1 (pytest-socket)"])
    run(pytester, "--disable-socket", "--allow-hosts=127.0.0.1").assert_outcomes(passed=1)
