"""Documents by name: ours, or a file."""

from functools import cache
from pathlib import Path

import yaml

from pytest_nac_qod.contracts.assemble import assemble
from pytest_nac_qod.contracts.bundling import BundlingError, bundled
from pytest_nac_qod.contracts.facts import apis, parse_yaml, releases
from pytest_nac_qod.foundation.jsontypes import Json, JsonObject
from pytest_nac_qod.foundation.problems import UnusableError


class ContractError(UnusableError):
    """A contract that cannot be loaded; the message names the file or reference and what to do."""


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


def load(reference: str) -> JsonObject:
    """A document from a YAML or JSON file, or ours by `release:api`, such as `r3.2:quality-on-demand`.

    Other files that it refers to are read as well.

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
    parsed = _document(_read(path), reference)
    try:
        return _checked(bundled(parsed, path, _read), reference)
    except BundlingError as error:
        raise ContractError(f"{reference}: {error}") from None


def _read(path: Path) -> Json:
    try:
        return _with_text_keys(parse_yaml(path.read_text(encoding="utf-8")))
    except (OSError, UnicodeDecodeError) as error:
        raise ContractError(f"{path}: cannot be read as UTF-8 text: {error}") from None
    except yaml.YAMLError as error:
        raise ContractError(f"{path}: neither YAML nor JSON: {' '.join(str(error).split())}") from None


def _document(parsed: Json, reference: str) -> JsonObject:
    version = parsed.get("openapi") if isinstance(parsed, dict) else None
    if not isinstance(version, str) or not version.startswith("3.0."):
        has = f"openapi: {version}" if version else "no openapi version"
        raise ContractError(f"{reference}: {has}; expected an OpenAPI 3.0 document")
    if not isinstance(parsed.get("paths"), dict) or not parsed["paths"]:
        raise ContractError(f"{reference}: paths: missing or empty; expected the operations of an API")
    checked: JsonObject = parsed
    return checked


def _checked(parsed: JsonObject, reference: str) -> JsonObject:
    for reference_to in sorted(_references(parsed)):
        if not reference_to.startswith("#/") or not _leads_somewhere(parsed, reference_to):
            raise ContractError(f"{reference}: $ref {reference_to}: leads nowhere; add what it names")
    return parsed


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
