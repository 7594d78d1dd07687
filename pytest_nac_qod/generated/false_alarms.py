"""Which failures of generic checks are none on this API: data, with their reasons."""

import re
import tomllib
from collections.abc import Callable, Iterator, Mapping
from functools import cache
from importlib.resources import files

from pytest_nac_qod.foundation.jsontypes import Json, JsonObject
from pytest_nac_qod.foundation.values import moment
from pytest_nac_qod.generated.sent import Sent

_TOKEN = re.compile(r"[A-Za-z0-9._~+/-]+=*")  # RFC 6750 section 2.1


def _reversed_range(sending: Sent) -> bool:
    return any(
        isinstance(port_range, dict) and _number(port_range.get("from")) > _number(port_range.get("to"))
        for ports in ("devicePorts", "applicationServerPorts")
        for port_range in _items(_property(_property(sending.body, ports), "ranges"))
    )


def _credential_expired(sending: Sent) -> bool:
    until = _property(_property(sending.body, "sinkCredential"), "accessTokenExpiresUtc")
    expires = moment(until)
    return expires is not None and expires <= sending.answer.exchange.answered


def _token_unfit(sending: Sent) -> bool:
    token = _property(_property(sending.body, "sinkCredential"), "accessToken")
    return isinstance(token, str) and not _TOKEN.fullmatch(token)


WHEN: Mapping[str, Callable[[Sent], bool]] = {
    "port range reversed": _reversed_range,
    "credential expired": _credential_expired,
    "token unfit for a header": _token_unfit,
    "device unsupported": lambda alarm: alarm.answer.status in (404, 422),
    "valid after all": lambda alarm: not alarm.errors,
}


@cache
def known() -> tuple[JsonObject, ...]:
    """Each known false alarm."""
    content = tomllib.loads(files(__package__).joinpath("false_alarms.toml").read_text(encoding="utf-8"))
    return tuple(content["false_alarm"])


def excused(check: str, operation: str, sending: Sent) -> bool:
    """Whether a failure of this check is one of them."""
    return any(
        entry["check"] == check
        and {"*", operation} & set(entry["operation"])
        and ("when" not in entry or WHEN[entry["when"]](sending))
        for entry in known()
    )


def _property(value: Json, name: str) -> Json:
    return value.get(name) if isinstance(value, dict) else None


def _items(value: Json) -> Iterator[Json]:
    yield from value if isinstance(value, list) else ()


def _number(value: Json) -> float:
    return value if isinstance(value, int | float) else 0
