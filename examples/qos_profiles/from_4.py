"""The page with Network as Code SDK 4.0.0 to 8.0.0, where the duration follows the profile."""

import sys

import network_as_code as nac


def sessions_with_labels(device):
    """Sessions with a CAMARA label and with a Network as Code label, one after the other."""
    by_keyword = device.create_qod_session(
        profile="QOS_L",
        duration=3600,
        service_ipv4="198.51.100.10",
        service_ipv6="2001:db8::10",
    )
    yield by_keyword, device.sessions()
    by_keyword.delete()

    with_nac_label = device.create_qod_session(
        profile="DOWNLINK_M_UPLINK_L", duration=3600, service_ipv4="198.51.100.10"
    )
    yield with_nac_label, device.sessions()
    with_nac_label.delete()

    # without keywords, the profile comes before the IP addresses, and the duration between them
    by_position = device.create_qod_session("QOS_L", 3600, "198.51.100.10", "2001:db8::10")
    yield by_position, device.sessions()
    by_position.delete()


if __name__ == "__main__":
    url, key = sys.argv[1:]
    client = nac.NetworkAsCodeClient(token=key, qos_base_url=url)
    my_device = client.devices.get(phone_number="+99999991000")
    for session, listed in sessions_with_labels(my_device):
        print(session.profile, session.id in [entry.id for entry in listed])
