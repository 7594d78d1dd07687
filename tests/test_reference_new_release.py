"""A release that is added by its differences is served at once, by the rules of the one that it follows."""

from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from pytest_nac_qod import contracts
from pytest_nac_qod.contracts import ContractError, facts, loading
from pytest_nac_qod.reference import ReferenceServer
from pytest_nac_qod.reference.rules import rules
from pytest_nac_qod.reference.world import world

R9_9 = """
follows: r1.3
family: {}
apis:
  quality-on-demand: { base: /quality-on-demand/v9 }
  qos-profiles: {}
"""
UNSERVED = """
    operations:
      listSessions:
        call: get /sessions
        scope: quality-on-demand:sessions:read
        success: { 200: RetrieveSessionsOutput }
"""
SESSION = {
    "device": {"phoneNumber": "+99900000000"},
    "applicationServer": {"ipv4Address": "198.51.100.10"},
    "qosProfile": "QOS_L",
    "duration": 600,
}


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    monkeypatch.setattr(facts, "FOLDERS", [*facts.FOLDERS, tmp_path])
    yield tmp_path
    for cached in (facts.family, facts.api_facts, facts.read, loading.document, contracts.contract, rules, world):
        cached.cache_clear()


def test_served_by_the_rules_of_the_one_that_it_follows(folder: Path) -> None:
    (folder / "r9.9.yaml").write_text(R9_9, encoding="utf-8")
    with ReferenceServer(release="r9.9") as server:
        assert server.apis == ("quality-on-demand", "qos-profiles")
        form = {"grant_type": "client_credentials", "client_id": "application", "client_secret": "application-secret"}
        token = httpx.post(f"{server.url}/oauth2/token", data=form).json()["access_token"]
        url = f"{server.url}/quality-on-demand/v9/sessions"
        answer = httpx.post(url, json=SESSION, headers={"Authorization": f"Bearer {token}"})
    assert (answer.status_code, answer.json()["code"]) == (404, "DEVICE_NOT_FOUND")


def test_operation_that_nothing_serves_is_told(folder: Path) -> None:
    changed = R9_9.replace("{ base: /quality-on-demand/v9 }", UNSERVED)
    (folder / "r9.9.yaml").write_text(changed, encoding="utf-8")
    with pytest.raises(ContractError) as caught:
        ReferenceServer(release="r9.9")
    assert str(caught.value) == (
        "nothing serves listSessions; add it to reference/operations.py, "
        "or say in server.toml as which other it is served"
    )
