"""Fixtures for other repos; what they need is imported when one of them is used."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from typing import Any

    from pytest_nac_qod.reference import ReferenceServer
    from pytest_nac_qod.sdk.shim import Shim
    from pytest_nac_qod.target import Profile, Target
    from pytest_nac_qod.traffic.proxy.watching import Watch
    from pytest_nac_qod.wire.client import QodClient
    from pytest_nac_qod.wire.models import Device
    from pytest_nac_qod.wire.sink import Sink


@pytest.fixture(scope="session")
def qod_reference(pytestconfig: pytest.Config) -> Iterator[ReferenceServer]:
    """The embedded server, started once; use `qod_server` to have it fresh."""
    from pytest_nac_qod.reference import ReferenceServer
    from pytest_nac_qod.run.plan import plan_for

    with ReferenceServer(release=plan_for(pytestconfig).release) as server:
        yield server


@pytest.fixture
def qod_server(qod_reference: ReferenceServer, pytestconfig: pytest.Config) -> ReferenceServer:
    """The embedded server on loopback, without sessions, its clock at the present, for each test anew."""
    from pytest_nac_qod.run.plan import plan_for

    plan = plan_for(pytestconfig)
    qod_reference.reset(plan.faults, plan.legal)
    return qod_reference


@pytest.fixture
def qod_target(request: pytest.FixtureRequest) -> Target:
    """The target of the options or ini file; the embedded server, fresh, when they name none."""
    from pytest_nac_qod.run.plan import plan_for

    configured = plan_for(request.config).target
    if configured is not None:
        return configured
    server: ReferenceServer = request.getfixturevalue("qod_server")
    return server.target()


@pytest.fixture
def qod_client(qod_target: Target, pytestconfig: pytest.Config) -> Iterator[QodClient]:
    """Typed calls to quality-on-demand on the target, with its 2-legged token; sessions are deleted at the end."""
    from pytest_nac_qod.run.connecting import connected
    from pytest_nac_qod.run.plan import plan_for

    with connected(plan_for(pytestconfig), qod_target) as run:
        client = run.client("quality-on-demand", "two_legged")
        yield client
        if "deleteSession" not in qod_target.unserved:
            for session_id in list(client.owned):
                client.delete_session(session_id)


@pytest.fixture
def qod_devices(qod_target: Target) -> Mapping[str, Device]:
    """The devices of the target by role: `default`, `second`, `not_found`, `not_applicable` and so on."""
    return qod_target.devices  # type: ignore[return-value] # validated against the contract's schema when loaded


@pytest.fixture
def qod_device(qod_devices: Mapping[str, Device]) -> Device:
    """A device that sessions can be created for."""
    return qod_devices["default"]


@pytest.fixture
def qod_profiles(qod_target: Target) -> Mapping[str, Profile]:
    """The profiles of the target by role: `default`, `inactive`, `unknown`; durations in seconds."""
    return qod_target.profiles


@pytest.fixture
def qod_sink(qod_target: Target) -> Iterator[Sink]:
    """A TLS receiver of events on loopback that the embedded server trusts."""
    from pytest_nac_qod.run.connecting import listening

    with listening(qod_target) as sink:
        yield sink


@pytest.fixture
def qod_watch(qod_target: Target) -> Iterator[Watch]:
    """A proxy to the target on loopback that judges what passes; a test that breaks a requirement fails at its end.

    Send requests to `qod_watch.through(url)`, or to `qod_watch.url` in place of the origin of the target.
    """
    from pytest_nac_qod.report.terminal import causes
    from pytest_nac_qod.run.connecting import tls
    from pytest_nac_qod.traffic.court import Court
    from pytest_nac_qod.traffic.proxy.watching import Watch
    from pytest_nac_qod.wire.secret_forms import origin

    trust = tls(qod_target)
    upstream = origin(next(iter(qod_target.apis.values())))
    court = Court(release=qod_target.release, base_urls=dict(qod_target.apis))
    with Watch(upstream=upstream, court=court, trust=None if isinstance(trust, bool) else trust) as watch:
        yield watch
    results = watch.results()["results"]
    if any(result["verdict"] == "fail" for result in results):
        pytest.fail("\n".join(causes.lines(results)), pytrace=False)


@pytest.fixture
def nac_shim(qod_target: Target, pytestconfig: pytest.Config) -> Iterator[Shim]:
    """What stands between `nac_client` and the target: adds Authorization, keeps the exchanges, deletes sessions."""
    from pytest_nac_qod.run.connecting import ledger_of
    from pytest_nac_qod.run.plan import plan_for
    from pytest_nac_qod.sdk.problems import SdkError
    from pytest_nac_qod.sdk.running import shim_to

    try:
        with shim_to(qod_target, ledger_of(plan_for(pytestconfig), qod_target)) as shim:
            yield shim
            shim.delete_sessions()
    except SdkError as error:
        pytest.fail(str(error), pytrace=False)


@pytest.fixture
def nac_client(nac_shim: Shim, qod_target: Target) -> Iterator[Any]:
    """The installed NaC SDK, pointed at the target; needs the extra `nac`."""
    from pytest_nac_qod.sdk import installed
    from pytest_nac_qod.sdk.problems import SdkError

    try:
        with installed.client(nac_shim, qod_target) as client:
            yield client
    except SdkError as error:
        pytest.fail(str(error), pytrace=False)


@pytest.fixture
def nac_device(nac_client: Any, qod_device: Device) -> Any:  # noqa: ANN401 - as the client
    """A device that sessions can be created for, as the SDK has it.

    From 10.0.0 on it is the dict to pass as `device`, and has `create_qod_session` and `sessions` of earlier SDKs.
    """
    from pytest_nac_qod.sdk import installed

    return installed.device(nac_client, dict(qod_device))
