"""Reference pages made from JSON Schemas: the target file and results.json."""

import json
from collections.abc import Iterator, Mapping
from importlib.resources import files
from typing import Any

from pages.markdown import block, cell, page, plain, table
from pytest_nac_qod.foundation.jsontypes import JsonObject


def pages() -> Mapping[str, str]:
    """Each page by its name."""
    target, results = _schema("target", "schema.json"), _schema("report", "results.schema.json")
    template = files("pytest_nac_qod.target").joinpath("template.toml").read_text(encoding="utf-8")
    return {
        "reference/target-file.md": page(
            "The target file",
            "What a deployment supports, and what a tester needs to reach it. `nac-qod init` writes this file:",
            block(template.splitlines(), "toml"),
            "## Every key",
            *_tables(target),
        ),
        "reference/results.md": page(
            "results.json", "The results of a run, from which all other files of a report are made.", *_tables(results)
        ),
    }


def _schema(package: str, name: str) -> JsonObject:
    content: JsonObject = json.loads(files(f"pytest_nac_qod.{package}").joinpath(name).read_text(encoding="utf-8"))
    return content


def _tables(schema: JsonObject) -> Iterator[str]:
    """The keys of a schema, and those of each of its definitions, in a table each."""
    yield _table(_keys(schema))
    for name, part in schema.get("$defs", {}).items():
        rows = list(_keys(part))
        yield f"## {name}"
        yield _table(iter(rows)) if rows else plain(_kind(part).capitalize() + ".")


def _table(rows: Iterator[tuple[str, ...]]) -> str:
    return table(("key", "is", "needed", "means"), rows)


def _keys(part: JsonObject, prefix: str = "") -> Iterator[tuple[str, ...]]:
    for holder in (part, *part.get("allOf", []), *part.get("oneOf", []), *part.get("anyOf", [])):
        for name, value in holder.get("properties", {}).items():
            if isinstance(value, dict):
                path = f"{prefix}{name}"
                needed = "yes" if name in holder.get("required", []) else ""
                yield cell(path), plain(_kind(value)), needed, plain(value.get("description", ""))
                yield from _keys(value, f"{path}.")
                items = value.get("items")
                if isinstance(items, dict):
                    yield from _keys(items, f"{path}[].")


def _kind(value: JsonObject) -> str:
    """What a value is, in a few words."""
    if "$ref" in value:
        return str(value["$ref"]).rpartition("/")[2]
    if "enum" in value or "const" in value:
        return "one of " + ", ".join(json.dumps(item) for item in value.get("enum", [value.get("const")]))
    for name in ("oneOf", "anyOf"):
        if name in value:
            return " or ".join(dict.fromkeys(_kind(item) for item in value[name]))
    return _typed(value)


def _typed(value: Mapping[str, Any]) -> str:
    kinds = value.get("type", "anything")
    told = " or ".join(kinds) if isinstance(kinds, list) else str(kinds)
    if told == "array" and isinstance(value.get("items"), dict):
        told = f"list of {_kind(value['items'])}"
    bounds = [f"{name} {value[name]}" for name in ("minimum", "maximum", "minLength", "minItems") if name in value]
    return f"{told} ({', '.join(bounds)})" if bounds else told
