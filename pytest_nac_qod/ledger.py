"""What was created on a target and has to be deleted again, on disk before the request is sent."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from uuid import uuid4

from pytest_nac_qod.jsontypes import Json, JsonObject


@dataclass(frozen=True, slots=True)
class Ledger:
    """An append-only file of JSON lines, one for each thing that happened; each line is on disk when a call returns."""

    path: Path

    def intend(self, operation: str, base_url: str, body: Json) -> str:
        """Note that a create is about to be sent; returns the key of the entry."""
        key = uuid4().hex
        device = body.get("device") if isinstance(body, dict) else None
        self._write({"entry": key, "operation": operation, "base_url": base_url, "device": device})
        return key

    def created(self, key: str, session_id: str | None) -> None:
        """Note what the create came to; None when nothing was created."""
        self._write({"entry": key, "created": session_id})

    def gone(self, session_id: str) -> None:
        """Note that a session was deleted, or is not there any more."""
        self._write({"gone": session_id})

    def _write(self, line: Mapping[str, Json]) -> None:
        self.path.parent.mkdir(parents=True, exist_ok=True)
        with self.path.open("a", encoding="utf-8") as file:
            file.write(json.dumps(line) + "\n")


@dataclass(frozen=True, slots=True)
class Owed:
    """A creation that nobody has undone: `session_id` is None when no answer to the create was seen."""

    base_url: str
    device: JsonObject | None
    session_id: str | None


def owed(path: Path) -> list[Owed]:
    """All that the ledger at `path` says was created and not deleted; a torn last line is passed over."""
    intents: dict[str, JsonObject] = {}
    sessions: dict[str, JsonObject] = {}
    for text in path.read_text(encoding="utf-8").splitlines():
        try:
            line = json.loads(text)
        except ValueError:
            continue
        if "operation" in line:
            intents[line["entry"]] = line
        elif "created" in line:
            intent = intents.pop(line["entry"], None)
            if intent and line["created"]:
                sessions[line["created"]] = intent
        else:
            sessions.pop(line.get("gone", ""), None)
    answered = [Owed(intent["base_url"], intent["device"], session) for session, intent in sessions.items()]
    return answered + [Owed(intent["base_url"], intent["device"], None) for intent in intents.values()]
