"""The facts of each release: the family's files, and the differences of the releases that follow."""

from functools import cache
from importlib.resources import files
from typing import Any, cast

import yaml

from pytest_nac_qod.jsontypes import Json, JsonObject


class StringDates(yaml.SafeLoader):
    """Loads YAML with dates left as the strings that they are in JSON."""


StringDates.yaml_implicit_resolvers = {
    first: [(tag, pattern) for tag, pattern in resolvers if tag != "tag:yaml.org,2002:timestamp"]
    for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
}


def parse_yaml(text: str) -> Json:
    """Parse YAML or JSON; raises yaml.YAMLError."""
    return yaml.load(text, Loader=StringDates)  # noqa: S506 - a SafeLoader


def merged(base: Json, patch: Json) -> Json:
    """`base` changed by a JSON Merge Patch (RFC 7386); neither argument is touched."""
    if not isinstance(patch, dict):
        return patch
    found = dict(base) if isinstance(base, dict) else {}
    for name, value in patch.items():
        if value is None:
            found.pop(name, None)
        else:
            found[name] = merged(found.get(name), value)
    return found


@cache
def _read(name: str) -> JsonObject:
    return cast("JsonObject", parse_yaml(files(__package__).joinpath(name).read_text(encoding="utf-8")))


def releases() -> tuple[str, ...]:
    """The releases that have a file, oldest first."""
    names = (entry.name.removesuffix(".yaml") for entry in files(__package__).iterdir() if entry.name.endswith(".yaml"))
    numbered = [name for name in names if name[0] == "r" and name[1:2].isdigit()]
    return tuple(sorted(numbered, key=lambda name: [int(part) for part in name[1:].split(".")]))


@cache
def family(release: str) -> JsonObject:
    """What the APIs of `release` share: security, errors, schemas."""
    found = _read(f"{release}.yaml")
    base: Any = family(found["follows"]) if found["follows"] else _read("family.yaml")
    return cast("JsonObject", merged(base, found["family"]))


def apis(release: str) -> tuple[str, ...]:
    """The APIs of `release`, in the order of its file."""
    return tuple(_read(f"{release}.yaml")["apis"])


@cache
def api_facts(release: str, api: str) -> JsonObject:
    """Version, base path, operations and schemas of one API of `release`."""
    found = _read(f"{release}.yaml")
    base: Any = api_facts(found["follows"], api) if found["follows"] else _read(f"{api}.yaml")
    return cast("JsonObject", merged(base, found["apis"][api]))
