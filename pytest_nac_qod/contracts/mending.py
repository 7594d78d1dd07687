"""Documents that contradict themselves, mended as mends.yaml says; without effect on any other document."""

from collections.abc import Callable
from functools import cache
from importlib.resources import files

from pytest_nac_qod.contracts.facts import parse_own
from pytest_nac_qod.foundation.jsontypes import Json, JsonObject


def mended(document: JsonObject, named: Callable[[str], str] = str) -> JsonObject:
    """The document by which answers are judged; `document` itself is left as it is.

    Args:
        document: that may contradict itself.
        named: what a schema of the published documents is called in this one.
    """
    components = document.get("components", {})
    schemas = dict(components.get("schemas", {}))
    for mend in _mends():
        if (name := named(mend["schema"])) in schemas:
            schemas[name] = _mended(schemas[name], mend)
    return {**document, "components": {**components, "schemas": schemas}}


def in_effect(reading: str, document: JsonObject) -> bool:
    """Whether the reading is none of what a document requires and does not describe, or this one still does."""
    mends = [mend for mend in _mends() if mend["reading"] == reading and "requires" in mend]
    schemas = document.get("components", {}).get("schemas", {})
    return not mends or any(
        mend["schema"] in schemas and _mended(schemas[mend["schema"]], mend) != schemas[mend["schema"]]
        for mend in mends
    )


@cache
def _mends() -> list[JsonObject]:
    mends: list[JsonObject] = parse_own(files(__package__).joinpath("mends.yaml").read_text(encoding="utf-8"))
    return mends


def _mended(schema: Json, mend: JsonObject) -> Json:
    if "write_only" in mend:
        return _write_only(schema, mend["write_only"])
    return _required(schema, mend["requires"], mend["means"])


def _write_only(schema: Json, name: str) -> Json:
    """The schema with the property `name` as OpenAPI marks what stands in requests only."""
    if isinstance(schema, list):
        return [_write_only(item, name) for item in schema]
    if not isinstance(schema, dict):
        return schema
    marked = {key: _write_only(value, name) for key, value in schema.items()}
    described = marked.get("properties")
    if isinstance(described, dict) and isinstance(described.get(name), dict):
        marked["properties"] = {**described, name: {**described[name], "writeOnly": True}}
    return marked


def _required(schema: Json, wrong: str, right: str) -> Json:
    """The schema with `right` required wherever it is described and `wrong`, which is not, is required."""
    if isinstance(schema, list):
        return [_required(item, wrong, right) for item in schema]
    if not isinstance(schema, dict):
        return schema
    corrected = {key: _required(value, wrong, right) for key, value in schema.items()}
    described, required = schema.get("properties"), schema.get("required")
    if isinstance(described, dict) and right in described and wrong not in described and isinstance(required, list):
        corrected["required"] = [right if name == wrong else name for name in required]
    return corrected
