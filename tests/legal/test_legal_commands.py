"""Legal behaviours as users meet them: `nac-qod legal`, `serve --legal` and `check --legal`."""

import subprocess
import sys

import pytest

from pytest_nac_qod import contracts
from pytest_nac_qod.reference import ReferenceServer
from pytest_nac_qod.reference.legal import names


def nac_qod(*arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "pytest_nac_qod", *arguments]
    return subprocess.run(command, capture_output=True, text=True, check=False, timeout=300)


def test_command_lists_a_behaviour_with_its_basis() -> None:
    done = nac_qod("legal", "whole_second_times", "--release", "r3.2")
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.splitlines() == [
        "whole_second_times",
        "  does    Times are given in whole seconds.",
        "  r3.2    RFC 3339 5.6  '[time-secfrac]'",
    ]


def test_command_lists_every_behaviour() -> None:
    done = nac_qod("legal")
    told = [line.removesuffix(" (lenient)") for line in done.stdout.splitlines() if not line.startswith(" ")]
    assert tuple(sorted(told)) == tuple(sorted(names()))


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (
            ["legal", "whole_second_time"],
            "unknown legal behaviour 'whole_second_time'; did you mean whole_second_times?",
        ),
        (
            ["legal", "whole_device_returned", "--release", "r4.1"],
            "whole_device_returned is not legal in r4.1; it is in r1.3, r2.2",
        ),
        (["legal", "--release", "r9"], f"--release: no release 'r9'; there are {', '.join(contracts.RELEASES)}"),
        (
            ["serve", "--port", "0", "--legal", "whole_device_returned"],
            "whole_device_returned is not legal in r3.2; it is in r1.3, r2.2",
        ),
        (
            ["check", "--legal", "whole_second_time"],
            "--legal: unknown legal behaviour 'whole_second_time'; did you mean whole_second_times?",
        ),
        (
            ["check", "--legal", "whole_second_times", "--url", "https://api.example.com", "--token", "secret-token"],
            "--legal works with the embedded server only; leave it out, or --url",
        ),
    ],
)
def test_unusable_name_takes_one_line(arguments: list[str], said: str) -> None:
    done = nac_qod(*arguments)
    assert done.returncode == 2
    assert said in done.stderr
    assert len(done.stderr.strip().splitlines()) == 1


def test_check_runs_against_a_server_with_the_behaviour() -> None:
    chosen = ["--scenario", "quality_on_demand_createSession_01*", "--max-examples", "0"]
    done = nac_qod("check", "--legal", "available_in_201", "--legal", "whole_second_times", *chosen)
    assert done.returncode == 0, done.stdout + done.stderr


def test_reset_keeps_the_behaviours_that_the_server_started_with() -> None:
    with ReferenceServer(legal=["available_in_201"]) as server:
        server.call(server.service.network.settle)
        before = server.service.network.decisions.delay(server.service.network.world)
        server.reset(legal=["available_after_seconds"])
        after = server.service.network.decisions.delay(server.service.network.world)
    assert (before, after) == (0, 1.5)
