"""The application with the real SDK on the embedded server: no network, no account."""

import pytest
from livestream import UplinkError, boost, live

SERVER = "198.51.100.10"


def test_uplink_is_there_while_the_camera_is_live(nac_device, nac_shim):
    with live(nac_device, SERVER) as session:
        assert [listed.id for listed in nac_device.sessions()] == [session.id]
    assert nac_device.sessions() == []
    created = nac_shim.exchanges[0]
    assert created.request.json()["qosProfile"] == "DOWNLINK_S_UPLINK_L"
    assert created.response.status == 201


def test_uplink_is_given_back_when_the_stream_fails(nac_device):
    with pytest.raises(RuntimeError), live(nac_device, SERVER):
        raise RuntimeError("no more frames")
    assert nac_device.sessions() == []


def test_session_ends_by_itself_after_its_time(nac_device, qod_server):
    boost(nac_device, "QOS_L", SERVER, seconds=60)
    qod_server.clock.advance(30)
    assert [listed.status for listed in nac_device.sessions()] == ["AVAILABLE"]
    qod_server.clock.advance(60)
    assert [listed.status for listed in nac_device.sessions()] == ["UNAVAILABLE"]


def test_second_stream_to_the_same_server_is_refused(nac_device):
    with live(nac_device, SERVER), pytest.raises(UplinkError, match="409"):
        boost(nac_device, "QOS_L", SERVER)


def test_busy_network(nac_device, nac_shim):
    from pytest_nac_qod.sdk.shim import Intervention

    body = {"status": 503, "code": "UNAVAILABLE", "message": "Try again later."}
    nac_shim.intervene(Intervention(operation="createSession", status=503, body=body))
    with pytest.raises(UplinkError, match="UNAVAILABLE"):
        boost(nac_device, "QOS_L", SERVER)


def test_server_with_ipv6_alone_cannot_be_reached_yet(nac_device):
    """network-as-code 8.0.0 sends ipv4Address null with it, which the API forbids: found here, not in the field."""
    with pytest.raises(UplinkError, match="ipv4Address"):
        boost(nac_device, "QOS_L", "2001:db8::10")
