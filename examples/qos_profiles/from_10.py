"""The page with Network as Code SDK 10.0.0, which takes keywords only."""

import sys

import network_as_code as nac


def sessions_with_labels(client, device):
    """Sessions with a CAMARA label and with a Network as Code label, one after the other."""
    server = {"ipv4address": "198.51.100.10", "ipv6address": "2001:db8::10"}
    for label in ("QOS_L", "DOWNLINK_M_UPLINK_L"):
        session = client.qod.create_session_v1(
            device=device, qos_profile=label, application_server=server, duration=3600
        )
        yield session, client.qod.retrieve_sessions_v1(device=device)
        client.qod.delete_session_v1(session.session_id)


if __name__ == "__main__":
    url, key = sys.argv[1:]
    client = nac.NetworkAsCodeApi(base_url=url, api_key=key)
    my_device = {"phone_number": "+99999991000"}
    for session, listed in sessions_with_labels(client, my_device):
        print(session.qos_profile, session.session_id in [entry.session_id for entry in listed])
