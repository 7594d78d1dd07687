"""Answers that look otherwise: headers, the text of JSON, times, errors, properties that no schema knows."""

import gzip
import json
from collections.abc import Callable, Mapping
from datetime import UTC, timedelta, timezone
from typing import Any

from pytest_nac_qod.foundation.jsontypes import Json, JsonObject
from pytest_nac_qod.foundation.values import moment
from pytest_nac_qod.reference.faults.answers import changed, returning
from pytest_nac_qod.reference.overrides import Override
from pytest_nac_qod.reference.refusals import Refusal

Headers = dict[str, str]
Written = Callable[[Headers, bytes, int], tuple[Headers, bytes]]
NOTE = {"vendorNote": {"tier": "gold", "hops": [1, 2]}}
SECURITY = {
    "Cache-Control": "no-store",
    "Strict-Transport-Security": "max-age=31536000",
    "Server": "gateway/7",
    "Via": "1.1 edge",
    "RateLimit-Policy": '"default";q=100;w=60',
    "Set-Cookie": "affinity=17; Path=/; HttpOnly",
}
CHALLENGES = 'Basic realm="operators", Bearer realm="camara", error="invalid_token"'


def with_headers(added: Headers, statuses: Callable[[int], bool] = lambda _: True) -> Override:
    """More headers, in answers with such a status."""

    def override(right: Written) -> Written:
        def other(headers: Headers, content: bytes, status: int) -> tuple[Headers, bytes]:
            headers, content = right(headers, content, status)
            return ({**headers, **added} if statuses(status) else headers), content

        return other

    return override


def with_names(respelt: Callable[[str], str]) -> Override:
    """Names of headers in another case."""

    def override(right: Written) -> Written:
        def other(headers: Headers, content: bytes, status: int) -> tuple[Headers, bytes]:
            headers, content = right(headers, content, status)
            return {respelt(name): value for name, value in headers.items()}, content

        return other

    return override


def _chunked(right: Written) -> Written:
    def other(headers: Headers, content: bytes, status: int) -> tuple[Headers, bytes]:
        headers, content = right(headers, content, status)
        return {name: value for name, value in headers.items() if name.lower() != "content-length"}, content

    return other


def _compressed(right: Written) -> Written:
    def other(headers: Headers, content: bytes, status: int) -> tuple[Headers, bytes]:
        headers, content = right(headers, content, status)
        return ({**headers, "Content-Encoding": "gzip"}, gzip.compress(content)) if content else (headers, content)

    return other


def _as_text(dumped: Callable[[Json], str]) -> Override:
    """The same JSON value, written otherwise."""

    def override(right: Written) -> Written:
        def other(headers: Headers, content: bytes, status: int) -> tuple[Headers, bytes]:
            headers, content = right(headers, content, status)
            return headers, dumped(json.loads(content)).encode() if content else content

        return other

    return override


def _spaced(value: Json) -> str:
    return f"\r\n\t{json.dumps(value, indent=4, separators=(' ,', ' : '), ensure_ascii=False)}\n"


def _escaped(value: Json) -> str:
    """JSON with each letter within a text as an escape, as RFC 8259 section 7 allows."""
    if isinstance(value, str):
        return '"' + "".join(f"\\u{ord(letter):04X}" if ord(letter) < 0x10000 else letter for letter in value) + '"'
    if isinstance(value, dict):
        return "{" + ",".join(f"{_escaped(name)}:{_escaped(inner)}" for name, inner in value.items()) + "}"
    return "[" + ",".join(map(_escaped, value)) + "]" if isinstance(value, list) else json.dumps(value)


def _reversed(value: Json) -> Json:
    """The same value with the properties of each object in the opposite order."""
    if isinstance(value, dict):
        return {name: _reversed(value[name]) for name in reversed(value)}
    return [_reversed(item) for item in value] if isinstance(value, list) else value


def spelling(spell: Callable[[str], str]) -> Override:
    """Times in another spelling."""
    return lambda right: lambda text: spell(right(text))


def _whole_seconds(text: str) -> str:
    instant = moment(text)
    return text if instant is None else instant.strftime("%Y-%m-%dT%H:%M:%SZ")


def _nanoseconds(text: str) -> str:
    instant = moment(text)
    return text if instant is None else instant.strftime("%Y-%m-%dT%H:%M:%S.%f000Z")


def _at_offset(minutes: int) -> Callable[[str], str]:
    zone = timezone(timedelta(minutes=minutes))

    def spell(text: str) -> str:
        instant = moment(text)
        return text if instant is None else instant.astimezone(zone).isoformat(timespec="milliseconds")

    return spell


def _unknown_offset(text: str) -> str:
    """UTC, with the offset for a local time that is unknown (RFC 3339 section 4.3)."""
    instant = moment(text)
    return text if instant is None else instant.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S-00:00")


def _noted(body: Json) -> Json:
    """With a property of the vendor's in each object of an answer that is no copy of what was sent."""
    if isinstance(body, list):
        return [_noted(item) for item in body]
    return {**body, **NOTE} if isinstance(body, dict) else body


def on_body(change: Callable[[Json], Json]) -> Override:
    """Another body where all went well."""

    def override(right: Callable[[int, Json, str], tuple[int, Json]]) -> Callable[[int, Json, str], tuple[int, Json]]:
        def other(status: int, body: Json, operation: str) -> tuple[int, Json]:
            status, body = right(status, body, operation)
            return status, change(body)

        return other

    return override


def _unrouted_without_body(right: Callable[[Refusal], JsonObject]) -> Callable[[Refusal], Any]:
    return lambda refusal: None if refusal.status in (405, 415, 501) else right(refusal)


def _made_up(right: Callable[[str, int], str | None]) -> Callable[[str, int], str | None]:
    return lambda correlator, status: right(correlator, status) or "made-here-0001"


def _listed_backwards(body: Json) -> Json:
    return list(reversed(body)) if isinstance(body, list) else body


OVERRIDES: Mapping[str, tuple[str, Override]] = {
    "more_headers": ("written", with_headers(SECURITY)),
    "location_of_what_was_created": ("written", with_headers({"Location": "there/1"}, lambda status: status == 201)),
    "content_type_without_content": (
        "written",
        with_headers({"Content-Type": "application/json"}, lambda status: status == 204),
    ),
    "several_challenges": ("written", with_headers({"WWW-Authenticate": CHALLENGES}, lambda status: status == 401)),
    "retry_after": ("written", with_headers({"Retry-After": "2"}, lambda status: status == 429)),
    "header_names_in_capitals": ("written", with_names(str.upper)),
    "header_names_in_lower_case": ("written", with_names(str.lower)),
    "body_in_chunks": ("written", _chunked),
    "connection_closed": ("written", with_headers({"Connection": "close"})),
    "json_with_spaces": ("written", _as_text(_spaced)),
    "json_with_escapes": ("written", _as_text(_escaped)),
    "properties_in_another_order": (
        "written",
        _as_text(lambda value: json.dumps(_reversed(value))),
    ),
    "body_compressed": ("written", _compressed),
    "charset_in_media_type": ("media_type", returning("application/json; charset=utf-8")),
    "media_type_in_capitals": ("media_type", returning('Application/JSON;Charset="UTF-8"')),
    "correlator_made_up": ("echoed", _made_up),
    "whole_second_times": ("time_text", spelling(_whole_seconds)),
    "times_in_nanoseconds": ("time_text", spelling(_nanoseconds)),
    "times_in_nepal": ("time_text", spelling(_at_offset(345))),
    "times_west_of_utc": ("time_text", spelling(_at_offset(-570))),
    "times_of_unknown_offset": ("time_text", spelling(_unknown_offset)),
    "times_in_lower_case": ("time_text", spelling(str.lower)),
    "properties_of_the_vendor": ("succeeded", on_body(_noted)),
    "lists_in_another_order": ("succeeded", on_body(_listed_backwards)),
    "properties_of_the_vendor_in_errors": ("error_view", changed(**NOTE)),
    "messages_in_japanese": ("error_view", changed(message="この要求は処理できません。")),
    "unrouted_without_body": ("error_view", _unrouted_without_body),
}
