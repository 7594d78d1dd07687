"""A faster validator that goes first where it is installed; what it does not call valid is judged by jsonschema."""

from collections.abc import Callable
from functools import cache
from importlib import import_module
from typing import Any
from urllib.parse import quote

from pytest_nac_qod.contracts.validation.formats import formats
from pytest_nac_qod.foundation.jsontypes import Json, JsonObject

_FORMATS: dict[str, Callable[[str], bool]] = {
    name: lambda text, judge=check: bool(judge(text))  # type: ignore[misc]
    for name, (check, _) in formats.checkers.items()
    if name not in {"int32", "int64"}
}
_INT32 = 2**31
_SAFE = "/~"  # in a JSON pointer as a URI fragment; braces, and # within, are not


def validator(document: JsonObject, base: str, pointer: str) -> Callable[[Json], bool] | None:
    """Whether a value is certainly valid by a schema; None where no fast validator is installed.

    Args:
        document: as `translated` gives it, its patterns as published.
        base: the URI that stands for the document.
        pointer: JSON pointer of the schema, such as `#/components/schemas/Device`.
    """
    library = _library()
    if library is None:
        return None
    registry = library.Registry([(base, document)], draft=library.Draft202012)
    schema = {"$ref": f"{base}#{quote(pointer[1:], safe=_SAFE)}"}
    judge = library.Draft202012Validator(schema, formats=_FORMATS, validate_formats=True, registry=registry)
    return lambda instance: _is_plain(instance) and bool(judge.is_valid(instance))


@cache
def _library() -> Any:  # noqa: ANN401 - a module, or None
    try:
        return import_module("jsonschema_rs")
    except ImportError:  # comes with schemathesis
        return None


def _is_plain(value: object) -> bool:
    """Whether both validators mean the same: other scripts in patterns, whole floats and wide integers are left out."""
    match value:
        case bool() | None:
            return True
        case str():
            return value.isascii() and value.isprintable()
        case int() | float():
            return -_INT32 <= value < _INT32 and (isinstance(value, int) or not value.is_integer())
        case list():
            return all(map(_is_plain, value))
        case dict():
            return all(map(_is_plain, value.keys())) and all(map(_is_plain, value.values()))
        case _:
            return False
