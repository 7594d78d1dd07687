"""What the page says, with the SDK that is installed, on the embedded network."""

from importlib.metadata import version

import pytest

from pytest_nac_qod import labels

GENERATED = version("network-as-code").startswith("10.")
DOCUMENTED = ["QOS_L", "DOWNLINK_M_UPLINK_L", "QOS_L"]


def created(nac_shim):
    return [entry.request.json() for entry in nac_shim.exchanges if entry.operation == "createSession"]


@pytest.mark.skipif(GENERATED, reason="SDK 10 is tested below")
def test_page_with_the_sdk(nac_device, nac_shim):
    from from_4 import sessions_with_labels

    for session, listed in sessions_with_labels(nac_device):
        assert [entry.id for entry in listed] == [session.id]
    assert [body["qosProfile"] for body in created(nac_shim)] == DOCUMENTED


@pytest.mark.skipif(not GENERATED, reason="for SDK 10")
def test_page_with_the_generated_sdk(nac_client, nac_device, nac_shim):
    from from_10 import sessions_with_labels

    for session, listed in sessions_with_labels(nac_client, nac_device):
        assert [entry.session_id for entry in listed] == [session.session_id]
    assert [body["qosProfile"] for body in created(nac_shim)] == DOCUMENTED[:2]


def test_calls_of_the_page_with_every_sdk(nac_device, nac_shim):
    """The device of SDK 10 has the same calls."""
    from from_4 import sessions_with_labels

    for session, listed in sessions_with_labels(nac_device):
        assert [entry.id for entry in listed] == [session.id]
        assert listed[0].status in ("REQUESTED", "AVAILABLE")
    assert [body["qosProfile"] for body in created(nac_shim)] == DOCUMENTED
    assert created(nac_shim)[-1]["applicationServer"] == {"ipv4Address": "198.51.100.10", "ipv6Address": "2001:db8::10"}


@pytest.mark.parametrize("label", labels.LABELS, ids=lambda label: label.name)
def test_each_label(label, nac_device, nac_shim):
    assert nac_device.create_qod_session(label.name, 3600, "198.51.100.10").profile == label.name
    assert created(nac_shim)[-1]["qosProfile"] == label.name


def test_old_order_is_refused(nac_device, nac_shim):
    with pytest.raises((ValueError, TypeError)):
        nac_device.create_qod_session("QOS_L", "198.51.100.10")
    assert created(nac_shim) == []


def test_old_order_with_both_addresses(nac_device, nac_shim):
    """Up to SDK 8 it is sent without a word; the device of SDK 10 refuses it."""
    with pytest.raises(Exception) as caught:  # noqa: PT011 - of the SDK, or ours
        nac_device.create_qod_session("QOS_L", "198.51.100.10", "2001:db8::10")
    if GENERATED:
        assert str(caught.value).endswith("it follows the profile since SDK 4.0.0")
        assert created(nac_shim) == []
    else:
        assert created(nac_shim)[-1]["duration"] == "198.51.100.10"
        assert created(nac_shim)[-1]["applicationServer"]["ipv4Address"] == "2001:db8::10"
