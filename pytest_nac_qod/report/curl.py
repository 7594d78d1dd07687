"""Exchanges as shell lines that do the same again, tokens left out."""

import re
import shlex
from collections.abc import Iterable, Mapping

from pytest_nac_qod.jsontypes import Json, JsonObject

_TOKEN = re.compile(r"<redacted:tokens\.(\w+)>")
_LABEL = re.compile(r"<redacted:([^<>]*)>")
_LEFT_OUT = frozenset({"accept", "accept-encoding", "connection", "content-length", "host", "user-agent"})
_ID = re.compile(r'"(sessionId|assignmentId|provisioningId)"\s*:\s*"([^"]+)"')


def _variable(role: str) -> str:
    return "$QOD_TOKEN" if role == "two_legged" else f"$QOD_TOKEN_{role.upper()}"


def _shell(text: str) -> str:
    """`text` in double quotes, redacted values as variables, everything else literal."""
    parts = re.split(r"(<redacted:[^<>]*>)", text)
    return '"' + "".join(_part(part) for part in parts) + '"'


def _part(part: str) -> str:
    if match := _TOKEN.fullmatch(part):
        return _variable(match[1])
    if match := _LABEL.fullmatch(part):
        return "$SECRET_" + re.sub(r"\W", "_", match[1]).upper()
    return re.sub(r'([\\"$`])', r"\\\1", part)


def line(exchange: Mapping[str, Json]) -> str:
    """One curl command for one exchange."""
    request = exchange["request"]
    words = ["curl", "-i", "-X", request["method"], _shell(request["url"])]
    for name, value in request["headers"]:
        if name.lower() not in _LEFT_OUT:
            words += ["-H", _shell(f"{name}: {value}")]
    if body := request["body"]:
        words += ["-d", _shell(body) if _LABEL.search(body) else shlex.quote(body)]
    return " ".join(words)


def lines(exchanges: Iterable[JsonObject], shown: str) -> list[str]:
    """The commands that lead to the exchange with the id `shown`: what created what it is about, then itself."""
    known = list(exchanges)
    last = next((item for item in known if item["id"] == shown), None)
    if last is None or last["role"] == "event":
        last = next((item for item in known if _created(item)), None)
    if last is None:
        return []
    for earlier in known[: known.index(last)]:
        name, key = _created(earlier) or ("", "")
        if key and key in last["request"]["url"]:
            variable = f"{name.removesuffix('Id').upper()}_ID"
            create = f"{variable}=$({line(earlier).replace('curl -i', 'curl -s', 1)} | jq -r .{name})"
            return [create, line(last).replace(key, f"${variable}")]
    return [line(last)]


def _created(exchange: JsonObject) -> tuple[str, str] | None:
    """Name and value of the id that the answer to a create gave."""
    response = exchange["response"]
    if not response or exchange["request"]["method"] != "POST" or not 200 <= response["status"] < 300:
        return None
    found = _ID.search(response["body"])
    return (found[1], found[2]) if found else None
