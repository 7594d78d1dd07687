"""Exchanges as shell lines that do the same again, tokens left out."""

import re
import shlex
from collections.abc import Iterable, Mapping

from pytest_nac_qod.foundation.jsontypes import Json

_LABEL = re.compile(r"<redacted:([^<>]*)>")
_TOKEN = re.compile(r"tokens\.\w+")
_VARIABLE = re.compile(r"env\.([A-Za-z_]\w*)", re.ASCII)
_LEFT_OUT = frozenset({"accept", "accept-encoding", "connection", "content-length", "host", "user-agent"})
_ID = re.compile(r'"(sessionId|assignmentId|provisioningId)"\s*:\s*"([^"]+)"')


def _secret(label: str) -> str:
    """What stands for a secret: the variable that it came from, or words that say what to put there."""
    if variable := _VARIABLE.fullmatch(label):
        return f"${variable[1]}"
    if _TOKEN.fullmatch(label):
        return f"<access token of {label}>"
    return _literal(f"<{label}>") if "." in label else "<a secret that was left out>"


def _literal(text: str) -> str:
    return re.sub(r'([\\"$`])', r"\\\1", text)


def _shell(text: str) -> str:
    """`text` in double quotes, secrets as variables or placeholders, everything else literal."""
    parts = re.split(r"(<redacted:[^<>]*>)", text)
    return '"' + "".join(_part(part) for part in parts) + '"'


def _part(part: str) -> str:
    if match := _LABEL.fullmatch(part):
        return _secret(match[1])
    return _literal(part)


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


def keeping(command: str, variable: str, name: str) -> str:
    """A command that keeps a property of its answer in a variable."""
    return f"{variable}=$({command.replace('curl -i', 'curl -s', 1)} | jq -r .{name})"


def lines(exchanges: Iterable[Mapping[str, Json]], shown: str) -> list[str]:
    """The commands that lead to the exchange with the id `shown`: what created what it is about, then itself."""
    known = list(exchanges)
    last = next((item for item in known if item["id"] == shown), None)
    if last is None or last["role"] == "event":
        last = next((item for item in known if created(item)), None)
    if last is None:
        return []
    for earlier in known[: known.index(last)]:
        name, key = created(earlier) or ("", "")
        if key and key in last["request"]["url"]:
            variable = f"{name.removesuffix('Id').upper()}_ID"
            return [keeping(line(earlier), variable, name), line(last).replace(key, f"${variable}")]
    return [line(last)]


def created(exchange: Mapping[str, Json]) -> tuple[str, str] | None:
    """Name and value of the id that the answer to a create gave."""
    response = exchange["response"]
    if not response or exchange["request"]["method"] != "POST" or not 200 <= response["status"] < 300:
        return None
    created_id = _ID.search(response["body"])
    return (created_id[1], created_id[2]) if created_id else None
