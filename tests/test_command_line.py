"""What is wrong with a command line takes one line and exit status 2, whatever it is."""

import os
import socket
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from pytest_nac_qod.cli import main
from pytest_nac_qod.commands.reference import faults
from pytest_nac_qod.reference import ReferenceServer
from pytest_nac_qod.report.terminal import last_resort
from pytest_nac_qod.target.file import render_target

SECRET = "t0p-s3cret-t0ken"
NAC_QOD = [sys.executable, "-m", "pytest_nac_qod"]
Said = Callable[..., str]


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The current folder, with what commands may be pointed at by mistake."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("QOD_TOKEN", raising=False)
    Path("file").write_text("no JSON", encoding="utf-8")
    Path("empty").touch()
    Path("bytes").write_bytes(b"\xff\xfe\x00")
    Path("folder").mkdir()
    Path("report").mkdir()
    Path("report/results.json").mkdir()
    Path("target.toml").write_text(render_target(ReferenceServer().target()), encoding="utf-8")
    return tmp_path


@pytest.fixture
def refused(capfd: pytest.CaptureFixture[str]) -> Said:
    """Runs a command that has to be refused; returns the one line that it says."""

    def run(*words: str) -> str:
        try:
            status = main(list(words))
        except SystemExit as ended:
            status = int(ended.code or 0)
        printed = capfd.readouterr()
        assert (status, printed.out) == (2, ""), printed
        line = printed.err.removesuffix("\n\n" if printed.err.startswith("ERROR") else "\n")
        assert "\n" not in line, printed.err
        return line

    return run


PORT = "expected a port from 0 to 65535, got"
NO_JSON = "not valid JSON: Expecting value: line 1 column 1 (char 0); run the check again"


@pytest.mark.parametrize(
    ("words", "line"),
    [
        (["serve", "--port", "99999"], f"nac-qod serve: argument --port: {PORT} '99999'; see nac-qod serve --help"),
        (["serve", "--port=-1"], f"nac-qod serve: argument --port: {PORT} '-1'; see nac-qod serve --help"),
        (["serve", "--port", "abc"], f"nac-qod serve: argument --port: {PORT} 'abc'; see nac-qod serve --help"),
        (["serve", "--port", "9" * 5000], f"nac-qod serve: argument --port: {PORT} '{'9' * 150}"),
        (["serve", "--host", "192.0.2.1"], "nac-qod: cannot listen on 192.0.2.1:9091: Cannot assign requested address"),
        (["serve", "--host", "a" * 70], f"nac-qod: cannot listen on {'a' * 70}:9091: "),
        (["serve", "--write-target", "none/t.toml"], "nac-qod: --write-target: none/t.toml: there is no folder none"),
        (["serve", "--write-target", "folder"], "nac-qod: --write-target: folder: a folder; give the name of a file"),
        (["init", "target.toml"], "nac-qod: target.toml: already exists; give another name, or move it away"),
        (["init", "none/t.toml"], "nac-qod: none/t.toml: cannot be written: No such file or directory"),
        (["init", "file/t.toml"], "nac-qod: file/t.toml: cannot be written: Not a directory"),
        (["cleanup", "--target", "target.toml"], "nac-qod: nac-qod-ledger.jsonl: no such ledger; give the one in the"),
        (["cleanup", "--target", "target.toml", "--ledger", "folder"], "nac-qod: folder: cannot be read: Is a direct"),
        (["cleanup", "--target", "none.toml"], "nac-qod: none.toml: no such file; nac-qod init none.toml writes one"),
        (["report", "none.json"], "nac-qod: none.json: no such file; nac-qod check --report . writes it"),
        (["report", "file"], f"nac-qod: file: {NO_JSON}"),
        (["report", "empty"], f"nac-qod: empty: {NO_JSON}"),
        (["report", "bytes"], "nac-qod: bytes: not valid JSON: 'utf-8' codec can't decode byte 0xff in position 0"),
        (["report", "report"], "nac-qod: report/results.json: cannot be read: Is a directory"),
        (["report", "file", "--output", "file"], "nac-qod: --output: "),
        (["report", "file", "--sign", "none.pem"], "nac-qod: none.pem: cannot be read: No such file or directory"),
        (["verify", "none"], "nac-qod: none: no such folder; give the one that --report named"),
        (["verify", "folder", "--key", "none.pem"], "nac-qod: none.pem: cannot be read: No such file or directory"),
        (["verify", "folder", "--key", "file"], "nac-qod: file: no public key in PEM; make one with openssl pkey"),
        (["verify", "report"], "nac-qod: report/results.json: Is a directory"),
        (["compare", "empty", "file"], f"nac-qod: empty: {NO_JSON}"),
        (["compare", "folder", "file"], "nac-qod: folder/results.json: no such file; nac-qod check --report folder"),
        (["expectations", "--from", "file"], f"nac-qod: file: {NO_JSON}"),
        (["expectations", "--from", "file", "-o", "folder"], "nac-qod: --output: folder: a folder; give the name of"),
        (["client", "--command", "none-such x"], "nac-qod: --command: none-such cannot be run: no such program; give"),
        (["client", "--command", "a 'b"], "nac-qod: --command: a 'b: No closing quotation; quote it as in a shell"),
        (["client", "--command", ""], "nac-qod: --command is empty; give a value, or leave it out"),
        (["client", "--command", " "], "nac-qod: --command: is empty; give a program"),
        (["load", "--web", "70000"], f"nac-qod load: argument --web: {PORT} '70000'; see nac-qod load --help"),
        (["client", "--expectations", "folder"], "nac-qod: folder: cannot be read: Is a directory"),
        (["contract", "diff", "folder", "file"], "nac-qod: folder: cannot be read as UTF-8 text: [Errno 21] Is a dir"),
        (["check", "--release", "r9"], "ERROR: --release: unknown release 'r9'; known: r1.3"),
        (["check", "--release", "r" * 100_000], f"ERROR: --release: unknown release '{'r' * 150}"),
        (["check", "--report", "file"], "ERROR: --report: "),
        (["check", "--report", "x" * 5_000], f"ERROR: --report: {'x' * 150}"),
        (["check", "--contract", "x" * 5_000], f"ERROR: {'x' * 150}"),
        (["check", "--report", "file/report"], "ERROR: --report: "),
        (["check", "--resume", "folder"], "ERROR: --resume: folder/results.jsonl: cannot be read: No such file"),
        (["check", "--expectations", "folder"], "ERROR: folder: cannot be read: Is a directory"),
        (["check", "--sign", "none.pem", "--report", "r"], "ERROR: --sign: none.pem: cannot be read: No such file"),
        (["check", "--url", "http://h:99999", "--token", SECRET], "ERROR: --url: no address that can be called"),
        (["check", "--url", "http://...", "--token", SECRET], "ERROR: --url: no address that can be called; check"),
        (["check", "--url", "http://a..b", "--token", SECRET], "ERROR: --url: no address that can be called; check"),
        (["check", "--url", "http://h/?x", "--token", SECRET], "ERROR: --url: has a query, and paths are added to it"),
        (["check", "--url", "http://h/#x", "--token", SECRET], "ERROR: --url: has a fragment, and paths are added to"),
        (["check", "--url", "", "--token", SECRET], "nac-qod: --url is empty; give a value, or leave it out; see"),
        (["check", "--target", "target.toml", "--sink-url", "http://h"], "ERROR: --sink-url: expected an address with"),
        (["check", "--target", "target.toml", "--sink-url", "https://[::1"], "ERROR: --sink-url: no address that can"),
        (["check", "--target="], "nac-qod: --target is empty; give a value, or leave it out; see nac-qod --help"),
        (["explain", ""], "nac-qod: an argument is empty; give a value, or leave it out; see nac-qod --help"),
        (["check", "--url", "http://h\n", "--token", SECRET], "ERROR: --url: has the control character U+000A in it"),
        (["check", "--url", "http://h", "--token", f"{SECRET}\n"], "ERROR: --token: ends with a line break; take it"),
        (["preflight", "--url", "http://h", "--token", f"a\x1b{SECRET}"], "nac-qod: --token: has the control characte"),
        (["faults", "--zzz"], "nac-qod faults: unrecognized arguments: --zzz; see nac-qod faults --help"),
        (["faults", "--runn"], "nac-qod faults: unrecognized arguments: --runn; did you mean --run?; see nac-qod"),
        (["check", "--relase=r3.2"], "nac-qod check: unrecognized arguments: --relase=r3.2; did you mean --release?; "),
        (["chek"], "nac-qod: COMMAND: there is no chek; did you mean check?; see nac-qod --help"),
        (["zzz"], "nac-qod: COMMAND: there is no zzz; there are check, judge, proxy"),
        (["schema", "targt"], "nac-qod schema: target|results|expectations: there is no targt; did you mean target?"),
        (["contract", "sho"], "nac-qod contract: show|diff: there is no sho; did you mean show?"),
        (["serve", "--fault", "conflict_ignord"], "nac-qod: unknown fault 'conflict_ignord'; did you mean conflict_ig"),
        (["explain", "conflct"], "nac-qod: nothing has the id 'conflct'; did you mean conflict"),
    ],
)  # fmt: skip
def test_one_line_says_what_is_wrong(refused: Said, words: list[str], line: str) -> None:
    said = refused(*words)
    assert said.startswith(line)
    assert len(said) < 500
    assert SECRET not in said
    assert not Path("none").exists()


def test_a_taken_port_is_named(refused: Said) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        said = f"nac-qod: cannot listen on 127.0.0.1:{port}: Address already in use; give another host or port"
        assert refused("serve", "--port", str(port)) == said


@pytest.mark.parametrize("command", ["check", "preflight"])
@pytest.mark.parametrize(
    ("value", "problem"),
    [
        (f"{SECRET}\n", 'ends with a line break; take it off, as "$(cat FILE)" in a shell does'),
        (f"{SECRET}\r\n", 'ends with a line break; take it off, as "$(cat FILE)" in a shell does'),
        (f"{SECRET}\nx", "has the control character U+000A in it; give it without"),
        (f"{SECRET}\x7f", "has the control character U+007F in it; give it without"),
        (f" {SECRET}", "begins or ends with a space; take it off"),
        (
            f"{SECRET}\N{LATIN SMALL LETTER E WITH ACUTE}",
            "has U+00E9 in it, which no header can carry; give it in ASCII",
        ),
    ],
)
def test_a_token_that_no_header_can_carry_is_refused(
    refused: Said, monkeypatch: pytest.MonkeyPatch, command: str, value: str, problem: str
) -> None:
    monkeypatch.setenv("QOD_TOKEN", value)
    prefix = "ERROR" if command == "check" else "nac-qod"
    assert refused(command, "--url", "http://127.0.0.1:1") == f"{prefix}: QOD_TOKEN: {problem}"


def test_an_unexpected_error_is_one_line_without_secrets(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(_: object) -> int:
        raise KeyError(f"{SECRET}\x1b[2J")

    monkeypatch.setenv("QOD_TOKEN", SECRET)
    monkeypatch.setattr(faults, "run", broken)
    assert main(["faults"]) == 3
    line = capsys.readouterr().err
    assert line.startswith("nac-qod: internal error: KeyError: '<redacted:env.QOD_TOKEN>")
    assert line.endswith("NAC_QOD_DEBUG=1 shows more\n")
    assert line.count("\n") == 1
    monkeypatch.setenv("NAC_QOD_DEBUG", "1")
    main(["faults"])
    traceback = capsys.readouterr().err
    assert "Traceback" in traceback
    assert SECRET not in traceback


def test_errors_of_threads_and_hooks_are_redacted(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("QOD_TOKEN", SECRET)
    before = sys.excepthook
    with last_resort.installed():
        error = ValueError(SECRET)
        sys.excepthook(ValueError, error, None)
    assert sys.excepthook is before
    assert capsys.readouterr().err == (
        "nac-qod: internal error: ValueError: <redacted:env.QOD_TOKEN>; NAC_QOD_DEBUG=1 shows more\n"
    )


def test_pytest_prints_no_secret_of_an_internal_error(
    pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("QOD_TOKEN", SECRET)
    pytester.makeconftest("import os\ndef pytest_runtest_protocol(): raise KeyError(os.environ['QOD_TOKEN'])")
    pytester.makepyfile("def test_nothing(): pass")
    done = pytester.runpytest_inprocess("-p", "no:randomly")
    done.stdout.fnmatch_lines(["INTERNALERROR>*<redacted:env.QOD_TOKEN>*"])
    assert SECRET not in done.stdout.str() + done.stderr.str()


@pytest.mark.parametrize("words", [["faults"], ["--help"], ["check", "--list"], ["contract", "show"]])
def test_a_closed_pipe_is_no_error(words: list[str]) -> None:
    reading, writing = os.pipe()
    os.close(reading)
    with os.fdopen(writing, "wb") as pipe:
        done = subprocess.run([*NAC_QOD, *words], stdout=pipe, stderr=subprocess.PIPE, check=False, timeout=300)
    assert (done.returncode, done.stderr) == (0, b"")


def test_a_judgement_that_nobody_read_is_no_success() -> None:
    reading, writing = os.pipe()
    os.close(reading)
    with os.fdopen(writing, "wb") as pipe:
        command = [*NAC_QOD, "preflight", "--target", "target.toml"]
        done = subprocess.run(command, stdout=pipe, stderr=subprocess.PIPE, check=False, timeout=300)
    assert (done.returncode, done.stderr) == (141, b"")


def test_a_terminal_without_unicode_gets_escapes() -> None:
    environment = os.environ | {"PYTHONIOENCODING": "ascii"}
    done = subprocess.run(
        [*NAC_QOD, "report", "r\N{LATIN SMALL LETTER E WITH ACUTE}"],
        capture_output=True, env=environment, check=False, timeout=300,
    )  # fmt: skip
    assert (done.returncode, done.stdout) == (2, b"")
    assert done.stderr == b"nac-qod: r\\xe9: no such file; nac-qod check --report r\\xe9 writes it\n"


def test_what_a_client_says_steers_no_terminal(capsys: pytest.CaptureFixture[str]) -> None:
    answer = r'{"id": %d, "error": {"type": "E", "message": "\ud800\u001b[2J\u202e"}}'
    Path("client.py").write_text(
        f"import json, sys\nfor line in sys.stdin:\n    print({answer!r} % json.loads(line)['id'], flush=True)\n",
        encoding="utf-8",
    )
    assert main(["client", "--command", f"{sys.executable} client.py", "--case", "nac_client_create"]) == 3
    printed = capsys.readouterr().out
    assert "the client did not start: E: \\ud800\\x1b[2J\\u202e" in printed


def test_help_loads_nothing_that_takes_long() -> None:
    heavy = "pytest", "httpx", "jsonschema", "starlette", "uvicorn", "yaml", "jinja2", "importlib.metadata", "asyncio"
    program = (
        "import sys\nfrom pytest_nac_qod.cli import main\nsys.argv[1:] = ['--help']\n"
        "try:\n    main()\nexcept SystemExit:\n    pass\n"
        f"print([name for name in {heavy} if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True, timeout=300)
    assert done.stdout.splitlines()[-1] == "[]"


def test_httpx_comes_without_a_command_of_its_own() -> None:
    program = (
        "import sys\nfrom pytest_nac_qod.cli import main\nmain(['explain', 'pass'])\nimport httpx\n"
        "print([name for name in ('rich', 'httpx._main') if sys.modules.get(name)])"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True, timeout=300)
    assert done.stdout.splitlines()[-1] == "[]"
