"""The client that --qod-client names, on the bench."""

from collections.abc import Iterator
from contextlib import nullcontext
from pathlib import Path

import pytest

from pytest_nac_qod.reference import ReferenceServer
from pytest_nac_qod.run.connecting import ledger_of
from pytest_nac_qod.run.plan import plan_for
from pytest_nac_qod.run.settings import CLIENT, INSTALLED, client_named
from pytest_nac_qod.sdk import expectations
from pytest_nac_qod.sdk.environments import Sdk
from pytest_nac_qod.sdk.installed import InstalledSdk, installed_version
from pytest_nac_qod.sdk.problems import SdkError
from pytest_nac_qod.sdk.protocol import Program, check_startable, running
from pytest_nac_qod.sdk.running import Bench, bench
from pytest_nac_qod.suite.waits.stopping import stop


def pytest_ignore_collect(collection_path: Path, config: pytest.Config) -> bool | None:
    """Pass over this folder when no client is named."""
    return None if client_named(config) else collection_path.is_relative_to(Path(__file__).parent) or None


@pytest.fixture(scope="session")
def client_bench(request: pytest.FixtureRequest) -> Iterator[Bench]:
    """The client between the cases and the target."""
    plan, words = plan_for(request.config), client_named(request.config)
    target = plan.target
    if target is None:
        server: ReferenceServer = request.getfixturevalue("qod_reference")
        server.reset(faults=plan.faults)
        target = server.target()
    if not words:
        raise pytest.UsageError(f"--qod-{CLIENT}: name a program, or {INSTALLED}")
    if words != INSTALLED:
        try:
            check_startable(words)
        except SdkError as error:
            stop(str(error).replace("--command", f"--qod-{CLIENT}", 1))
    driver = nullcontext(InstalledSdk()) if words == INSTALLED else running(Program(words))
    with driver as asked, bench(target, asked, ledger_of(plan, target)) as workbench:
        yield workbench


@pytest.fixture(scope="session")
def known(pytestconfig: pytest.Config) -> tuple[expectations.Expectation, ...]:
    """What we know of the installed SDK; nothing of another client."""
    if client_named(pytestconfig) != INSTALLED:
        return ()
    return expectations.shipped(Sdk(".".join(map(str, installed_version()))))
