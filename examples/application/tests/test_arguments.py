"""Whatever `boost` is told, the network is asked for just that."""

from functools import partial

from livestream import boost
from network_as_code import NetworkAsCodeClient

from pytest_nac_qod.strategies import arguments_reach_the_wire, misordered_arguments_are_refused


def boosting_at(url: str) -> partial:
    client = NetworkAsCodeClient(token="any", qos_base_url=url)
    return partial(boost, client.devices.get(phone_number="+99999991000"))


def test_arguments_reach_the_wire() -> None:
    # SDK 8 sends a null for it when the server has an IPv6 address alone: see test_uplink.py
    arguments_reach_the_wire(boosting_at, also=["$.applicationServer.ipv4Address"])


def test_mixed_up_arguments_are_refused() -> None:
    misordered_arguments_are_refused(boosting_at)
