"""Sinks of events, their credentials, and times."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta, timezone

from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

from pytest_nac_qod.contracts import CURRENT
from pytest_nac_qod.foundation.jsontypes import Json, JsonObject
from pytest_nac_qod.strategies.releases import SESSIONS, schema

HOSTS = ("example.com", "example.net", "sink.example.org:8443")  # RFC 2606
USABLE_CREDENTIALS = ("ACCESSTOKEN", "PRIVATE_KEY_JWT")


def sinks(*, hosts: Sequence[str] = HOSTS) -> SearchStrategy[str]:
    """Addresses that events may be sent to, with https as from r3.2 on.

    >>> from hypothesis import find
    >>> find(sinks(), lambda sink: True)
    'https://example.com/events/0'
    """
    paths = st.sampled_from(["events/{}", "{}", "qod/v1/events?session={}", "a/b-c/{}#x"])
    return st.builds(
        lambda host, path, number: f"https://{host}/{path.format(number)}",
        st.sampled_from(list(hosts)),
        paths,
        st.integers(0, 10**9),
    )


def date_times(*, first: datetime, last: datetime) -> SearchStrategy[str]:
    """Times in RFC 3339 in several spellings: UTC or with an offset, with and without a fraction.

    Args:
        first: no earlier than this, to the second.
        last: no later than this.

    >>> from hypothesis import find
    >>> find(date_times(first=datetime(2026, 1, 1, tzinfo=UTC), last=datetime(2027, 1, 1, tzinfo=UTC)), lambda t: True)
    '2026-01-01T00:00:00Z'
    """

    def text(seconds: int, spelling: str, hours: int) -> str:
        moment = first + timedelta(seconds=seconds)
        if spelling == "offset":
            return moment.astimezone(timezone(timedelta(hours=hours))).isoformat(timespec="seconds")
        zulu = moment.astimezone(UTC).isoformat(timespec="milliseconds" if spelling == "fraction" else "seconds")
        return zulu.replace("+00:00", "Z")

    span = int((last - first).total_seconds())
    return st.builds(text, st.integers(0, span), st.sampled_from(["plain", "fraction", "offset"]), st.integers(-12, 14))


def sink_credentials(*, release: str = CURRENT, kinds: Sequence[str] | None = None) -> SearchStrategy[JsonObject]:
    """Credentials that events are authenticated with; tokens are made up and valid until 2099.

    Args:
        release: which kinds there are.
        kinds: values of `credentialType`; those that a provider lets one use when None.

    >>> from hypothesis import find
    >>> find(sink_credentials(), lambda credential: True)["accessTokenExpiresUtc"]
    '2098-01-01T00:00:00Z'
    """
    known = credential_kinds(release)
    wanted = [kind for kind in USABLE_CREDENTIALS if kind in known] if kinds is None else kinds
    return st.one_of([st.fixed_dictionaries(_credential(kind)) for kind in wanted])


def credential_kinds(release: str) -> list[str]:
    """The values of `credentialType` that the release has a schema for."""
    return list(schema(release, "SinkCredential", SESSIONS)["discriminator"]["mapping"])


def _credential(kind: str) -> dict[str, SearchStrategy[Json]]:
    name = st.integers(0, 10**12).map("made-up-{}".format)
    uri = sinks()
    if kind == "PLAIN":
        return {"credentialType": st.just(kind), "identifier": name, "secret": name}
    if kind == "PRIVATE_KEY_JWT":
        return {"credentialType": st.just(kind), "clientId": name, "tokenUri": uri}
    token: dict[str, SearchStrategy[Json]] = {
        "credentialType": st.just(kind),
        "accessToken": name,
        "accessTokenExpiresUtc": date_times(
            first=datetime(2098, 1, 1, tzinfo=UTC), last=datetime(2099, 1, 1, tzinfo=UTC)
        ),
        "accessTokenType": st.just("bearer"),
    }
    return {**token, "refreshToken": name, "refreshTokenEndpoint": uri} if kind == "REFRESHTOKEN" else token
