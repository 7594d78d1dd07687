"""The released SDKs, measured: each in an environment of its own, against exactly what we know of it."""

import os
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from pytest_nac_qod.foundation.jsontypes import JsonObject
from pytest_nac_qod.reference import ReferenceServer
from pytest_nac_qod.sdk.cases import client_cases
from pytest_nac_qod.sdk.environments import command, default_cache, installed, python_of, sdk
from pytest_nac_qod.sdk.expectations import applied, shipped
from pytest_nac_qod.sdk.problems import SdkError
from pytest_nac_qod.sdk.protocol import Driver, Program, running
from pytest_nac_qod.sdk.running import bench

LABELS_BY_KEYWORD = "nac_client_labels_by_keyword"
CACHE = Path(os.environ.get("NAC_QOD_SDK_CACHE", default_cache()))


def renamed(**names: str) -> Callable[[JsonObject], JsonObject]:
    return lambda given: {names.get(name, name): value for name, value in given.items()}


def without(name: str) -> Callable[[JsonObject], JsonObject]:
    return lambda given: {key: value for key, value in given.items() if key != name}


def changed(name: str, change: Callable[[Any], Any]) -> Callable[[JsonObject], JsonObject]:
    return lambda given: {key: change(value) if key == name else value for key, value in given.items()}


@pytest.mark.slow
@pytest.mark.parametrize("spec", ["3.1.0", "8.0.0", "10.0.0", "10.0.0/async", "npm:10.0.0"])
def test_sdk_does_what_we_know_of_it(spec: str, qod_server: ReferenceServer) -> None:
    wanted = sdk(spec)
    with running(Program(command(wanted, CACHE))) as driver, bench(qod_server.target(), driver) as workbench:
        results = [workbench.run(case) for case in client_cases().values()]
        assert workbench.known
        assert workbench.known.version == wanted.version
    judged = {
        result.case.id: (result.verdict, result.findings)
        for result in applied(results, shipped(wanted), wanted.version)
    }
    surprising = {case: what for case, what in judged.items() if what[0] not in ("pass", "known", "not_applicable")}
    assert surprising == {}
    assert sum(verdict == "pass" for verdict, _ in judged.values()) >= 29


EXAMPLE = """
import pytest
from importlib.metadata import version
from pytest_nac_qod.labels import LABELS

ten = version("network-as-code").startswith("10.")


@pytest.mark.parametrize("by", ["keyword", "position"])
def test_documented_example(by, nac_client, nac_device, nac_shim):
    for label in (known.name for known in LABELS):
        nac_shim.delete_sessions()
        if ten:
            session = nac_client.qod.create_session_v1(
                device=nac_device, qos_profile=label, application_server={"ipv4address": "198.51.100.10"}, duration=3600
            ).session_id
            listed = [one.session_id for one in nac_client.qod.retrieve_sessions_v1(device=nac_device)]
        else:
            named = {"profile": label, "duration": 3600, "service_ipv4": "198.51.100.10"}
            args, kwargs = ([], named) if by == "keyword" else (named.values(), {})
            session = nac_device.create_qod_session(*args, **kwargs).id
            listed = [one.id for one in nac_device.sessions()]
        assert listed == [session]
        created = [one for one in nac_shim.exchanges if one.operation == "createSession"]
        assert created[-1].request.json()["qosProfile"] == label
        assert created[-1].request.header("x-rapidapi-key") == "<redacted:client.key>"


def test_target_is_the_embedded_server(nac_device, qod_device):
    number = nac_device["phone_number"] if ten else nac_device.phone_number
    assert number == qod_device["phoneNumber"]
"""


def packages_of(spec: str) -> str:
    """Where the SDK and what it needs are installed."""
    return str(next((installed(sdk(spec), CACHE) / "lib").glob("python*/site-packages")))


def beside(spec: str, folder: Path, test: str) -> subprocess.CompletedProcess[str]:
    """Run a test with that SDK in the plugin's own environment: its packages come before ours."""
    (folder / "test_example.py").write_text(test, encoding="utf-8")
    plain = ["-p", "no:cacheprovider", "-p", "no:randomly", "-p", "no:xdist", "-W", "error", "-c", os.devnull]
    return subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "--rootdir", str(folder), *plain, "test_example.py"],
        capture_output=True,
        text=True,
        check=False,
        cwd=folder,
        env={**os.environ, "PYTHONPATH": packages_of(spec)},
        timeout=300,
    )


@pytest.mark.slow
def test_installed_sdk_is_judged_by_the_same_cases() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "pytest_nac_qod", "client"],
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, "PYTHONPATH": packages_of("8.0.0")},
        timeout=300,
    )
    assert done.stdout.splitlines()[-1] == "network-as-code 8.0.0: 41 pass, 3 not_applicable, 9 known", done.stderr
    assert done.returncode == 0


# What a wrapper around the SDK can do wrong: how it changes the arguments by name, and the case that finds it.
WRAPPERS: dict[str, tuple[Callable[[JsonObject], JsonObject], str]] = {
    "addresses swapped": (renamed(service_ipv4="service_ipv6", service_ipv6="service_ipv4"), "nac_client_service_both"),
    "IPv6 in the IPv4 field": (renamed(service_ipv6="service_ipv4"), "nac_client_service_ipv6"),
    "IPv6 lost": (without("service_ipv6"), "nac_client_service_both"),
    "IPv4 lost": (without("service_ipv4"), "nac_client_service_both"),
    "duration replaced": (changed("duration", lambda seconds: 60), "nac_client_duration"),  # noqa: ARG005
    "duration in minutes": (changed("duration", lambda seconds: seconds // 60), "nac_client_duration"),
    "duration as text": (changed("duration", str), "nac_client_duration"),
    "label in lower case": (changed("profile", str.lower), LABELS_BY_KEYWORD),
    "label rewritten": (changed("profile", lambda name: name.replace("DOWNLINK_M", "DOWNLINK_L")), LABELS_BY_KEYWORD),
    "label always the same": (changed("profile", lambda name: "QOS_E"), "nac_client_service_ipv4"),  # noqa: ARG005
    "sink lost": (without("sink"), "nac_client_sink"),
    "sink without https": (changed("sink", lambda url: url.replace("https", "http")), "nac_client_sink"),
    "credential lost": (without("sink_credential"), "nac_client_sink_credential"),
    "token cut": (changed("sink_credential", lambda one: {**one, "accessToken": "x"}), "nac_client_sink_credential"),
    "ports swapped": (renamed(device_ports="service_ports", service_ports="device_ports"), "nac_client_device_ports"),
    "device ports lost": (without("device_ports"), "nac_client_device_ports"),
    "service ports lost": (without("service_ports"), "nac_client_service_ports"),
    "ranges lost": (changed("service_ports", lambda one: {"ports": one["ports"]}), "nac_client_service_ports"),
    "ports lost": (changed("device_ports", lambda one: {"ranges": one["ranges"]}), "nac_client_device_ports"),
}


@dataclass
class Wrapped:
    """A driver of the SDK inside a wrapper that changes the arguments by name."""

    inner: Driver
    change: Callable[[JsonObject], JsonObject] = dict

    def ask(self, request: JsonObject) -> JsonObject:
        changes = request["call"] == "create" and "kwargs" in request
        return self.inner.ask({**request, "kwargs": self.change(request["kwargs"])} if changes else request)


@pytest.mark.slow
def test_wrong_wrapper_around_the_sdk_is_found(qod_server: ReferenceServer) -> None:
    missed = []
    with (
        running(Program(command(sdk("8.0.0"), CACHE))) as program,
        bench(qod_server.target(), wrapper := Wrapped(program)) as workbench,
    ):
        for name, (change, case) in WRAPPERS.items():
            wrapper.change = change
            if workbench.run(client_cases()[case]).verdict != "fail":
                missed.append(name)
    assert missed == []


@pytest.mark.slow
@pytest.mark.parametrize("spec", ["8.0.0", "10.0.0"])
def test_fixtures_work_with_the_sdk_beside_the_plugin(spec: str, tmp_path: Path) -> None:
    done = beside(spec, tmp_path, EXAMPLE)
    assert "3 passed" in done.stdout, done.stdout + done.stderr


@pytest.mark.slow
def test_an_sdk_that_cannot_be_beside_the_plugin_is_told_so(tmp_path: Path) -> None:
    done = beside("3.1.0", tmp_path, "def test_it(nac_client): ...\n")
    assert "network-as-code 3.1.0 pins httpx <0.25, so it cannot share an environment with this plugin" in done.stdout
    assert "nac-qod client --sdk 3.1.0" in done.stdout


def test_no_sdk_at_all(pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("pytest_nac_qod.sdk.installed.PACKAGE", "no-such-package-as-this")
    pytester.makepyfile("def test_it(nac_client): ...")
    result = pytester.runpytest_inprocess("-p", "no:randomly")
    result.assert_outcomes(errors=1)
    result.stdout.fnmatch_lines(
        ["*no-such-package-as-this is not installed; run: pip install 'pytest-nac-qod[[]nac[]]'"]
    )


def test_an_installation_that_fails_says_why_and_leaves_nothing(tmp_path: Path) -> None:
    python = tmp_path / "python"
    python.write_text(
        '#!/bin/sh\n[ "$1" = -c ] && echo 3.99 && exit\n'
        '[ "$2" = venv ] && mkdir -p "$3/bin" && cp "$0" "$3/bin/python" && exit\n'
        'echo "ERROR: No matching distribution found for $6" >&2; exit 1\n',
        encoding="utf-8",
    )
    python.chmod(0o755)
    with pytest.raises(SdkError) as caught:
        installed(sdk("1.2.3"), tmp_path / "cache", str(python))
    assert str(caught.value).startswith("network-as-code 1.2.3 cannot be installed: ERROR: No matching distribution")
    assert "give one with --python" in str(caught.value)
    assert [path.name for path in (tmp_path / "cache").iterdir()] == ["python-3-99-1.2.3.lock"]


def test_an_environment_is_made_once(tmp_path: Path) -> None:
    place = tmp_path / f"python-{sys.version_info.major}-{sys.version_info.minor}-9.9.9"
    place.mkdir()
    assert installed(sdk("9.9.9"), tmp_path) == place
    words = command(sdk("9.9.9"), tmp_path)
    assert words[0] == str(python_of(place))
    assert Path(words[1]).is_file()
