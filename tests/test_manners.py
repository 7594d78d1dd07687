"""What a live network is spared: haste, endless runs, and sessions that nobody agreed to."""

import subprocess
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from starlette.types import ASGIApp, Receive, Scope, Send

from pytest_nac_qod.reference import ReferenceServer
from pytest_nac_qod.run import manners
from pytest_nac_qod.run.plan import Plan, plan
from pytest_nac_qod.run.settings import settings
from pytest_nac_qod.target import Polling, Target, target_from_url
from pytest_nac_qod.target.file import load_target, render_target
from pytest_nac_qod.wire.connections import connection
from pytest_nac_qod.wire.transport.pacing import BudgetError, Pace
from tests.support.commands import importable, nac_qod
from tests.support.target_runs import deployment

__all__ = ["importable"]
LIVE = "http://qod.example"


def planned(url: str, **given: object) -> Plan:
    return plan(settings({"url": url, "token": "token", "api": ("quality-on-demand",), **given}))


@pytest.mark.parametrize(
    ("url", "live"),
    [
        ("http://127.0.0.1:9091", False), ("http://localhost", False), ("http://[::1]:80", False),
        ("http://qod.localhost", False), (LIVE, True), ("https://10.0.0.1", True), ("https://[2001:db8::1]", True),
        ("https://127.0.0.1.example.com", True),
    ],
)  # fmt: skip
def test_what_is_live(url: str, live: bool) -> None:  # noqa: FBT001
    assert manners.live(target_from_url(url, "token", release="r3.2")) == live
    chosen = planned(url)
    assert (chosen.rate, chosen.budget is not None) == ((5.0, True) if live else (None, False))


def test_options_go_before_the_defaults() -> None:
    chosen = planned(LIVE, rate="50/s", budget="7")
    assert (chosen.rate, chosen.budget) == (50.0, 7)
    assert planned("http://127.0.0.1:1", budget="7").budget == 7
    assert not manners.live(ReferenceServer().target())


def test_a_budget_ends_requests() -> None:
    pace = Pace(None, budget=2, workers=1)
    with ReferenceServer() as server, connection(on_request=pace, timeout=120) as http:
        assert [http.get(f"{server.url}/x").status_code for _ in range(2)] == [404, 404]
        with pytest.raises(BudgetError, match="the run's budget of 2 requests is used up; --budget raises it"):
            http.get(f"{server.url}/x")
    shared = Pace(None, budget=4, workers=2)
    shared(None)
    shared(None)
    with pytest.raises(BudgetError):
        shared(None)


def said(*, yes: bool = False, given: bool = False, number: int = 3, answer: bool | None = None) -> str:
    asked = None if answer is None else (lambda _: answer)
    return manners.consent(replace(target_from_url(LIVE, "t", release="r3.2"), yes=yes), number, given=given, ask=asked)


def test_consent(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("CI", raising=False)
    assert said() == (
        "this run would create up to 3 sessions and assignments for devices.default at qod.example; "
        "agree with --qod-yes, or, in CI, with yes = true in the target file"
    )
    assert said(yes=True)
    assert (said(given=True), said(number=0), said(answer=True)) == ("", "", "")
    assert said(answer=False) == "nothing was created"
    monkeypatch.setenv("CI", "true")
    assert said()
    assert said(yes=True) == ""


def proxied(app: ASGIApp) -> ASGIApp:
    """The application as a proxy is asked for it: by whole addresses."""

    async def wrapped(scope: Scope, receive: Receive, send: Send) -> None:
        path = scope["path"].removeprefix(LIVE)
        await app({**scope, "path": path, "raw_path": path.encode()}, receive, send)

    return wrapped


def live_target(server: ReferenceServer) -> Target:
    target = server.target(embedded=False)
    apis = {api: url.replace(server.url, LIVE) for api, url in target.apis.items() if api == "quality-on-demand"}
    return replace(target, apis=apis, hooks={}, polling=Polling(0.05, 4.0), timeout=60.0)


def check(folder: Path, url: str, *arguments: str, ci: str = "") -> subprocess.CompletedProcess[str]:
    chosen = ("--target", "t.toml", "--scenario", "quality_on_demand_getSession_01_*", "--max-examples", "0")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("http_proxy", url)
        patch.setenv("CI", ci)
        return nac_qod("check", *chosen, *arguments, folder=folder)


@pytest.fixture
def network() -> Iterator[ReferenceServer]:
    with deployment(release="r3.2", wrap=proxied) as server:
        yield server


def test_nothing_is_created_unless_somebody_agreed(tmp_path: Path, network: ReferenceServer) -> None:
    (tmp_path / "t.toml").write_text(render_target(live_target(network)), encoding="utf-8")
    refused = check(tmp_path, network.url)
    assert refused.returncode == 2, refused.stdout
    (line,) = [line for line in refused.stdout.splitlines() if "this run would create up to 1 sessions" in line]
    assert "agree with --yes, or, in CI, with yes = true in the target file" in line
    assert not network.service.network.issued


@pytest.mark.slow
def test_ways_to_agree(tmp_path: Path, network: ReferenceServer) -> None:
    file, text = tmp_path / "t.toml", render_target(live_target(network))
    file.write_text(text, encoding="utf-8")
    done = check(tmp_path, network.url, "--yes")
    assert done.returncode == 0, done.stdout
    file.write_text(f"yes = true\n{text}", encoding="utf-8")
    assert load_target(file).yes
    assert check(tmp_path, network.url).returncode == 2
    assert check(tmp_path, network.url, ci="true").returncode == 0
    assert len(network.service.network.issued) >= 2
    spent = check(tmp_path, network.url, "--yes", "--budget", "1")
    assert spent.returncode == 3, spent.stdout
    assert "the run's budget of 1 requests is used up; --budget raises it" in spent.stdout
