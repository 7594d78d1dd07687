"""Documents as other people write them: the release's own with other names for what the names are free for."""

import json
import re
from pathlib import Path
from typing import Any

from pytest_nac_qod import contracts
from pytest_nac_qod.foundation.jsontypes import JsonObject

_COMPONENT = re.compile(r'"#/components/(schemas|headers|parameters)/([^"/]+)')


def renamed(release: str, api: str, *, prefix: str = "") -> JsonObject:
    """The document with other operationIds, path parameters and component names, and `prefix` before its paths."""
    text = json.dumps(contracts.document(release, api))
    text = _COMPONENT.sub(r'"#/components/\1/Their\2', text)
    text = re.sub(r'"operationId": "(\w+)"', r'"operationId": "their_\1"', text)
    document: JsonObject = json.loads(text)
    for kind in ("schemas", "headers", "parameters"):
        part = document["components"][kind]
        document["components"][kind] = {f"Their{name}": value for name, value in part.items()}
    document["paths"] = {prefix + re.sub(r"\{\w+\}", "{key}", path): item for path, item in document["paths"].items()}
    for item in document["paths"].values():
        for operation in item.values():
            _rename_path_parameters(operation)
    return document


def _rename_path_parameters(operation: dict[str, Any]) -> None:
    for parameter in operation["parameters"]:
        if parameter.get("in") == "path":
            parameter["name"] = "key"


def without(document: JsonObject, method: str, path: str) -> JsonObject:
    """The document without one operation."""
    kept = {name: operation for name, operation in document["paths"][path].items() if name != method}
    return {**document, "paths": {**document["paths"], path: kept}}


def written(folder: Path, document: JsonObject, name: str = "own.json") -> str:
    """Name of the file in `folder` that has the document."""
    (folder / name).write_text(json.dumps(document), encoding="utf-8")
    return name
