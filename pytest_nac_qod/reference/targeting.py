"""The embedded server as a target."""

from collections.abc import Mapping

from pytest_nac_qod.reference import control
from pytest_nac_qod.reference.world import world
from pytest_nac_qod.target import (
    DISJOINT_SERVER,
    EXAMPLE_SERVER,
    UNKNOWN_DEVICE,
    UNKNOWN_PROFILE,
    Polling,
    Profile,
    Target,
)
from pytest_nac_qod.target.hooks import ARGUMENTS, Hook
from pytest_nac_qod.target.tokens import ClientCredentials, StaticToken, TokenSource

_POOL = "pool-"  # names of devices
_CLIENTS = {
    "two_legged": "application",
    "second_client": "neighbour",
    "private_key_jwt": "keyholder",
    "over_quota": "spendthrift",
}


def target(url: str, release: str, apis: Mapping[str, str], key: str, *, embedded: bool = True) -> Target:
    """All that a tester needs to reach the server at `url`, which has these base URLs by API, and this control key.

    `embedded`: in the same process. Of a server in another one, nobody can say when nothing more comes from it.
    """
    seeds = world(release)
    known = {name: dict(device.identifiers) for name, device in seeds.devices.items()}
    normal = seeds.profiles["QOS_L"]
    return Target(
        name="embedded reference server",
        release=release,
        apis=apis,
        tokens={**_clients(url, release), **_tokens()},
        devices={
            "default": {"phoneNumber": known["mobile-1"]["phoneNumber"]},
            "several": known["mobile-1"],
            "second": known["mobile-2"],
            "mismatched": {
                "phoneNumber": known["mobile-1"]["phoneNumber"],
                "ipv4Address": known["mobile-2"]["ipv4Address"],
            },
            "three_legged": known["mobile-4"],
            "idle": known["mobile-6"],
            "restricted": known["car-1"],
            "asynchronous": known["drone-1"],
            "without_profiles": known["tracker-1"],
            "not_found": UNKNOWN_DEVICE,
            "not_applicable": known["meter-1"],
            "unsupported": {"networkAccessIdentifier": "device@example.com"},
        },
        pool=tuple(known[name] for name in known if name.startswith(_POOL)),
        profiles={
            "default": Profile(normal.name, normal.min_duration, normal.max_duration),
            "inactive": Profile("QOS_PAUSED"),
            "deprecated": Profile("QOS_OLD"),
            "restricted": Profile("QOS_FLEET"),
            "unknown": Profile(UNKNOWN_PROFILE),
        },
        application_servers={"default": EXAMPLE_SERVER, "disjoint": DISJOINT_SERVER},
        polling=Polling(interval=0.01, budget=2.0 if embedded else 5.0),
        hooks={name: Hook(name, url=control.address(url, name, key)) for name in ARGUMENTS},
        embedded=embedded,
    )


def _clients(url: str, release: str) -> dict[str, TokenSource]:
    clients = world(release).clients
    return {
        role: ClientCredentials(
            role=role, token_url=f"{url}/oauth2/token", client_id=name, client_secret=clients[name].secret
        )
        for role, name in _CLIENTS.items()
    }


def _tokens() -> dict[str, TokenSource]:
    return {
        "without_scope": StaticToken("scopeless-token"),
        "three_legged": StaticToken("three-legged-token"),
        "expired": StaticToken("expired-token"),
        "other_audience": StaticToken("token-for-others"),
    }
