"""The facts of each release: the family's files, and the differences of the releases that follow."""

from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from typing import cast

import yaml

from pytest_nac_qod.foundation.jsontypes import Json, JsonObject

FOLDERS: list[Traversable] = [files(__package__)]
"""Where the files of facts are looked for, in this order."""


_RESOLVERS = {
    first: [(tag, pattern) for tag, pattern in resolvers if tag != "tag:yaml.org,2002:timestamp"]
    for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
}


class StringDates(yaml.SafeLoader):
    """Loads YAML with dates left as the strings that they are in JSON."""

    yaml_implicit_resolvers = _RESOLVERS


class _Quick(getattr(yaml, "CSafeLoader", yaml.SafeLoader)):  # type: ignore[misc] # not built in everywhere
    yaml_implicit_resolvers = _RESOLVERS


def parse_yaml(text: str) -> Json:
    """Parse YAML or JSON; raises yaml.YAMLError."""
    return yaml.load(text, Loader=StringDates)  # noqa: S506 - a SafeLoader


def parse_own(text: str) -> Json:
    """The same in a tenth of the time, for documents that are known to be right: errors are told in other words."""
    return yaml.load(text, Loader=_Quick)  # noqa: S506 - as above


def merged(base: Json, patch: Json) -> Json:
    """`base` changed by a JSON Merge Patch (RFC 7386); neither argument is touched.

    One thing more than the RFC has: an object whose names are whole numbers changes the items of an array at these
    positions, as in `allOf: { 2: { maxLength: 36 } }`.
    """
    if not isinstance(patch, dict):
        return patch
    if isinstance(base, list) and all(isinstance(position, int) for position in patch):
        items = merged(dict(enumerate(base)), patch)
        return [items[position] for position in sorted(items)]
    changed = dict(base) if isinstance(base, dict) else {}
    for name, value in patch.items():
        if value is None:
            changed.pop(name, None)
        else:
            changed[name] = merged(changed.get(name), value)
    return changed


def renamed(value: Json, names: Mapping[str, str]) -> Json:
    """`value` with each key and each whole string that is in `names` replaced."""
    if isinstance(value, list):
        return [renamed(item, names) for item in value]
    if isinstance(value, dict):
        return {names.get(key, key): renamed(item, names) for key, item in value.items()}
    return names.get(value, value) if isinstance(value, str) else value


def releases() -> tuple[str, ...]:
    """The releases that have a file, oldest first."""
    names = (entry.name for folder in FOLDERS for entry in folder.iterdir() if entry.name.endswith(".yaml"))
    numbered = {name.removesuffix(".yaml") for name in names if name[0] == "r" and name[1:2].isdigit()}
    return tuple(sorted(numbered, key=lambda name: [int(part) for part in name[1:].split(".")]))


def apis(release: str) -> tuple[str, ...]:
    """The APIs of `release`, in the order of its file."""
    return tuple(read(release)["apis"])


def followed(release: str) -> str | None:
    """The release whose facts `release` changes; None for the one as of which the family's files are written."""
    base: str | None = read(release)["follows"]
    return base


@cache
def family(release: str) -> JsonObject:
    """What the APIs of `release` share: security, errors, schemas."""
    own = read(release)
    base = family(own["follows"]) if own["follows"] else read("family")
    return cast("JsonObject", merged(renamed(base, own.get("names", {})), own["family"]))


@cache
def api_facts(release: str, api: str) -> JsonObject:
    """Version, base path, operations and schemas of one API of `release`."""
    whole = read(release)
    own = dict(whole["apis"][api])
    names = {**whole.get("names", {}), **own.pop("names", {})}
    was = own.pop("was", api)
    base = api_facts(whole["follows"], was) if whole["follows"] else read(was)
    return cast("JsonObject", merged(renamed(base, names), own))


@cache
def read(name: str) -> JsonObject:
    """The file of facts called `name`, as it is; raises LookupError when there is none."""
    for folder in FOLDERS:
        path = folder.joinpath(f"{name}.yaml")
        if path.is_file():
            return cast("JsonObject", parse_own(path.read_text(encoding="utf-8")))
    raise LookupError(f"no file of facts {name}.yaml")
