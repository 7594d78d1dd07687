"""A run with an address and a token only: what nobody named costs nothing."""

from pathlib import Path

import pytest

from pytest_nac_qod.reference import ReferenceServer
from tests.support.target_runs import Ran, at_address

REASON = "createSession answered 404 IDENTIFIER_NOT_FOUND, perhaps since nobody named +123456789; add [devices.default]"


@pytest.fixture(scope="module")
def ran(tmp_path_factory: pytest.TempPathFactory) -> Ran:
    with ReferenceServer() as server:
        return at_address(tmp_path_factory.mktemp("url"), server, "--api", "quality-on-demand", "--api", "qos-profiles")


def test_a_correct_server_passes(ran: Ran) -> None:
    assert ran.status == 0, ran.text
    assert not [one["id"] for one in ran.document["results"] if one["verdict"] not in ("pass", "not_tested")]


def test_what_needs_a_known_device_is_not_tested(ran: Ran) -> None:
    row = "quality_on_demand_createSession_01_generic_success_scenario"
    result = next(one for one in ran.document["results"] if one["id"] == row)
    assert (result["verdict"], result["reason"], result["violations"]) == ("not_tested", REASON, [])


def test_what_comes_before_the_device_is_judged(ran: Ran) -> None:
    for row in (
        "quality_on_demand_createSession_401.1_no_authorization_header",
        "quality_on_demand_createSession_400.1_schema_not_compliant",
        "quality_on_demand_getSession_404.1_not_found",
        "qos_profiles_retrieveQoSProfiles_01_generic_success_scenario",
    ):
        assert ran.verdicts()[row] == "pass", row


def test_tokens_that_nobody_checks_fail_all_the_same(tmp_path: Path) -> None:
    with ReferenceServer() as server:
        server.reset(faults=("missing_token_accepted",))
        found = at_address(tmp_path, server, "--scenario", "quality_on_demand_createSession_401.1*")
    assert found.status == 1
    assert [one["violations"][0]["actual"] for one in found.of("fail")][:1] == ["404 IDENTIFIER_NOT_FOUND"]
