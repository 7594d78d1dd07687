"""Sinks of events, their credentials, and times."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta, timezone

from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

from pytest_nac_qod.contracts import CURRENT
from pytest_nac_qod.foundation.jsontypes import JsonObject
from pytest_nac_qod.strategies.recipes import Recipe
from pytest_nac_qod.strategies.releases import SESSIONS, schema

HOSTS = ("example.com", "example.net", "sink.example.org:8443")  # RFC 2606
_PATHS = ("events/{}", "{}", "qod/v1/events?session={}", "a/b-c/{}#x")
_YEAR = 365 * 86400  # seconds
_SPELLINGS = st.sampled_from([("plain", 0), ("fraction", 0), *(("offset", hours) for hours in range(-12, 15))])
USABLE_CREDENTIALS = ("ACCESSTOKEN", "PRIVATE_KEY_JWT")


def sinks(*, hosts: Sequence[str] = HOSTS) -> SearchStrategy[str]:
    """Addresses that events may be sent to, with https as newer releases want it.

    >>> from hypothesis import find
    >>> find(sinks(), lambda sink: True)
    'https://example.com/events/0'
    """
    return sink_recipe(hosts).strategy()


def sink_recipe(hosts: Sequence[str] = HOSTS) -> Recipe:
    """Addresses from one choice."""
    forms = [f"https://{host}/{path}" for host in hosts for path in _PATHS]
    return Recipe((st.integers(0, 10**10),), lambda number: forms[number % len(forms)].format(number // len(forms)))


def date_times(*, first: datetime, last: datetime) -> SearchStrategy[str]:
    """Times in RFC 3339 in several spellings: UTC or with an offset, with and without a fraction.

    Args:
        first: no earlier than this, to the second.
        last: no later than this.

    >>> from hypothesis import find
    >>> find(date_times(first=datetime(2026, 1, 1, tzinfo=UTC), last=datetime(2027, 1, 1, tzinfo=UTC)), lambda t: True)
    '2026-01-01T00:00:00Z'
    """
    span = int((last - first).total_seconds())
    return st.builds(_text, st.integers(0, span).map(lambda seconds: first + timedelta(seconds=seconds)), _SPELLINGS)


def _text(moment: datetime, spelling: tuple[str, int]) -> str:
    kind, hours = spelling
    if kind == "offset":
        return moment.astimezone(timezone(timedelta(hours=hours))).isoformat(timespec="seconds")
    zulu = moment.astimezone(UTC).isoformat(timespec="milliseconds" if kind == "fraction" else "seconds")
    return zulu.replace("+00:00", "Z")


def sink_credentials(*, release: str = CURRENT, kinds: Sequence[str] | None = None) -> SearchStrategy[JsonObject]:
    """Credentials that events are authenticated with; tokens are made up and valid until 2099.

    Args:
        release: which kinds there are.
        kinds: values of `credentialType`; those that a provider lets one use when None.

    >>> from hypothesis import find
    >>> find(sink_credentials(), lambda credential: True)["accessTokenExpiresUtc"]
    '2098-01-01T00:00:00Z'
    """
    wanted = usable_credentials(release) if kinds is None else kinds
    return credential_recipe(wanted).strategy()


def credential_recipe(kinds: Sequence[str]) -> Recipe:
    """Credentials from one choice."""
    count = len(kinds)
    return Recipe((st.integers(0, 10**12),), lambda number: _credential(kinds[number % count], number // count))


def usable_credentials(release: str) -> list[str]:
    """The kinds that a provider lets one use."""
    known = credential_kinds(release)
    return [kind for kind in USABLE_CREDENTIALS if kind in known]


def credential_kinds(release: str) -> list[str]:
    """The values of `credentialType` that the release has a schema for."""
    return list(schema(release, "SinkCredential", SESSIONS)["discriminator"]["mapping"])


def _credential(kind: str, number: int) -> JsonObject:
    name, uri = f"made-up-{number}", f"https://{HOSTS[0]}/{_PATHS[0].format(number)}"
    if kind == "PLAIN":
        return {"credentialType": kind, "identifier": name, "secret": name}
    if kind == "PRIVATE_KEY_JWT":
        return {"credentialType": kind, "clientId": name, "tokenUri": uri}
    kinds, expiry = (("plain", 0), ("fraction", 0), ("offset", 2)), datetime(2098, 1, 1, tzinfo=UTC)
    token: JsonObject = {
        "credentialType": kind,
        "accessToken": name,
        "accessTokenExpiresUtc": _text(expiry + timedelta(seconds=number % _YEAR), kinds[number % 3]),
        "accessTokenType": "bearer",
    }
    return {**token, "refreshToken": name, "refreshTokenEndpoint": uri} if kind == "REFRESHTOKEN" else token
