"""Arguments are mixed up in the form that a client's callers write them."""

import pytest

from pytest_nac_qod import contracts
from pytest_nac_qod.cli import parser
from pytest_nac_qod.foundation.jsontypes import Json
from pytest_nac_qod.sdk.cases import Client, client_cases
from pytest_nac_qod.sdk.kinds import plan
from pytest_nac_qod.verdicts import NotApplicable

IPV4, IPV6 = "198.51.100.10", "2001:db8::5:6"
DEVICE = {"phone_number": "+99999991000"}
CONTRACT = contracts.contract("r3.2", "quality-on-demand")
NAMES_ONLY = Client(name="tiny", version="1", calls=frozenset({"create"}))
POSITIONAL = Client(
    name="tiny", version="1", positional=("profile", "duration", "service_ipv4", "service_ipv6"), calls=frozenset()
)


@pytest.mark.parametrize(
    ("case", "args", "kwargs"),
    [
        ("nac_client_address_before_profile", [IPV4, 3600, "QOS_L"],
         {"profile": IPV4, "duration": 3600, "service_ipv4": "QOS_L"}),
        ("nac_client_addresses_swapped", ["QOS_L", 3600, IPV6, IPV4],
         {"profile": "QOS_L", "duration": 3600, "service_ipv4": IPV6, "service_ipv6": IPV4}),
    ],
)  # fmt: skip
def test_mixed_up_in_the_callers_form(case: str, args: list[Json], kwargs: dict[str, Json]) -> None:
    (positional,) = plan(client_cases()[case], POSITIONAL, DEVICE, CONTRACT)
    (named,) = plan(client_cases()[case], NAMES_ONLY, DEVICE, CONTRACT)
    assert (positional.args, positional.kwargs) == (args, {})
    assert (named.args, named.kwargs) == ((), kwargs)


@pytest.mark.parametrize("case", ["nac_client_order_before_4", "nac_client_order_from_4"])
def test_a_client_without_positions_has_no_order(case: str) -> None:
    with pytest.raises(NotApplicable, match="the client takes names only"):
        plan(client_cases()[case], NAMES_ONLY, DEVICE, CONTRACT)


def test_the_matrix_can_be_cut_down() -> None:
    assert parser().parse_args(["sdk-matrix", "--versions", "3.1.0,npm:10.0.0"]).versions == "3.1.0,npm:10.0.0"
