"""The embedded server under load: creations, readings, extensions and deletions beside many live sessions.

python -m bench.throughput [SESSIONS]

Raw sockets send, since a client of more comfort takes longer than the server; several at once, so that the server need
not wait for them. The last line is by the processor time of the server, the best of some rounds, which a busy machine
stretches least.
"""

import json
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

import httpx

from bench.proxy import processor
from pytest_nac_qod.target import Target
from pytest_nac_qod.target.file import load_target

SESSIONS, ROUNDS, CALLERS = 10_000, 10, 4
_EACH = 50  # times that a caller goes through its steps in a round
_API = "quality-on-demand"


@dataclass(slots=True)
class Caller:
    """One connection to the server."""

    target: Target
    token: str
    number: int = 0  # of its last session; those of one caller are CALLERS apart
    wrong: int = 0
    keys: list[str] = field(default_factory=list)
    _sock: socket.socket = field(init=False)
    _path: str = field(init=False)

    def __post_init__(self) -> None:
        address = urlsplit(self.target.apis[_API])
        self._path = address.path
        self._sock = socket.create_connection((address.hostname or "", address.port or 80))

    def call(self, method: str, path: str, wanted: int, body: object = None) -> bytes:
        """Send a request and read the answer, whose status has to be the wanted one."""
        content = b"" if body is None else json.dumps(body).encode()
        head = (
            f"{method} {self._path}{path} HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {self.token}\r\n"
            f"Content-Type: application/json\r\nContent-Length: {len(content)}\r\n\r\n"
        )
        self._sock.sendall(head.encode() + content)
        told = b""
        while b"\r\n\r\n" not in told:
            told += self._sock.recv(65_536)
        headers, _, rest = told.partition(b"\r\n\r\n")
        length = next(
            (int(line[15:]) for line in headers.split(b"\r\n") if line.lower().startswith(b"content-length")), 0
        )
        while len(rest) < length:
            rest += self._sock.recv(65_536)
        self.wrong += int(headers[9:12]) != wanted
        return rest

    def create(self) -> None:
        """Create a session with a flow of its own."""
        self.number += CALLERS
        devices = [self.target.devices["default"], *self.target.pool]
        high, low = divmod(self.number // len(devices), 60_000)
        body = {
            "device": devices[self.number % len(devices)],
            "applicationServer": {"ipv4Address": f"198.51.100.{1 + high}"},
            "applicationServerPorts": {"ports": [1024 + low]},
            "qosProfile": self.target.profiles["default"].name,
            "duration": 86_400,
        }
        self.keys.append(json.loads(self.call("POST", "/sessions", 201, body))["sessionId"])

    def read(self) -> None:
        """Read the oldest session."""
        self.call("GET", f"/sessions/{self.keys[0]}", 200)

    def extend(self) -> None:
        """Make the oldest session longer, which is at its maximum already."""
        self.call("POST", f"/sessions/{self.keys[0]}/extend", 200, {"requestedAdditionalDuration": 1})

    def delete(self) -> None:
        """Delete the newest session."""
        self.call("DELETE", f"/sessions/{self.keys.pop()}", 204)

    def mixed(self) -> None:
        """What an application does, with twice as much reading."""
        for step in (self.create, self.read, self.read, self.extend, self.delete):
            step()


def measured(pid: int, steps: Sequence[Callable[[], None]], requests: int) -> tuple[float, float]:
    """Requests for each second, and for each second of the server's processor time.

    Args:
        pid: of the server.
        steps: that are carried out at once, by a caller each, again and again.
        requests: that one step sends.
    """
    begin, before = time.perf_counter(), processor(pid)
    with ThreadPoolExecutor(len(steps)) as callers:
        list(callers.map(lambda step: [step() for _ in range(_EACH)], steps))
    number = _EACH * len(steps) * requests
    return number / (time.perf_counter() - begin), number / (processor(pid) - before)


def main() -> None:
    """Measure with no sessions and with many; what counts comes last."""
    many = int(sys.argv[1]) if sys.argv[1:] else SESSIONS
    with tempfile.TemporaryDirectory(prefix="nac-qod-") as folder:
        path = Path(folder) / "target.toml"
        command = [sys.executable, "-m", "pytest_nac_qod", "serve", "--port", "0", "--write-target", str(path)]
        with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as server:
            assert server.stdout is not None  # noqa: S101 - a pipe
            next(line for line in server.stdout if "Ctrl-C" in line)
            target = load_target(path)
            with httpx.Client() as http:
                token = target.tokens["two_legged"].resolve(http)
            callers = [Caller(target, token, number) for number in range(CALLERS)]
            creations = [caller.create for caller in callers]
            alone, _ = measured(server.pid, creations, 1)
            while sum(len(caller.keys) for caller in callers) < many:
                for create in creations:
                    create()
            time.sleep(0.1)  # so that the oldest ones are AVAILABLE
            among, _ = measured(server.pid, creations, 1)
            rounds = [measured(server.pid, [caller.mixed for caller in callers], 5) for _ in range(ROUNDS)]
            server.terminate()
    print(f"creations a second: {alone:.0f} alone, {among:.0f} among {many} sessions")
    wrong = sum(caller.wrong for caller in callers)
    print(
        f"mixed requests a second among {many} sessions: {max(fast for fast, _ in rounds):.0f}, wrong answers: {wrong}"
    )
    print(f"for each second of the server's processor time: {max(busy for _, busy in rounds):.0f}")


if __name__ == "__main__":
    main()
