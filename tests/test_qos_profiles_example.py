"""The documentation page of QoS profiles runs with every generation of the SDK, and with our device for SDK 10."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from pytest_nac_qod.reference import ReferenceServer
from pytest_nac_qod.sdk.adapters.generated_device import GeneratedDevice
from pytest_nac_qod.sdk.adapters.python_adapter import path_of
from pytest_nac_qod.sdk.environments import MATRIX, default_cache, installed, python_of, sdk
from pytest_nac_qod.sdk.running import shim_to

EXAMPLE = Path(__file__).parent.parent / "examples" / "qos_profiles"
CACHE = Path(os.environ.get("NAC_QOD_SDK_CACHE", default_cache()))
SHOWN = {
    "before_4.py": "QOS_L True\nDOWNLINK_M_UPLINK_L True\nQOS_L True\n",
    "from_4.py": "QOS_L True\nDOWNLINK_M_UPLINK_L True\nQOS_L True\n",
    "from_10.py": "QOS_L True\nDOWNLINK_M_UPLINK_L True\n",
}


def ran(*words: str | Path, cwd: Path, **variables: str) -> str:
    done = subprocess.run(
        [str(word) for word in words],
        capture_output=True,
        text=True,
        check=False,
        cwd=cwd,
        env={**os.environ, **variables},
        timeout=400,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.mark.slow
@pytest.mark.parametrize("version", [version for version in MATRIX if re.fullmatch(r"[0-9.]+", version)])
def test_page_runs_as_a_program(version: str, qod_server: ReferenceServer) -> None:
    numbers = tuple(int(part) for part in version.split("."))
    file = "before_4.py" if numbers < (4,) else "from_4.py" if numbers < (10,) else "from_10.py"
    path = path_of(numbers) if numbers < (10,) else ""
    with shim_to(qod_server.target()) as shim:
        python = python_of(installed(sdk(version), CACHE))
        shown = ran(python, file, shim.url + path, "any", cwd=EXAMPLE)
        shim.delete_sessions()
    assert shown == SHOWN[file]


@pytest.mark.slow
@pytest.mark.parametrize("version", ["8.0.0", "10.0.0"])
def test_page_runs_beside_the_plugin(version: str, tmp_path: Path) -> None:
    folder = tmp_path / "qos_profiles"
    shutil.copytree(EXAMPLE, folder, ignore=shutil.ignore_patterns("__pycache__"))
    packages = next((installed(sdk(version), CACHE) / "lib").glob("python*/site-packages"))
    plain = ["-p", "no:cacheprovider", "-p", "no:randomly", "-p", "no:xdist", "-W", "error"]
    shown = ran(sys.executable, "-m", "pytest", "-q", *plain, cwd=folder, PYTHONPATH=str(packages))
    assert "17 passed, 1 skipped" in shown


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("198.51.100.10", 60, "QOS_L"), "profile '198.51.100.10' is an IP address; the profile comes first"),
        (("2001:db8::1", 60, "QOS_L"), "profile '2001:db8::1' is an IP address; the profile comes first"),
        (
            ("QOS_L", "198.51.100.10"),
            "duration '198.51.100.10' is no number of seconds; it follows the profile since SDK 4.0.0",
        ),
        (("QOS_L", 6.5, "192.0.2.1"), "duration 6.5 is no number of seconds; it follows the profile since SDK 4.0.0"),
        (("QOS_L", 60, "2001:db8::1"), "service_ipv4 '2001:db8::1' is no IPv4 address"),
        (("QOS_L", 60, None, "198.51.100.10"), "service_ipv6 '198.51.100.10' is no IPv6 address"),
        (("QOS_L", 60, "QOS_M"), "service_ipv4 'QOS_M' is no IPv4 address"),
        (("QOS_L", 60), "no address of the service; give service_ipv4 or service_ipv6"),
    ],
)  # fmt: skip
def test_device_of_sdk_10_refuses_what_is_mixed_up(arguments: tuple[Any, ...], message: str) -> None:
    device = GeneratedDevice(None, {"phone_number": "+99999991000"})  # nothing is sent
    with pytest.raises((ValueError, TypeError)) as caught:
        device.create_qod_session(*arguments)
    assert str(caught.value) == message


class Generated:
    """What the generated client of SDK 10 is asked for."""

    def __init__(self) -> None:
        self.qod = self
        self.asked: list[dict[str, Any]] = []

    def create_session_v1(self, **given: Any) -> None:  # noqa: ANN401 - whatever it is given
        self.asked.append(given)


def test_device_of_sdk_10_is_the_argument_and_has_the_calls() -> None:
    nac = Generated()
    device = GeneratedDevice(nac, {"phone_number": "+99999991000"})
    assert device == {"phone_number": "+99999991000"}
    ports = {"ports": [443], "ranges": [{"from": 5060, "to": 5070}]}
    device.create_qod_session("DOWNLINK_S_UPLINK_L", 60, None, "2001:db8::/64", service_ports=ports)
    assert nac.asked == [
        {
            "device": {"phone_number": "+99999991000"},
            "qos_profile": "DOWNLINK_S_UPLINK_L",
            "application_server": {"ipv6address": "2001:db8::/64"},
            "duration": 60,
            "application_server_ports": {"ports": [443], "ranges": [{"from_": 5060, "to": 5070}]},
        }
    ]
