"""Constraints of JSON Schema in words."""

from pytest_nac_qod.foundation.jsontypes import Json

_FORMATS = {
    "date-time": "an RFC 3339 date-time with a zone",
    "int32": "an integer of 32 bits",
    "int64": "an integer of 64 bits",
    "ipv4": "an IPv4 address",
    "ipv6": "an IPv6 address",
    "uri": "a URI",
    "uri-reference": "a URI reference",
    "url": "a URL",
    "uuid": "a UUID",
}
_PHRASES = {
    "additionalProperties": "no other property",
    "exclusiveMaximum": "less than {}",
    "exclusiveMinimum": "more than {}",
    "maxItems": "at most {} items",
    "maxLength": "at most {} characters",
    "maxProperties": "at most {} properties",
    "maximum": "at most {}",
    "minItems": "at least {} items",
    "minLength": "at least {} characters",
    "minProperties": "at least {} properties",
    "minimum": "at least {}",
    "not": "not as {} says",
    "pattern": "matching {}",
    "required": "present",
    "type": "of type {}",
    "uniqueItems": "no item twice",
}


def expectation(keyword: str, value: Json) -> str:
    """What `keyword` with this value asks for."""
    if keyword == "enum":
        return "one of " + ", ".join(map(str, value)) if len(value) > 1 else str(value[0])
    if keyword == "format":
        return _FORMATS.get(str(value), f"of format {value}")
    if keyword in ("anyOf", "oneOf"):
        return f"{'one' if keyword == 'oneOf' else 'at least one'} of: " + "; ".join(map(_alternative, value))
    return _PHRASES.get(keyword, f"{keyword} {{}}").format(value)


def _alternative(schema: Json) -> str:
    if isinstance(schema, dict) and set(schema) == {"required"}:
        return " and ".join(schema["required"])
    if isinstance(schema, dict) and set(schema) == {"$ref"}:
        return str(schema["$ref"]).rpartition("/")[2]
    return str(schema)
