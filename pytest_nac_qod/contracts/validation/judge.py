"""The validator that judges: jsonschema's, which takes a while to import."""

from typing import Any

from jsonschema.exceptions import ValidationError
from referencing import Registry
from referencing.jsonschema import DRAFT202012

from pytest_nac_qod.contracts.validation.formats import VALIDATOR, Validator, formats
from pytest_nac_qod.contracts.validation.schema import Direction, translated
from pytest_nac_qod.foundation.jsontypes import JsonObject

__all__ = ["Registry", "ValidationError", "Validator", "registry", "validator"]


def registry(document: JsonObject, direction: Direction, base: str) -> Registry[Any]:
    """The schemas of a document for one direction of travel, at the URI `base`."""
    resource = DRAFT202012.create_resource(translated(document, direction))
    return Registry().with_resource(base, resource).crawl()  # type: ignore[no-any-return] # referencing's is generic


def validator(schemas: Registry[Any], base: str, pointer: str) -> Validator:
    """Judges by the schema at a JSON pointer."""
    return VALIDATOR({"$ref": f"{base}{pointer}"}, registry=schemas, format_checker=formats)
