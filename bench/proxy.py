"""What nac-qod proxy adds to each request: time, and processor time, which a busy machine does not stretch.

python -m bench.proxy
"""

import os
import re
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx

ROUNDS = 1000
_READY = re.compile(r"https?://127\.0\.0\.1:\d+")
_WARM = 50  # requests before the first that counts


@contextmanager
def running(*words: str) -> Iterator[tuple[str, int]]:
    """A command that serves, by its address and its process id."""
    command = [sys.executable, "-m", "pytest_nac_qod", *words]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None  # noqa: S101 - a pipe
        line = next(line for line in process.stdout if _READY.search(line))
        try:
            yield _READY.findall(line)[-1], process.pid
        finally:
            process.terminate()


def processor(pid: int) -> float:
    """Seconds of processor time that a process has had."""
    fields = Path(f"/proc/{pid}/stat").read_text(encoding="ascii").rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def main() -> None:
    """Measure and print; the median that is added comes last."""
    path = "/quality-on-demand/v1/sessions/11111111-1111-4111-8111-111111111111"
    with (
        running("serve", "--port", "0") as (upstream, _),
        running("proxy", "--upstream", upstream, "--listen", "127.0.0.1:0") as (proxy, pid),
        httpx.Client(timeout=60) as http,
    ):
        direct: list[float] = []
        through: list[float] = []
        before = 0.0
        for number in range(_WARM + ROUNDS):
            if number == _WARM:
                direct.clear()
                through.clear()
                before = processor(pid)
            for base, taken in ((upstream, direct), (proxy, through)):
                begin = time.perf_counter()
                http.get(base + path)
                taken.append(time.perf_counter() - begin)
        spent = processor(pid) - before
    print(f"direct: {1000 * statistics.median(direct):.2f} ms in the median of {ROUNDS}")
    print(f"through the proxy: {1000 * statistics.median(through):.2f} ms")
    print(f"processor time of the proxy for a request: {1000 * spent / ROUNDS:.2f} ms")
    print(f"added: {1000 * (statistics.median(through) - statistics.median(direct)):.2f} ms")


if __name__ == "__main__":
    main()
