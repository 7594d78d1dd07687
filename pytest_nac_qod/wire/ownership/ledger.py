"""What was created on a target and has to be deleted again, on disk before the request is sent."""

import hashlib
import json
from collections.abc import Collection, Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from uuid import uuid4

from pytest_nac_qod.foundation.jsontypes import Json, JsonObject
from pytest_nac_qod.foundation.problems import UnusableError, reason

_TELLING = ("applicationServer", "qosProfile", "devicePorts", "applicationServerPorts", "duration")


def traits(body: Json) -> JsonObject:
    """What tells one session or assignment from another, sent or shown; the sink as a hash, as it may hold a secret."""
    fields = body if isinstance(body, dict) else {}
    told: JsonObject = {name: fields[name] for name in _TELLING if name in fields}
    if isinstance(sink := fields.get("sink"), str):
        told["sink"] = hashlib.sha256(sink.encode("utf-8", "surrogatepass")).hexdigest()
    return told


class LedgerError(UnusableError):
    """A ledger that cannot be read or written; the message names it and what to do."""


@dataclass(frozen=True, slots=True)
class Ledger:
    """An append-only file of JSON lines, one for each thing that happened; each line is on disk when a call returns."""

    path: Path

    def intend(
        self, operation: str, base_url: str, body: Json, *, owner: str = "", before: Collection[str] | None = None
    ) -> str:
        """Note that a create is about to be sent; returns the key of the entry.

        Args:
            operation: operationId of the create.
            base_url: of the API.
            body: what is sent.
            owner: role of the token that it is sent with; empty when that is not known.
            before: ids of what the device had before this run; None when nobody looked.

        Raises:
            LedgerError: it cannot be written, so nothing must be sent.
        """
        key = uuid4().hex
        line: JsonObject = {
            "entry": key,
            "operation": operation,
            "base_url": base_url,
            "device": body.get("device") if isinstance(body, dict) else None,
            "owner": owner,
            "before": None if before is None else sorted(before),
            "sent": traits(body),
            "at": datetime.now(UTC).isoformat(timespec="seconds"),
        }
        try:
            self._write(line)
        except OSError as error:
            raise LedgerError(
                f"{self.path}: the ledger cannot be written: {reason(error)}; make room, or report to another folder"
            ) from None
        return key

    def created(self, key: str, created: str | None) -> None:
        """Note what the create came to; None when nothing was created. Without this note it counts as lost."""
        with suppress(OSError):
            self._write({"entry": key, "created": created})

    def adopt(self, key: str, base_url: str, owner: str) -> None:
        """Note what was met on the target, and is of a create that was noted without its id; raises LedgerError."""
        self.created(self.intend("", base_url, {}, owner=owner), key)

    def doubt(self, base_url: str, device: Json, owner: str, before: Collection[str]) -> None:
        """Note that a device has something which may be ours or somebody else's, beside what was there `before`.

        It stands as a creation without an answer that nothing is like, so that it is named until somebody decides.
        """
        line: JsonObject = {"entry": uuid4().hex, "operation": "", "base_url": base_url, "device": device}
        with suppress(OSError):
            self._write({**line, "owner": owner, "before": sorted(before), "sent": {}, "at": ""})

    def gone(self, key: str) -> None:
        """Note that a session or an assignment was deleted, or is not there any more."""
        with suppress(OSError):
            self._write({"gone": key})

    def settle(self, left: Iterable["Owed"]) -> None:
        """Keep the lines about what is `left` and no others; the file goes when nothing is."""
        kept = {item.entry for item in left}
        lines = [line for line in _lines(self.path) if line.get("entry") in kept]
        with suppress(OSError):
            if not lines:
                self.path.unlink(missing_ok=True)
                return
            partial = self.path.with_name(f"{self.path.name}.partial")
            partial.write_text("".join(f"{json.dumps(line)}\n" for line in lines), encoding="utf-8")
            partial.replace(self.path)

    def _write(self, line: Mapping[str, Json]) -> None:
        self.path.parent.mkdir(parents=True, exist_ok=True)
        with self.path.open("a", encoding="utf-8") as file:
            file.write(json.dumps(line) + "\n")


@dataclass(frozen=True, slots=True)
class Owed:
    """A creation that nobody has undone.

    Attributes:
        key: the id of what was created, None when no answer told it.
        entry: of the ledger.
        owner: role of the token that it was created with; empty when that is not known.
        before: ids of what the device had before; None when nobody looked.
        sent: what the request said of what it is to be.
        at: when it was sent; RFC 3339, by our clock.
    """

    base_url: str
    device: JsonObject | None
    key: str | None
    entry: str = field(default="", compare=False)
    owner: str = field(default="", compare=False)
    before: frozenset[str] | None = field(default=None, compare=False)
    sent: JsonObject = field(default_factory=dict, compare=False)
    at: str = field(default="", compare=False)


_TEXTS = ("entry", "operation", "base_url", "owner", "at", "created", "gone")


def _lines(path: Path) -> Iterator[JsonObject]:
    if path.is_fifo() or path.is_char_device() or path.is_block_device():  # read again, written to, and deleted
        raise LedgerError(f"{path}: a pipe or a device, and no file; give the ledger of the run as --ledger")
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
            if isinstance(line, dict) and all(isinstance(line.get(name, ""), str | None) for name in _TEXTS):
                yield line


@dataclass(slots=True)
class Account:
    """What a ledger says in all.

    Attributes:
        created: entry of each id that was created, in order.
        owed: what nobody has undone.
        sent: every creation, whatever it came to.
    """

    created: dict[str, str] = field(default_factory=dict)
    owed: list[Owed] = field(default_factory=list)
    sent: list[Owed] = field(default_factory=list)

    def without(self, entries: Collection[str]) -> "Account":
        """The account of all other entries."""
        created = {key: entry for key, entry in self.created.items() if entry not in entries}
        owed, sent = ([item for item in items if item.entry not in entries] for items in (self.owed, self.sent))
        return Account(created, owed, sent)


def account(path: Path) -> Account:
    """All that the ledger at `path` says; what cannot be read of it, such as a torn last line, is passed over.

    Raises:
        LedgerError: there is none, or it cannot be read.
    """
    intents: dict[str, JsonObject] = {}
    made: dict[str, JsonObject] = {}
    result = Account()
    for line in _lines(path):
        entry, created, gone = (line.get(name) for name in ("entry", "created", "gone"))
        if isinstance(entry, str) and isinstance(line.get("base_url"), str) and "operation" in line:
            intents[entry] = line
            result.sent.append(_owed(line, None))
        elif isinstance(entry, str) and "created" in line:
            intent = intents.pop(entry, None)
            if intent and isinstance(created, str) and created:
                made[created] = intent
                result.created[created] = entry
        elif isinstance(gone, str):
            made.pop(gone, None)
    result.owed = [_owed(intent, key) for key, intent in made.items()]
    result.owed += [_owed(intent, None) for intent in intents.values()]
    return result


def owed(path: Path) -> list[Owed]:
    """All that the ledger at `path` says was created and not deleted; a torn last line is passed over.

    Raises:
        LedgerError: there is none, or it cannot be read.
    """
    return account(path).owed


def recognise(path: Path) -> None:
    """Return when there is a ledger at `path`, which is deleted when nothing is left, and not some other file.

    Raises:
        LedgerError: there is none, it cannot be read, or what it has in it is nothing that a run notes.
    """
    if any({"entry", "gone"} & line.keys() for line in _lines(path)) or not path.stat().st_size:
        return
    raise LedgerError(f"{path}: no line of it is one of a ledger; give the ledger of the run as --ledger")


def _owed(intent: JsonObject, key: str | None) -> Owed:
    device, before, sent = intent.get("device"), intent.get("before"), intent.get("sent")
    return Owed(
        base_url=intent["base_url"],
        device=device if isinstance(device, dict) else None,
        key=key,
        entry=intent["entry"],
        owner=str(intent.get("owner") or ""),
        before=frozenset(map(str, before)) if isinstance(before, list) else None,
        sent=sent if isinstance(sent, dict) else {},
        at=str(intent.get("at") or ""),
    )
