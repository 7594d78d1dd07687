"""Schemas as files of facts have them: without words, and with references by name."""

from pytest_nac_qod.foundation.jsontypes import Json, JsonObject

_WORDS = frozenset({"description", "summary", "title", "example", "examples", "externalDocs", "deprecated", "xml"})
_SCHEMAS = "#/components/schemas/"
_NAMED = frozenset({"properties", "mapping"})  # what is under these is named freely


def bare(schema: Json, holder: str = "") -> Json:
    """The schema as a file of facts has it; `holder` is the key that it stands under."""
    if isinstance(schema, list):
        return [bare(item) for item in schema]
    if isinstance(schema, str):
        return schema.removeprefix(_SCHEMAS) if holder in ("$ref", "mapping") else schema
    if not isinstance(schema, dict):
        return schema
    kept = {key: value for key, value in schema.items() if holder in _NAMED or not _is_word(key)}
    return {key: bare(value, holder if holder == "mapping" else key) for key, value in kept.items()}


def by_name(schema: JsonObject) -> str | JsonObject:
    """A schema that is a reference by its name alone, another as `bare` has it."""
    stripped: JsonObject = bare(schema)
    return str(stripped["$ref"]) if set(stripped) == {"$ref"} else stripped


def _is_word(key: str) -> bool:
    return key in _WORDS or key.startswith("x-")
