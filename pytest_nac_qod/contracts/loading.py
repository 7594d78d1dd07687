"""Documents by name: ours, or a file."""

import json
from collections.abc import Callable
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING, Final

import yaml

from pytest_nac_qod.contracts.assemble import assemble
from pytest_nac_qod.contracts.bundling import BundlingError, bundled
from pytest_nac_qod.contracts.facts import apis, parse_yaml, releases
from pytest_nac_qod.contracts.pointers import escaped
from pytest_nac_qod.contracts.stating import ContractError
from pytest_nac_qod.foundation.jsontypes import Json, JsonObject
from pytest_nac_qod.foundation.visible import one_line

if TYPE_CHECKING:
    from jsonschema import Draft202012Validator

_LARGEST: Final = 10_000_000  # bytes of a document
_SHOWN = 200  # characters of what is wrong
MISLEADING: Final = (AttributeError, LookupError, RecursionError, TypeError, ValueError)
"""What reading raises where a reference leads to something of another kind."""


@cache
def document(release: str, api: str) -> JsonObject:
    """The OpenAPI document of `api` in `release`; to be read only.

    Raises:
        ContractError: there is no such release, or no such API in it.
    """
    if release not in releases():
        raise ContractError(f"no contracts of release {release!r}; there are {', '.join(releases())}")
    if api not in apis(release):
        raise ContractError(f"{release} has no API {api!r}; it has {', '.join(apis(release))}")
    return assemble(release, api)


def load(reference: str, seen: Callable[[Path], None] = lambda _: None) -> JsonObject:
    """A document from a YAML or JSON file, or ours by `release:api`.

    Other files that it refers to are read as well.

    Args:
        reference: path of the file, or release and API with a colon between.
        seen: is told each file that is read.

    Raises:
        ContractError: in one line, which file or reference, what is wrong, and what to do.
    """
    release, colon, api = reference.partition(":")
    if colon and release in releases():
        return document(release, api)
    path = Path(reference)
    if not path.exists():
        known = ", ".join(f"{published}:{name}" for published in releases() for name in apis(published))
        raise ContractError(f"{reference}: no such file; give a path, or one of {known}")

    def read(file: Path) -> Json:
        seen(file)
        return _read(file)

    parsed = _document(read(path), reference)
    try:
        return _checked(bundled(parsed, path, read), reference)
    except BundlingError as error:
        raise ContractError(f"{reference}: $ref {_short(error.reference)}: {error.why}") from None
    except MISLEADING:
        raise misled(reference) from None


def _read(path: Path) -> Json:
    if (size := path.stat().st_size if path.is_file() else 0) > _LARGEST:
        raise ContractError(
            f"{path}: {size:,} bytes, of which {_LARGEST:,} at most are read; give the document of an API"
        )
    try:
        return _with_text_keys(parse_yaml(path.read_text(encoding="utf-8")))
    except (OSError, UnicodeDecodeError) as error:
        raise ContractError(f"{path}: cannot be read as UTF-8 text: {error}") from None
    except (yaml.YAMLError, ValueError) as error:  # ValueError: too many digits
        raise ContractError(f"{path}: neither YAML nor JSON: {' '.join(str(error).split())}") from None
    except RecursionError:
        raise ContractError(f"{path}: too deep, or anchors within anchors; write it out") from None


def _document(parsed: Json, reference: str) -> JsonObject:
    version = parsed.get("openapi") if isinstance(parsed, dict) else None
    if not isinstance(version, str) or not version.startswith("3.0."):
        has = f"openapi: {_short(str(version))}" if version else "no openapi version"
        raise ContractError(f"{reference}: {has}; expected an OpenAPI 3.0 document")
    if not isinstance(parsed.get("paths"), dict) or not parsed["paths"]:
        raise ContractError(f"{reference}: paths: missing or empty; expected the operations of an API")
    checked: JsonObject = parsed
    return checked


def _checked(parsed: JsonObject, reference: str) -> JsonObject:
    if errors := sorted(_shape().iter_errors(parsed), key=lambda error: len(error.absolute_path)):
        where = "/".join(["#", *(escaped(str(step)) for step in errors[0].absolute_path)])
        raise ContractError(f"{reference}: {_short(where)}: {_short(errors[0].message)}; mend it as OpenAPI 3.0 has it")
    for reference_to in sorted(_references(parsed)):
        if not reference_to.startswith("#/") or not _leads_somewhere(parsed, reference_to):
            raise ContractError(f"{reference}: $ref {_short(reference_to)}: leads nowhere; add what it names")
    return parsed


@cache
def _shape() -> "Draft202012Validator":
    from jsonschema import Draft202012Validator

    text = files(__package__).joinpath("openapi.schema.json").read_text(encoding="utf-8")
    return Draft202012Validator(json.loads(text), format_checker=Draft202012Validator.FORMAT_CHECKER)


def _short(message: str) -> str:
    flat = one_line(message)
    return flat if len(flat) <= _SHOWN else f"{flat[: _SHOWN // 2]} … {flat[-_SHOWN // 2 :]}"


def misled(reference: str) -> ContractError:
    """The error of a document whose references lead to something of another kind, or in a circle."""
    return ContractError(
        f"{reference}: a $ref leads to something of another kind, or in a circle; look at each of them"
    )


def _with_text_keys(value: Json) -> Json:
    """The value with each key as the text that it is in JSON, such as a status that YAML takes for a number."""
    if isinstance(value, list):
        return [_with_text_keys(item) for item in value]
    return {str(key): _with_text_keys(item) for key, item in value.items()} if isinstance(value, dict) else value


def _references(value: Json) -> set[str]:
    if isinstance(value, list):
        return set().union(*map(_references, value)) if value else set()
    if not isinstance(value, dict):
        return set()
    own = {value["$ref"]} if isinstance(value.get("$ref"), str) else set()
    return own.union(*map(_references, value.values()))


def _leads_somewhere(node: Json, pointer: str) -> bool:
    for part in pointer.removeprefix("#/").split("/"):
        key = part.replace("~1", "/").replace("~0", "~")
        if not isinstance(node, dict) or key not in node:
            return False
        node = node[key]
    return True
