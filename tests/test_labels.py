"""The labels of profiles mean what their names say, wherever they turn up."""

import doctest
import re
import tomllib
from importlib.resources import files

import pytest

from pytest_nac_qod import labels
from pytest_nac_qod.checks.rules import ladder
from pytest_nac_qod.strategies.profiles import CAMARA_PROFILES, NAC_PROFILES
from pytest_nac_qod.target import Profile

LETTERS = {"S": "small", "M": "medium", "L": "large"}


def test_examples_are_right() -> None:
    assert doctest.testmod(labels).failed == 0


@pytest.mark.parametrize("label", labels.NAC, ids=lambda label: label.name)
def test_sizes_and_text_of_a_nac_label_are_in_its_name(label: labels.Label) -> None:
    named = re.fullmatch("DOWNLINK_([SML])_UPLINK_([SML])", label.name)
    assert named
    down, up = (LETTERS[letter] for letter in named.groups())
    assert (label.family, label.downlink, label.uplink, label.limit) == ("nac", down, up, None)
    both = f"{down} downlink and uplink bandwidth"
    assert label.text == (both if down == up else f"{down} downlink and {up} uplink bandwidth")


def test_there_are_nine_and_four() -> None:
    assert len({label.name for label in labels.NAC}) == 9
    assert [(label.name, label.limit) for label in labels.CAMARA] == [
        ("QOS_E", "limited"), ("QOS_S", "lower"), ("QOS_M", "medium"), ("QOS_L", "higher"),
    ]  # fmt: skip
    assert {*CAMARA_PROFILES, *NAC_PROFILES} == {label.name for label in labels.LABELS}


def test_the_embedded_server_has_a_profile_for_each() -> None:
    table = files("pytest_nac_qod.reference").joinpath("profiles.toml").read_text(encoding="utf-8")
    assert {label.name for label in labels.LABELS} <= tomllib.loads(table)["profiles"].keys()


def test_profiles_of_a_target_know_their_labels() -> None:
    label = Profile("DOWNLINK_S_UPLINK_L").label
    assert label is not None
    assert label.text == "small downlink and large uplink bandwidth"
    assert Profile("OPERATOR_GOLD").label is None


def test_labels_out_of_order_are_explained() -> None:
    rate = {"DOWNLINK_M_UPLINK_S": 20, "DOWNLINK_L_UPLINK_S": 10}
    profiles = {
        name: {"name": name, "maxDownstreamRate": {"value": value, "unit": "Mbps"}} for name, value in rate.items()
    }
    (violation,) = ladder(profiles)
    assert violation.expected == (
        "maxDownstreamRate of DOWNLINK_L_UPLINK_S at least that of DOWNLINK_M_UPLINK_S, {'value': 20, 'unit': 'Mbps'}; "
        "DOWNLINK_M_UPLINK_S is medium downlink and small uplink bandwidth, "
        "DOWNLINK_L_UPLINK_S is large downlink and small uplink bandwidth"
    )
