"""Locust as processes of its own: one, or a master and workers on loopback; it ends by itself or is ended."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from importlib.util import find_spec
from pathlib import Path

from pytest_nac_qod.foundation.problems import UnusableError
from pytest_nac_qod.load.plan import VARIABLE
from pytest_nac_qod.wire.serving import listening_socket

LOG = "locust.log"
_STOPPING = 20  # seconds for users to end what they are doing, and to delete what is theirs
_GRACE = 60.0  # seconds for processes to start and to end
_LOOK = 0.1  # seconds


@dataclass(frozen=True, slots=True, kw_only=True)
class Size:
    """How much load: users, how many of them are added in a second, for how many seconds, from how many processes."""

    users: int
    spawn_rate: float
    seconds: float
    workers: int = 1


@dataclass(slots=True)
class Engine:
    """The processes of a load test.

    Attributes:
        lost: how many workers ended otherwise than by themselves.
    """

    folder: Path
    main: "subprocess.Popen[bytes]"
    workers: list["subprocess.Popen[bytes]"] = field(default_factory=list)
    lost: int = 0

    def wait(self, seconds: float) -> bool:
        """Wait until the load test is over; False where it had to be ended, by the time or since nobody sends."""
        until = time.monotonic() + seconds
        while self.main.poll() is None:
            self.lost = sum(worker.poll() not in (None, 0) for worker in self.workers)
            if time.monotonic() > until or (self.workers and self.lost == len(self.workers)):
                return False
            time.sleep(_LOOK)
        return self.main.returncode == 0

    def stop(self) -> None:
        """End all processes: first with a word, then without."""
        processes = [self.main, *self.workers]
        for process in processes:
            if process.poll() is None:
                with suppress(ProcessLookupError):
                    process.send_signal(signal.SIGTERM)
        until = time.monotonic() + _STOPPING
        for process in processes:
            with suppress(subprocess.TimeoutExpired):
                process.wait(max(0.1, until - time.monotonic()))
            if process.poll() is None:
                process.kill()
                process.wait()

    def said(self) -> str:
        """The last line that a process wrote which could not do its work; empty without one."""
        lines = (self.folder / LOG).read_text(encoding="utf-8", errors="replace").splitlines()
        return next((line for line in reversed(lines) if line.strip()), "")


def locustfile() -> Path:
    """Where the locustfile is, which `locust -f` takes as well."""
    spec = find_spec("pytest_nac_qod.load.locustfile")
    assert spec is not None  # noqa: S101 - a part of this package
    return Path(str(spec.origin))


@contextmanager
def started(size: Size, plan: Path, folder: Path, web: int | None = None) -> Iterator[Engine]:
    """The processes of a load test, until they are done with.

    Args:
        size: how much load.
        plan: file that says what it is about.
        folder: to work in.
        web: port of the page on which it is watched, on loopback; None for none.

    Raises:
        UnusableError: Locust is not installed.
    """
    if find_spec("locust") is None:
        raise UnusableError('nac-qod load needs Locust: pip install "pytest-nac-qod[load]"')
    shown = ["--web-host", "127.0.0.1", "--web-port", str(web), "--autostart", "--autoquit", "1"]
    amount = ["-u", str(size.users), "-r", str(size.spawn_rate), "-t", f"{size.seconds:g}"]
    ends = ["--stop-timeout", str(_STOPPING), "--exit-code-on-error", "0", "--only-summary"]
    front = [*(["--headless"] if web is None else shown), *amount, *ends]
    with (folder / LOG).open("ab") as log:
        if size.workers < 2:
            engine = Engine(folder, _process(front, plan, folder, log.fileno()))
        else:
            port = _free_port()
            bound = ["--master", "--master-bind-host", "127.0.0.1", "--master-bind-port", str(port)]
            main = _process([*front, *bound, "--expect-workers", str(size.workers)], plan, folder, log.fileno())
            words = ["--worker", *ends[:4], "--master-host", "127.0.0.1", "--master-port", str(port)]
            workers = [_process(words, plan, folder, log.fileno()) for _ in range(size.workers)]
            engine = Engine(folder, main, workers)
        try:
            yield engine
        finally:
            engine.stop()


def longest(size: Size) -> float:
    """Seconds after which a load test is ended that has not ended by itself."""
    return size.seconds + size.users / size.spawn_rate + _STOPPING + _GRACE


def _process(words: Sequence[str], plan: Path, folder: Path, log: int) -> "subprocess.Popen[bytes]":
    """Locust, in a session of its own, so that Ctrl-C comes to us first; not in a folder with settings for it."""
    command = [sys.executable, "-m", "locust", "-f", str(locustfile()), "--loglevel", "WARNING", *words]
    kept = {name: value for name, value in os.environ.items() if not name.startswith("LOCUST_")}
    return subprocess.Popen(  # noqa: S603 - our own interpreter
        command,
        cwd=folder,
        env=kept | {VARIABLE: str(plan)},
        stdin=subprocess.DEVNULL,
        stdout=log,
        stderr=log,
        start_new_session=True,
    )


def _free_port() -> int:
    with listening_socket("127.0.0.1", 0) as sock:
        port: int = sock.getsockname()[1]
    return port
