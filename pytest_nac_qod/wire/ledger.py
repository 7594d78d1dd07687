"""What was created on a target and has to be deleted again, on disk before the request is sent."""

import json
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from uuid import uuid4

from pytest_nac_qod.foundation.jsontypes import Json, JsonObject
from pytest_nac_qod.foundation.problems import UnusableError, reason


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

    def created(self, key: str, created: str | None) -> None:
        """Note what the create came to; None when nothing was created."""
        self._write({"entry": key, "created": created})

    def gone(self, key: str) -> None:
        """Note that a session or an assignment was deleted, or is not there any more."""
        self._write({"gone": key})

    def _write(self, line: Mapping[str, Json]) -> None:
        self.path.parent.mkdir(parents=True, exist_ok=True)
        with self.path.open("a", encoding="utf-8") as file:
            file.write(json.dumps(line) + "\n")


@dataclass(frozen=True, slots=True)
class Owed:
    """A creation that is not deleted yet: `key` is the id of what was created, None if its answer was never seen."""

    base_url: str
    device: JsonObject | None
    key: str | None


class LedgerError(UnusableError):
    """A ledger that cannot be read; the message names it and what to do."""


def _lines(path: Path) -> Iterator[JsonObject]:
    try:
        texts = path.read_text(encoding="utf-8", errors="replace").splitlines()
    except FileNotFoundError:
        raise LedgerError(
            f"{path}: no such ledger; give the one in the --report folder of the run as --ledger; "
            "a run without a ledger left nothing behind"
        ) from None
    except OSError as error:
        raise LedgerError(f"{path}: cannot be read: {reason(error)}; give the ledger of the run as --ledger") from None
    for text in texts:
        with suppress(ValueError, RecursionError):
            line = json.loads(text)
            if isinstance(line, dict):
                yield line


def owed(path: Path) -> list[Owed]:
    """All that the ledger at `path` says was created and not deleted; a torn last line is passed over.

    Raises:
        LedgerError: there is none, or it cannot be read.
    """
    intents: dict[str, JsonObject] = {}
    made: dict[str, JsonObject] = {}
    for line in _lines(path):
        if "operation" in line:
            intents[str(line.get("entry"))] = line
        elif "created" in line:
            intent = intents.pop(str(line.get("entry")), None)
            if intent and line["created"]:
                made[line["created"]] = intent
        else:
            made.pop(line.get("gone", ""), None)
    answered = [Owed(intent["base_url"], intent["device"], key) for key, intent in made.items()]
    return answered + [Owed(intent["base_url"], intent["device"], None) for intent in intents.values()]
