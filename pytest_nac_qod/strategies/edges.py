"""Arguments at the edge of what the contract allows, where clients cut, cap and tidy up."""

from collections.abc import Iterator

from pytest_nac_qod.contracts import CURRENT
from pytest_nac_qod.foundation.jsontypes import Json
from pytest_nac_qod.signatures import EITHER_ADDRESS, PORTS
from pytest_nac_qod.strategies.arguments import FAMILY_PATHS, Families
from pytest_nac_qod.strategies.durations import LONGEST
from pytest_nac_qod.strategies.releases import schema

_IPV4, _IPV6 = "198.51.100.0/24", "2001:db8::/32"
_SECONDS = (1, 59, 3601, 32_768, 65_536, 86_400, 86_401, LONGEST)
_EVERY_IDENTIFIER: Json = {
    "phoneNumber": "+99999991000",
    "networkAccessIdentifier": "user@example.com",
    "ipv4Address": {"publicAddress": "198.51.100.1", "privateAddress": "10.0.0.1", "publicPort": 65_535},
    "ipv6Address": "2001:db8::1",
}


def edges(path: str) -> Iterator[tuple[Families, Json]]:
    """Values for the argument that stands at a JSONPath of the body, and the family of addresses to give with each."""
    if path == "$.duration":
        yield from (("ipv4", seconds) for seconds in _SECONDS)
    elif path == "$.qosProfile":
        names = schema(CURRENT, "QosProfileName")
        yield from (("ipv4", name) for name in ("q.o-s_9", "Q" * names["maxLength"]))
    elif path in PORTS:
        port = schema(CURRENT, "Port")
        least, most = port["minimum"], port["maximum"]
        yield "ipv4", {"ports": [least, most]}
        yield "ipv4", {"ports": [443], "ranges": [{"from": least, "to": 443}, {"from": 1024, "to": most}]}
    elif path == "$.device":
        yield "ipv4", _EVERY_IDENTIFIER
    elif path == "$.applicationServer":
        yield "both", {"ipv4Address": _IPV4, "ipv6Address": _IPV6}
    elif path == "$.sink":
        yield "ipv4", "https://sink.example.org:8443/a/B?c=d%20e&f=g/"
    for family, address in (("ipv4", _IPV4), ("ipv6", _IPV6)):
        if path in (FAMILY_PATHS[family], EITHER_ADDRESS):
            yield ("ipv4" if family == "ipv4" else "ipv6"), address
