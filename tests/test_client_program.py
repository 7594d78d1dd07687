"""A client program that crashes, hangs or says something else is judged, whatever it does."""

import json
import sys
import textwrap
from pathlib import Path

import pytest

from pytest_nac_qod.cli import main
from pytest_nac_qod.foundation.exits import EXIT_BROKEN, EXIT_OK, EXIT_UNJUDGED, EXIT_USAGE
from pytest_nac_qod.reference import ReferenceServer
from pytest_nac_qod.sdk.cases import client_cases
from pytest_nac_qod.sdk.causes import causes
from pytest_nac_qod.sdk.protocol import Program, running
from pytest_nac_qod.sdk.running import CaseResult, bench

HELLO = {"name": "tiny", "version": "1", "positional": [], "calls": ["create"]}
SPEAKING = f"""
import json, sys
for line in sys.stdin:
    request = json.loads(line)
    if request["call"] == "start":
        print(json.dumps({{"id": request["id"], "result": {HELLO!r}}}), flush=True)
        continue
    CREATE
"""


def program(tmp_path: Path, create: str) -> tuple[str, ...]:
    path = tmp_path / "client.py"
    body = textwrap.indent(textwrap.dedent(create).strip(), "    ").strip()
    path.write_text(SPEAKING.replace("CREATE", body), encoding="utf-8")
    return (sys.executable, str(path))


def judged(command: tuple[str, ...], server: ReferenceServer, *cases: str) -> list[CaseResult]:
    with running(Program(command, 300)) as client, bench(server.target(), client) as workbench:
        return [workbench.run(client_cases()[case]) for case in cases or ("nac_client_create",)]


@pytest.mark.parametrize(
    ("create", "said"),
    [
        ("sys.exit('out of memory')", "ended with exit status 1 before it answered; it said: out of memory"),
        ("print('hello', flush=True)", "answered with a line that is not JSON: 'hello'"),
        ("print('[' * 100000, flush=True)", "answered with a line that is not JSON: '[[["),
        ("print('[]', flush=True)", "its answer is not a valid answer of the protocol: [] is not of type 'object'"),
        ("print(json.dumps({'id': 0, 'result': {}}), flush=True)", "answered request 0 when request 2 was asked"),
        (
            "print(json.dumps({'id': request['id'], 'result': 5}), flush=True)",
            "its answer is not a valid session of the protocol",
        ),
        ("sys.stdout.buffer.write(b'\\xff\\xfe\\n'); sys.stdout.flush()", "answered with a line that is not JSON"),
    ],
    ids=["crash", "text", "deep", "list", "other id", "no session", "bytes"],
)
def test_what_is_no_answer_is_a_failure(qod_server: ReferenceServer, tmp_path: Path, create: str, said: str) -> None:
    (result,) = judged(program(tmp_path, create), qod_server)
    assert result.verdict == "fail"
    (finding,) = result.findings
    assert said in finding.violation.actual
    assert '"call": "create"' in finding.again


def test_a_hang_is_a_failure(qod_server: ReferenceServer, tmp_path: Path) -> None:
    hanging = program(tmp_path, "import threading; threading.Event().wait()")
    with running(Program(hanging, 300)) as client, bench(qod_server.target(), client) as workbench:
        client.ask({"id": 0, "call": "start"})  # a start takes its time on a busy machine
        client.timeout = 2
        result = workbench.run(client_cases()["nac_client_create"])
    assert result.verdict == "fail"
    assert result.findings[0].violation.actual == "gave no answer within 2 s"


def test_a_program_that_ends_after_it_repeated_a_create_is_told_so(qod_server: ReferenceServer, tmp_path: Path) -> None:
    create = """
        import urllib.error, urllib.request
        for _ in range(2):
            try:
                urllib.request.urlopen(urllib.request.Request(base + "/quality-on-demand/v1/sessions", b"{}"))
            except urllib.error.HTTPError:
                pass
        sys.exit(1)
    """
    words = program(tmp_path, create)
    text = Path(words[1]).read_text("utf-8").replace("print(", "base = request['base_url']; print(", 1)
    Path(words[1]).write_text(text, encoding="utf-8")
    (result,) = judged(words, qod_server)
    assert [cause.title for cause in causes([result])] == ["a create is sent again"]
    assert result.findings[0].because[1:] == (
        "errors in answers do not reach the caller as documented",
        "the program ended with exit status … before it answered",
    )


def test_a_program_that_crashed_is_started_again(qod_server: ReferenceServer, tmp_path: Path) -> None:
    answer = "print(json.dumps({'id': request['id'], 'error': {'type': 'E', 'message': '400'}}), flush=True)"
    crash = f"if 'device_ports' in request['kwargs']: sys.exit(3)\n{answer}"
    cases = ("nac_client_device_ports", "nac_client_no_address")
    first, second = judged(program(tmp_path, crash), qod_server, *cases)
    assert first.findings[0].violation.actual == "ended with exit status 3 before it answered"
    assert second.verdict == "pass"


def test_one_that_never_starts_is_not_judged(qod_server: ReferenceServer) -> None:
    cases = ("nac_client_create", "nac_client_list")
    first, second = judged((sys.executable, "-c", ""), qod_server, *cases)
    assert first.verdict == "inconclusive"
    assert first.reason == "the client did not start: ended with exit status 0 before it answered"
    assert (second.verdict, second.reason) == ("inconclusive", "the client did not start")


def test_hello_is_held_to_the_schema(qod_server: ReferenceServer) -> None:
    hello = {"id": 1, "result": {"name": "tiny", "version": "1", "positional": ["colour"], "calls": ["create"]}}
    code = f"input(); print({json.dumps(hello)!r}, flush=True); input()"
    (result,) = judged((sys.executable, "-c", code), qod_server)
    assert result.verdict == "inconclusive"
    assert "its answer is not a valid hello of the protocol at $.positional[0]: 'colour'" in result.reason


def test_exit_status_tells_a_client_that_is_not_there_from_one_that_does_not_start() -> None:
    assert main(["client", "--command", f"{sys.executable} -c 0", "--case", "nac_client_create"]) == EXIT_UNJUDGED
    assert main(["client", "--command", "nac-qod-no-such-program"]) == EXIT_USAGE


def test_secrets_of_the_client_are_not_shown(qod_server: ReferenceServer, tmp_path: Path) -> None:
    leak = "sys.exit('key-of-the-client-cases was refused')"
    (result,) = judged(program(tmp_path, leak), qod_server)
    assert "<redacted:client.key> was refused" in result.findings[0].violation.actual


def test_command_shows_what_failed_and_how_to_see_it_again(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    answer = "print(json.dumps({'id': request['id'], 'source': 'make(it)', 'result': {'id': 'x'}}), flush=True)"
    command = " ".join(program(tmp_path, answer))
    status = main(["client", "--command", command, "--case", "nac_client_duration"])
    assert status == EXIT_BROKEN
    assert capsys.readouterr().out.splitlines() == [
        "FAIL  nac_client_duration  tiny 1",
        "      expected  the create is sent",
        "      actual    nothing was sent; returned {'id': 'x'}",
        "      clause    quality-on-demand#/components/schemas/CreateSession",
        "      again     make(it)",
        "tiny 1: 1 fail",
    ]


def test_known_failures_pass_and_stale_ones_break(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    answer = "print(json.dumps({'id': request['id'], 'error': {'type': 'E', 'message': '400'}}), flush=True)"
    command = " ".join(program(tmp_path, answer))
    known = tmp_path / "known.toml"
    entry = '[[known]]\nrule = "{}"\nrelease = "1"\nreason = "on our list"\n'
    known.write_text(entry.format("nac_client_duration"), encoding="utf-8")
    given = ["client", "--command", command, "--expectations", str(known)]
    assert main([*given, "--case", "nac_client_duration"]) == EXIT_OK
    assert "reason    on our list" in capsys.readouterr().out
    known.write_text(entry.format("nac_client_no_address"), encoding="utf-8")
    assert main([*given, "--case", "nac_client_no_address"]) == EXIT_BROKEN
    assert "STALE nac_client_no_address  tiny 1" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (["--sdk", "eight"], "--sdk eight: expected a released version such as 8.0.0, or npm:10.0.0 for Node"),
        (["--command", "x", "--case", "y"], "--case y: there is no such case; nac-qod client --list shows all"),
        (
            ["--command", "x", "--case", "nac_client_creat"],
            "--case nac_client_creat: there is no such case; did you mean nac_client_create or ",
        ),
        (["--command", "x", "--expectations", "/no/file"], "/no/file: cannot be read: No such file or directory"),
    ],
)
def test_unusable_options_get_one_clear_error(
    options: list[str], said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["client", *options]) == EXIT_USAGE
    assert capsys.readouterr().err.startswith(f"nac-qod: {said}")


def test_cases_and_protocol_can_be_listed(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["client", "--list"]) == EXIT_OK
    assert "nac_client_service_ipv6" in capsys.readouterr().out
    assert main(["client", "--protocol"]) == EXIT_OK
    assert "hello" in json.loads(capsys.readouterr().out)["$defs"]


@pytest.mark.parametrize("case", ["nac_client_create", "nac_client_get"])
def test_a_session_out_of_nowhere_is_told(case: str, qod_server: ReferenceServer, tmp_path: Path) -> None:
    code = "print(json.dumps({'id': request['id'], 'result': {'id': 'x'}}), flush=True)"
    words = program(tmp_path, code)
    path = Path(words[1])
    path.write_text(path.read_text("utf-8").replace("['create']", "['create', 'get']"), encoding="utf-8")
    (result,) = judged(words, qod_server, case)
    violation = result.findings[0].violation
    assert violation.expected == "a session that the target created"
    assert violation.actual == "no create was sent; returned {'id': 'x'}"
