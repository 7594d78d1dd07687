"""The protocol that clients under test speak, and a client program that is run with it."""

import json
import os
import queue
import shlex
import shutil
import signal
import subprocess
import threading
from collections import deque
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files
from typing import Protocol, cast

import jsonschema

from pytest_nac_qod.foundation.jsontypes import Json, JsonObject
from pytest_nac_qod.foundation.problems import reason
from pytest_nac_qod.sdk.problems import SdkError
from pytest_nac_qod.wire.transport.direct import direct_to_loopback

LONGEST_LINE = 1_000_000  # characters
_LAST_WORDS = 5  # lines of stderr
_AHEAD = 4  # lines of stdout that are kept until they are asked for


class ProgramError(Exception):
    """The client under test crashed, hung, or said what the protocol does not have; the message says which."""


class Driver(Protocol):
    """Anything that answers requests of the protocol."""

    def ask(self, request: JsonObject) -> JsonObject:
        """The answer to one request; raises ProgramError."""
        ...


@cache
def schema() -> JsonObject:
    """The JSON Schema (2020-12) of the protocol."""
    text = files(__package__).joinpath("protocol.schema.json").read_text(encoding="utf-8")
    return cast("JsonObject", json.loads(text))


@cache
def _validator(name: str) -> jsonschema.Draft202012Validator:
    return jsonschema.Draft202012Validator({**schema(), "$ref": f"#/$defs/{name}"})


def check(value: Json, name: str) -> None:
    """Return when the value is what the protocol calls `name`.

    Raises:
        ProgramError: it is not; says where and why.
    """
    error = jsonschema.exceptions.best_match(_validator(name).iter_errors(value))
    if error is not None:
        where = f" at {error.json_path}" if error.json_path != "$" else ""
        raise ProgramError(f"its answer is not a valid {name} of the protocol{where}: {error.message[:200]}")


@dataclass(slots=True)
class Program:
    """A client program, started when the first request comes, and again after it had to be ended.

    Attributes:
        command: as in a shell, without one; or words.
        timeout: seconds for each answer.
        environment: on top of ours.
    """

    command: str | tuple[str, ...]
    timeout: float = 30.0
    environment: Mapping[str, str] = field(default_factory=dict)
    _process: subprocess.Popen[str] | None = field(default=None, init=False)
    _lines: "queue.Queue[str | None]" = field(default_factory=lambda: queue.Queue(_AHEAD), init=False)
    _said: deque[str] = field(default_factory=lambda: deque(maxlen=_LAST_WORDS), init=False)

    @property
    def running(self) -> bool:
        """Whether it was started and has not been ended."""
        return self._process is not None

    def ask(self, request: JsonObject) -> JsonObject:
        """The answer to one request.

        Raises:
            ProgramError: it ended, took too long, or answered with something else; it is ended.
            SdkError: there is no such program.
        """
        try:
            return self._ask(request)
        except ProgramError:
            self.end()
            raise

    def end(self) -> None:
        """End it and what it started; it may have a moment to leave by itself."""
        process, self._process = self._process, None
        if process is None:
            return
        with suppress(OSError):
            if process.stdin:
                process.stdin.close()
        with suppress(subprocess.TimeoutExpired):
            process.wait(0.5)
        with suppress(ProcessLookupError, PermissionError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()
        with suppress(queue.Empty):  # what it said and nobody asked for
            while self._lines.get(timeout=1) is not None:
                pass

    def _ask(self, request: JsonObject) -> JsonObject:
        process = self._process or self._start()
        try:
            assert process.stdin is not None  # noqa: S101 - it is a pipe
            process.stdin.write(json.dumps(request) + "\n")
            process.stdin.flush()
            line = self._lines.get(timeout=self.timeout)
        except BrokenPipeError:
            line = None
        except queue.Empty:
            raise ProgramError(f"gave no answer within {self.timeout:g} s{self._last_words()}") from None
        if line is None:
            raise ProgramError(f"{_ended(process)} before it answered{self._last_words()}")
        return _answer(line, request["id"])

    def _start(self) -> subprocess.Popen[str]:
        words = _words(self.command)
        self._lines, self._said = queue.Queue(_AHEAD), deque(maxlen=_LAST_WORDS)
        try:
            process = subprocess.Popen(  # noqa: S603 - the user named the program
                words,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                text=True,
                encoding="utf-8",
                errors="replace",
                env={**os.environ, **direct_to_loopback(), **self.environment},
                start_new_session=True,
            )
        except (OSError, ValueError) as error:  # ValueError: a null character
            why = reason(error) if isinstance(error, OSError) else "no name of a file"
            raise SdkError(f"--command: {words[0]} cannot be run: {why}; give a program that exists") from None
        self._process = process
        threading.Thread(target=_pump, args=(process, self._lines), daemon=True).start()
        threading.Thread(target=_listen, args=(process, self._said), daemon=True).start()
        return process

    def _last_words(self) -> str:
        return f"; it said: {' | '.join(self._said)}" if self._said else ""


def _ended(process: "subprocess.Popen[str]") -> str:
    """How a program came to say nothing more."""
    try:
        return f"ended with exit status {process.wait(1)}"
    except subprocess.TimeoutExpired:
        return "closed its output"


def _words(command: str | tuple[str, ...]) -> list[str]:
    try:
        words = shlex.split(command) if isinstance(command, str) else list(command)
    except ValueError as error:
        raise SdkError(f"--command: {command}: {error}; quote it as in a shell") from None
    if not words:
        raise SdkError("--command: is empty; give a program")
    return words


def check_startable(command: str | tuple[str, ...]) -> None:
    """Return when there is such a program.

    Raises:
        SdkError: there is none.
    """
    words = _words(command)
    if shutil.which(words[0]) is None:
        raise SdkError(f"--command: {words[0]} cannot be run: no such program; give one that exists")


def _pump(process: subprocess.Popen[str], lines: "queue.Queue[str | None]") -> None:
    if process.stdout:
        with suppress(ValueError), process.stdout as stream:
            while line := stream.readline(LONGEST_LINE):
                lines.put(line)
    lines.put(None)


def _listen(process: subprocess.Popen[str], said: deque[str]) -> None:
    if process.stderr:
        with suppress(ValueError), process.stderr as stream:
            while line := stream.readline(LONGEST_LINE):
                said.append(line.rstrip()[:200])


def _answer(line: str, number: Json) -> JsonObject:
    try:
        answer = json.loads(line)
    except (ValueError, RecursionError):
        raise ProgramError(f"answered with a line that is not JSON: {line.strip()[:200]!r}") from None
    check(answer, "answer")
    if answer["id"] != number:
        raise ProgramError(f"answered request {answer['id']} when request {number} was asked")
    return cast("JsonObject", answer)


@contextmanager
def running(program: Program) -> Iterator[Program]:
    """The program, ended at the end."""
    try:
        yield program
    finally:
        program.end()
