"""A made-up release r10.1, published in a folder: r4.1 with one change of each kind."""

import json
from pathlib import Path

import yaml

from pytest_nac_qod.contracts.facts import parse_own
from pytest_nac_qod.foundation.jsontypes import JsonObject

GONE = "quality_on_demand_getSession_400.1_invalid_session_id"
QOD = "quality-on-demand.yaml"


def publish(published: Path, folder: Path) -> Path:
    """Write r10.1: a renamed operation, a new required property, a new operation, a scenario less, a changed status."""
    folder.mkdir(parents=True)
    for path in (published / "r4.1").iterdir():
        text = path.read_text(encoding="utf-8").replace("createSession", "establishSession")
        if path.name == QOD:
            text = yaml.safe_dump(_document(parse_own(text)), sort_keys=False)
        elif path.name == "scenarios.json":
            text = json.dumps(_listed(json.loads(text)))
        (folder / path.name).write_text(text, encoding="utf-8")
    return folder


def _document(document: JsonObject) -> JsonObject:
    document["info"]["version"] = "2.0.0"
    document["servers"][0]["url"] = "{apiRoot}/quality-on-demand/v2"
    creation = document["components"]["schemas"]["CreateSession"]["allOf"]
    level = {"type": "string", "enum": ["gold", "silver"]}
    creation.append({"type": "object", "properties": {"serviceLevel": level}, "required": ["serviceLevel"]})
    document["paths"]["/find-sessions"] = {
        "post": {**document["paths"]["/retrieve-sessions"]["post"], "operationId": "findSessions"}
    }
    extension = document["paths"]["/sessions/{sessionId}/extend"]["post"]["responses"]
    extension["202"] = extension.pop("200")
    return document


def _listed(listed: JsonObject) -> JsonObject:
    for feature in listed["features"]:
        feature["scenarios"] = [scenario for scenario in feature["scenarios"] if scenario["id"] != GONE]
        for scenario in feature["scenarios"]:
            if feature["operation"] == "extendQosSessionDuration":
                scenario["steps"] = [
                    step.replace("status code is 200", "status code is 202") for step in scenario["steps"]
                ]
    return listed
