"""The facts of each release: the family's files, and the differences of the releases that follow."""

import json
from collections.abc import Mapping
from contextlib import suppress
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from typing import cast

import yaml

from pytest_nac_qod.contracts.patches import composed, merged, renamed
from pytest_nac_qod.contracts.stating import ContractError, checked
from pytest_nac_qod.foundation.jsontypes import Json, JsonObject
from pytest_nac_qod.foundation.releases import is_release, order
from pytest_nac_qod.foundation.values import countable, no_constant

PACKAGE: Traversable = files(__package__)
FOLDERS: list[Traversable] = [PACKAGE]
"""Where the files of facts are looked for, in this order: what stands in the first hides what stands in the next."""


_RESOLVERS = {
    first: [(tag, pattern) for tag, pattern in resolvers if tag != "tag:yaml.org,2002:timestamp"]
    for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
}


_MOST = 1_000_000  # values of a document, which are hundreds or thousands


class StringDates(yaml.SafeLoader):
    """Loads YAML with dates left as the strings that they are in JSON."""

    yaml_implicit_resolvers = _RESOLVERS


class _Quick(getattr(yaml, "CSafeLoader", yaml.SafeLoader)):  # type: ignore[misc] # not built in everywhere
    yaml_implicit_resolvers = _RESOLVERS


def parse_yaml(text: str) -> Json:
    """Parse YAML, or JSON, which is YAML too, but takes a hundred times as long to read as such.

    Raises:
        yaml.YAMLError: it is neither.
        ValueError: a number has too many digits.
        RecursionError: it is too deep, or its anchors stand for more than a million values.
    """
    bare = text.removeprefix("\ufeff").lstrip()
    if bare[:1] in ("{", "["):
        with suppress(ValueError):
            return cast("Json", json.loads(bare, parse_constant=no_constant))
    value: Json = yaml.load(text, Loader=StringDates)  # noqa: S506 - a SafeLoader
    if _size(value, {}) > _MOST:
        raise RecursionError("anchors within anchors, which stand for too many values")
    return value


def _size(value: Json, known: dict[int, int]) -> int:
    """How many values there are once each alias is written out; an object is looked at once."""
    if not isinstance(value, list | dict):
        countable(value)
        return 1
    if id(value) not in known:
        inside = value.values() if isinstance(value, dict) else value
        known[id(value)] = 1 + sum(_size(item, known) for item in inside)
    return known[id(value)]


def parse_own(text: str) -> Json:
    """The same in a tenth of the time, for documents that are known to be right: errors are told in other words."""
    return yaml.load(text, Loader=_Quick)  # noqa: S506 - as above


def releases() -> tuple[str, ...]:
    """The releases that have a file, oldest first."""
    names = {entry.name.removesuffix(".yaml") for folder in FOLDERS for entry in folder.iterdir() if _is_facts(entry)}
    return tuple(sorted(names, key=order))


def _is_facts(entry: Traversable) -> bool:
    return entry.name.endswith(".yaml") and is_release(entry.name.removesuffix(".yaml"))


def apis(release: str) -> tuple[str, ...]:
    """The APIs of `release`, in the order of its file."""
    return tuple(read(release)["apis"])


def followed(release: str) -> str | None:
    """The release whose facts `release` changes; None for the one as of which the family's files are written."""
    base: str | None = read(release)["follows"]
    return base


def former_name(before: str, release: str, api: str) -> str | None:
    """What the API of `release` is called in another release; None where that has nothing of the kind."""
    root = _root(release, api, 0)
    return next((name for name in apis(before) if _root(before, name, 0) == root), None)


def _root(release: str, api: str, first: int) -> str:
    """Name of the family's file that the API comes from; its own where it comes from none."""
    place, own = located(release, first)
    was = own["apis"][api].get("was", api)
    known = own["follows"] is not None and was in located(own["follows"], place)[1]["apis"]
    return _root(own["follows"], was, place) if known else str(was)


@cache
def family(release: str, first: int = 0) -> JsonObject:
    """What the APIs of `release` share: security, errors, schemas.

    Args:
        release: a name.
        first: position of the folder to look in first.
    """
    place, own = located(release, first)
    base = family(own["follows"], place) if own["follows"] else read("family")
    return cast("JsonObject", merged(renamed(base, own.get("names", {})), own["family"]))


@cache
def api_facts(release: str, api: str, first: int = 0) -> JsonObject:
    """Version, base path, operations and schemas of one API of `release`; schemas as a patch of the family's.

    Args:
        release: a name.
        api: one of its own.
        first: position of the folder to look in first.
    """
    place, whole = located(release, first)
    own = dict(whole["apis"][api])
    names = {**whole.get("names", {}), **own.pop("names", {})}
    was = own.pop("was", api)
    base = renamed(_base(whole, was, place), names)
    schemas = composed(base.get("schemas", {}), own.pop("schemas", {}))
    return {**cast("JsonObject", merged(base, own)), "schemas": schemas}


def _base(whole: JsonObject, was: str, place: int) -> JsonObject:
    """The facts that the API changes; none of an API that is new."""
    before = whole["follows"]
    if before is None:
        return read(was)
    if was in located(before, place)[1]["apis"]:
        return api_facts(before, was, place)
    return {"operations": {}, "schemas": {}}


def operation_names(release: str, api: str, first: int = 0) -> Mapping[str, str]:
    """The operations of the API in `release`, by the names that they have in the family.

    An operation's name in the family is its first operationId, unless the contract gives it another with `family`.
    """
    place, whole = located(release, first)
    own = whole["apis"][api]
    was = own.get("was", api)
    if whole["follows"] is None:
        return {facts.get("family", name): name for name, facts in read(was)["operations"].items()}
    known = was in located(whole["follows"], place)[1]["apis"]
    base = operation_names(whole["follows"], was, place) if known else {}
    names = {**whole.get("names", {}), **own.get("names", {})}
    kept = {family: names.get(name, name) for family, name in base.items()}
    stated = own.get("operations", {})
    new = {facts.get("family", name): name for name, facts in stated.items() if facts and name not in kept.values()}
    return {family: name for family, name in {**kept, **new}.items() if stated.get(name, True) is not None}


def located(name: str, first: int) -> tuple[int, JsonObject]:
    """The position of the folder that has the file of facts called `name`, and its content.

    Args:
        name: without `.yaml`.
        first: position of the folder to look in first: what a file follows is looked for from its own folder on.

    Raises:
        LookupError: there is none.
    """
    for place in (*range(first, len(FOLDERS)), *range(first)):
        if FOLDERS[place].joinpath(f"{name}.yaml").is_file():
            return place, read(name, place)
    raise LookupError(f"no file of facts {name}.yaml")


@cache
def read(name: str, place: int | None = None) -> JsonObject:
    """The file of facts called `name`, checked.

    Args:
        name: without `.yaml`.
        place: position of its folder; by default the first that has it.

    Raises:
        LookupError: there is none.
        ContractError: it is no YAML, or states what means nothing.
    """
    return located(name, 0)[1] if place is None else _parsed(place, name)


def _parsed(place: int, name: str) -> JsonObject:
    path = FOLDERS[place].joinpath(f"{name}.yaml")
    if FOLDERS[place] is PACKAGE:  # which a test holds to the schema
        return {"family": {}, **cast("JsonObject", parse_own(path.read_text(encoding="utf-8")))}
    try:
        content = parse_yaml(path.read_text(encoding="utf-8"))
    except (ValueError, RecursionError, yaml.YAMLError) as error:  # ValueError: no UTF-8, or too many digits
        raise ContractError(f"{path}: not YAML: {' '.join(str(error).split())}") from None
    return {"family": {}, **checked(content, name, str(path))}


def forget() -> None:
    """Read all files again."""
    for cached in (family, api_facts, read):
        cached.cache_clear()
