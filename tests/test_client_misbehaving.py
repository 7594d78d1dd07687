"""Thirty ways for a client program to misbehave: each ends with a verdict, in bounded time and memory."""

import json
import resource
import sys
import textwrap
import time
from pathlib import Path

import pytest

from pytest_nac_qod.cli import main
from pytest_nac_qod.foundation.exits import EXIT_BROKEN, EXIT_UNJUDGED

HELLO = {"name": "tiny", "version": "1", "positional": [], "calls": ["create"]}
# CREATE is what it does when a session is to be created; START what it does first of all
PROGRAM = f"""
import base64, json, os, signal, subprocess, sys, threading, time
out = sys.stdout
def say(text):
    out.write(text + "\\n"); out.flush()
def raw(data):
    out.buffer.write(data); out.flush()
def answer(**parts):
    say(json.dumps({{"id": request["id"], **parts}}))
def forever():
    threading.Event().wait()
START
for line in sys.stdin:
    request = json.loads(line)
    if request["call"] == "start":
        answer(result={HELLO!r})
        continue
    CREATE
"""
CREATE = {
    "exit": "sys.exit(3)",
    "killed": "os.kill(os.getpid(), signal.SIGKILL)",
    "traceback": "raise RuntimeError('broken')",
    "hang": "forever()",
    "hang deaf to signals": "signal.signal(signal.SIGTERM, signal.SIG_IGN); forever()",
    "closed output": "os.close(1); forever()",
    "closed input": "os.close(0); forever()",
    "half a line": 'raw(b\'{"id": 2, "res\'); sys.exit(0)',
    "half a line, then silence": 'raw(b\'{"id": 2, "res\'); forever()',
    "text": "say('Creating the session...')",
    "binary": "raw(bytes(range(256)) + b'\\n')",
    "not UTF-8": "raw(b'\"\\xff\\xfe\"\\n')",
    "null characters": "raw(b'\\x00' * 1000 + b'\\n')",
    "deep": "say('[' * 200_000)",
    "wide": "answer(result={'id': 'x', **{str(n): n for n in range(100_000)}})",
    "endless line": "\n    while True: raw(b'x' * 65536)",
    "endless lines": "\n    while True: say('{}')",
    "endless stderr": "\n    while True: sys.stderr.write('x' * 65536)",
    "great number": 'say(\'{"id": 2, "result": {"id": "x", "duration": 1\' + \'0\' * 100_000 + \'}}\')',
    "not a number": 'say(\'{"id": 2, "result": {"id": "x", "duration": NaN}}\')',
    "lone surrogate": 'say(\'{"id": 2, "error": {"type": "E", "message": "\\\\ud800"}}\')',
    "terminal escapes": "answer(error={'type': 'E\\x1b[2J', 'message': '\\x1b]0;owned\\x07\\r\\x9b31m'})",
    "line breaks": "answer(error={'type': 'E', 'message': 'a\\nPASS  nac_client_create  tiny 1\\u2028b'})",
    "markup": "answer(error={'type': '<script>', 'message': '</script><script>alert(1)</script>'})",
    "other id": "say(json.dumps({'id': 99, 'result': {'id': 'x'}}))",
    "no id": 'say(\'{"result": {"id": "x"}}\')',
    "answer twice": "answer(result={'id': 'x'}); answer(result={'id': 'x'})",
    "result and error": "answer(result={'id': 'x'}, error={'type': 'E', 'message': ''})",
    "id of a path": "answer(result={'id': '../../secret?x#y'})",
    "list instead of a session": "answer(result=[{'id': 'x'}])",
    "children that stay": "subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(3600)']); sys.exit(1)",
    "long message": "answer(error={'type': 'E', 'message': 'x' * 900_000})",
}
START = {
    "exit at once": "sys.exit(0)",
    "hang at once": "forever()",
    "greeting": "say('Welcome!')",
    "endless greeting": "\nwhile True: say('Welcome!')",
}


def program(folder: Path, create: str = "answer(result={'id': 'x'})", start: str = "") -> str:
    path = folder / "client.py"
    text = PROGRAM.replace("START", textwrap.dedent(start), 1).replace(
        "CREATE", create.replace("\n    ", "\n        "), 1
    )
    path.write_text(text, encoding="utf-8")
    return f"{sys.executable} {path}"


def judged(words: str, capsys: pytest.CaptureFixture[str]) -> tuple[int, str]:
    """Exit status and output of one case; no more than so much memory and time is used on it."""
    before, began = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss, time.process_time()
    status = main(["client", "--command", words, "--case", "nac_client_create", "--timeout", "3"])
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 300_000  # kilobytes
    assert time.process_time() - began < 60
    captured = capsys.readouterr()
    assert "Traceback" not in captured.err
    assert "pytest_nac_qod" not in captured.out
    return status, captured.out


@pytest.mark.slow
@pytest.mark.parametrize("way", CREATE)
def test_it_fails(way: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    status, output = judged(program(tmp_path, CREATE[way]), capsys)
    assert status == EXIT_BROKEN
    lines = output.splitlines()
    assert lines[0] == "FAIL  nac_client_create  tiny 1"
    assert lines[-1] == "tiny 1: 1 fail"
    assert all(character.isprintable() for line in lines for character in line)
    assert len(output) < 5000


@pytest.mark.slow
@pytest.mark.parametrize("way", START)
def test_it_does_not_start(way: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    status, output = judged(program(tmp_path, start=START[way]), capsys)
    assert status == EXIT_UNJUDGED
    assert output.splitlines()[-1] == "client: 1 inconclusive"
    assert len(output) < 5000


@pytest.mark.parametrize("way", ["endless line", "lone surrogate"])
def test_one_of_each_kind(way: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    status, output = judged(program(tmp_path, CREATE[way]), capsys)
    assert status == EXIT_BROKEN
    assert output.splitlines()[-1] == "tiny 1: 1 fail"


def test_there_are_thirty() -> None:
    assert len(CREATE) + len(START) >= 30
    assert json.dumps(HELLO)
