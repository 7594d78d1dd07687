"""What a creation costs the embedded server while it has few live sessions, and while it has many.

python -m bench.growth
"""

import argparse
import time
from collections.abc import Iterable, Iterator

import httpx

from bench.counting import API, RELEASE
from pytest_nac_qod.reference import ReferenceServer

LEVELS = (10, 100, 1_000, 10_000)
MEASURED = 100  # creations at each level


def costs(levels: Iterable[int] = LEVELS) -> Iterator[tuple[int, float]]:
    """For each number of live sessions the processor time of a creation, client included, in seconds."""
    with ReferenceServer(release=RELEASE) as server, httpx.Client() as http:
        target = server.target()
        headers = {"Authorization": f"Bearer {target.tokens['two_legged'].resolve(http)}"}
        device, made = target.devices["default"], 0

        def create(count: int) -> None:
            nonlocal made
            for _ in range(count):
                made += 1
                address = f"198.18.{made // 250}.{made % 250 + 1}"
                body = {
                    "device": device,
                    "applicationServer": {"ipv4Address": address},
                    "qosProfile": target.profiles["default"].name,
                    "duration": 3600,
                }
                answer = http.post(f"{target.apis[API]}/sessions", json=body, headers=headers)
                if answer.status_code != 201:
                    raise SystemExit(f"session {made}: {answer.status_code} {answer.text}")

        create(2 * MEASURED)  # whatever is made once is made by now
        server.reset()
        made = 0
        for level in levels:
            create(max(0, level - made))
            begin = time.process_time()
            create(MEASURED)
            yield level, (time.process_time() - begin) / MEASURED


def main() -> None:
    """Measure and print; the ratio of the last level to the first comes last."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--most", type=int, default=LEVELS[-1], help="live sessions at the last level")
    most = parser.parse_args().most
    seconds = []
    for level, cost in costs([level for level in LEVELS if level <= most]):
        print(f"{level:6,} live sessions: {cost * 1000:.2f} ms of processor time for a creation", flush=True)
        seconds.append(cost)
    print(f"ratio: {seconds[-1] / seconds[0]:.2f}")


if __name__ == "__main__":
    main()
