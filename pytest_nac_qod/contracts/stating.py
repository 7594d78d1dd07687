"""Checks what the file of a release states, so that a mistyped key is told and not passed over."""

import difflib
import json
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any, cast

from pytest_nac_qod.foundation.jsontypes import Json, JsonObject
from pytest_nac_qod.foundation.problems import UnusableError

if TYPE_CHECKING:
    from jsonschema import Draft202012Validator
    from jsonschema.exceptions import ValidationError


class ContractError(UnusableError):
    """A contract that cannot be loaded; the message names the file or reference and what to do."""


def checked(content: Json, release: str, where: str) -> JsonObject:
    """What the file of `release` states, which is `content`.

    Raises:
        ContractError: it has a key that means nothing, or a value of another kind; names file, key and what to do.
    """
    if told := problem_in(content, __package__, "release"):
        raise ContractError(f"{where}: {told}")
    stated = cast("JsonObject", content)
    if stated["follows"] == release:
        raise ContractError(f"{where}: follows: a release cannot follow itself; name the one that it is most like")
    return stated


def problem_in(content: Json, package: str, name: str) -> str:
    """What is wrong with a file by the schema NAME.schema.json of a package: key and mend; empty when nothing is."""
    errors = sorted(
        _schema(package, name).iter_errors(content), key=lambda error: error.validator != "additionalProperties"
    )
    return _said(errors[0]) if errors else ""  # a key that is missing may be there, mistyped


def _said(error: "ValidationError") -> str:
    key = ".".join(map(str, error.absolute_path))
    before = f"{key}: " if key else ""
    schema: Any = error.schema
    instance: Any = error.instance
    if error.validator == "additionalProperties":
        return before + _mistyped(list(map(str, instance)), list(schema["properties"]))
    if error.validator == "required":
        missing = next(name for name in schema["required"] if name not in instance)
        return f"{before}{missing}: missing; add it"
    if error.validator == "enum":
        return f"{before}{instance!r} is none of {', '.join(map(repr, schema['enum']))}"
    return f"{before}{error.message[:160]}; see docs/adding-a-release.md"


def _mistyped(names: list[str], known: list[str]) -> str:
    unknown = next(name for name in names if name not in known)
    near = difflib.get_close_matches(unknown, known, n=1)
    mend = f"did you mean {near[0]}?" if near else f"known: {', '.join(known)}"
    return f"{unknown}: no such key; {mend}"


@cache
def _schema(package: str, name: str) -> "Draft202012Validator":
    from jsonschema import Draft202012Validator

    text = files(package).joinpath(f"{name}.schema.json").read_text(encoding="utf-8")
    return Draft202012Validator(json.loads(text))
