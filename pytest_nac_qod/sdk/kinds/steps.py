"""What several kinds of case have in common: arguments, calls, and how an outcome is told; pure."""

from collections.abc import Iterable, Iterator, Mapping, Sequence

from pytest_nac_qod.foundation.jsontypes import Json, JsonObject
from pytest_nac_qod.sdk.cases import ARGUMENTS, SINK_TOKEN, Client, ClientCall, Observation
from pytest_nac_qod.verdicts import NotApplicable

MORE = 600  # seconds that a session is extended by
SIMPLE = ("profile", "duration", "service_ipv4")
HEADERS: Mapping[str, str] = {
    "X-RapidAPI-Key": "key-of-the-client-cases",
    "X-RapidAPI-Host": "network-as-code.nokia.rapidapi.com",
}
SECRETS: Mapping[str, str] = {"client.key": HEADERS["X-RapidAPI-Key"], "client.sink_token": SINK_TOKEN}
UNREPEATED: Mapping[str, int] = {"max_retries": 0}
Found = Iterator[tuple[str, str, Observation]]  # expected, actual, where


def arguments(names: Iterable[str]) -> dict[str, Json]:
    """The arguments of these names, as the cases give them."""
    return {name: ARGUMENTS[name] for name in names}


def by_position(client: Client, given: Mapping[str, Json]) -> list[Json]:
    """`given` in the order of the client; None for what comes before the last of them and is not given.

    Raises:
        NotApplicable: the client takes names only, or has no such argument.
    """
    if not client.positional:
        raise NotApplicable("the client takes names only")
    if missing := [name for name in given if name not in client.positional]:
        raise NotApplicable(f"the client takes no {missing[0]} by position")
    last = max(client.positional.index(name) for name in given)
    return [given.get(name) for name in client.positional[: last + 1]]


def create(device: JsonObject, names: Iterable[str] = SIMPLE, about: str = "") -> ClientCall:
    """A create with these arguments."""
    return ClientCall(call="create", device=device, kwargs=arguments(names), fresh=True, about=about)


def has(client: Client, call: str) -> None:
    """Make sure of a call.

    Raises:
        NotApplicable: the client has no such call.
    """
    if call not in client.calls:
        raise NotApplicable(f"the client has no call to {call} sessions")


def outcome(seen: Observation) -> str:
    """How a call ended, in words."""
    if seen.error is not None:
        message = " ".join(seen.error["message"].split())
        return f"{seen.error['type']}: {message[:200]}" if message else f"{seen.error['type']} without a message"
    return f"returned {str(seen.result)[:120]}"


def succeeded(observations: Sequence[Observation]) -> Found:
    """Each call that failed."""
    for seen in observations:
        if seen.error is not None:
            yield f"{seen.call.call} succeeds", outcome(seen), seen


def id_of(value: Json) -> Json:
    """Id of a session as the client shows it."""
    return value.get("id") if isinstance(value, dict) else None


def ids_of(value: Json) -> list[Json]:
    """Ids of sessions as the client shows them."""
    return [id_of(session) for session in value] if isinstance(value, list) else []


def once(seen: Observation, operation: str) -> Found:
    """An operation that was not sent exactly once."""
    count = len(seen.sent(operation))
    if count != 1:
        yield f"{operation} is sent once", f"sent {count} times", seen
