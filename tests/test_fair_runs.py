"""What the published documents allow costs no failure: whole cases against servers that do it."""

import tomllib
from dataclasses import replace
from pathlib import Path

import pytest
import tomli_w

from pytest_nac_qod import contracts
from tests.deployments import running
from tests.support.target_runs import check, deployment, written


@pytest.mark.parametrize("release", [contracts.CURRENT, pytest.param("r1.3", marks=pytest.mark.slow)])
def test_device_of_another_scenario_is_no_device_without_profiles(release: str, tmp_path: Path) -> None:
    scenario = "qos_profiles_retrieveQoSProfiles_06_device_qos_profiles_not_found"
    with deployment(release=release) as server:
        target = written(tmp_path, server)
        content = tomllib.loads(target.read_text(encoding="utf-8"))
        del content["devices"]["without_profiles"]
        target.write_text(tomli_w.dumps(content), encoding="utf-8")
        ran = check(target, "--scenario", scenario, "--mode", "strict")
    (result,) = ran.document["results"]
    assert result["verdict"] == "not_tested"
    assert "add [devices.without_profiles]" in result["reason"]


@pytest.mark.slow
def test_client_may_be_shown_what_it_had_itself(tmp_path: Path) -> None:
    wanted = "qos_provisioning_getQosAssignmentByDevice_403.2_different_client_id"
    row = replace(
        running.deployments()["asynchronous"],
        scenarios=["nac_assignment_of_another_client_is_in_the_way", wanted],
    )
    ran = running.run(row, tmp_path)
    assert {result["id"]: result["verdict"] for result in ran.document["results"]}[wanted] in ("pass", "warn")


@pytest.mark.slow
def test_client_that_has_shared_its_key_is_not_asked_without_one(tmp_path: Path) -> None:
    scenario = "quality_on_demand_createSession_422.2_private_key_jwt_not_configured"
    with deployment(release="r4.1") as server:
        target = written(tmp_path, server)
        content = tomllib.loads(target.read_text(encoding="utf-8"))
        tokens = content["tokens"]
        tokens["two_legged"] = tokens["private_key_jwt"]
        target.write_text(tomli_w.dumps(content), encoding="utf-8")
        assert list(check(target, "--scenario", scenario).verdicts().values()) == ["pass"]
        del tokens["second_client"]
        target.write_text(tomli_w.dumps(content), encoding="utf-8")
        assert list(check(target, "--scenario", scenario).verdicts().values()) == ["not_tested"]
