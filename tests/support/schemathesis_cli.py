"""The schemathesis command line, as anybody would run it on a published document."""

import json
import re
import subprocess
import sys
import tomllib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from pytest_nac_qod.foundation.jsontypes import Json, JsonObject

_COMMAND = "from schemathesis.cli import schemathesis; schemathesis()"


@dataclass(frozen=True, slots=True)
class Alarm:
    """A failure that it reports: its code, the operation as it names it, and the part of the request that it blames."""

    code: str
    operation: str
    blamed: str = ""


def run(document: Path, url: str, token: str, folder: Path, more: Sequence[str] = ()) -> dict[Alarm, float]:
    """What it finds at `url`: each kind of failure of an operation once, with the seconds that it took to find it.

    Args:
        document: the OpenAPI document.
        url: base URL of the API.
        token: a 2-legged access token.
        folder: for its configuration, which is empty, and its report.
        more: options on top, such as `--max-time`.
    """
    folder.mkdir(exist_ok=True)
    settings, report = folder / "schemathesis.toml", folder / "events.ndjson"
    settings.write_text("", encoding="utf-8")
    command = [sys.executable, "-c", _COMMAND, "--config-file", str(settings), "run", str(document), "--url", url]
    command += ["-H", f"Authorization: Bearer {token}", "--seed", "1", "--continue-on-failure"]
    command += ["--report-ndjson-path", str(report), "--generation-database", "none", *more]
    subprocess.run(command, capture_output=True, check=False, cwd=folder, timeout=300)
    events = [json.loads(line) for line in report.read_text(encoding="utf-8").splitlines()]
    times = [time for event in events if (time := _time(event)) is not None]
    alarms: dict[Alarm, float] = {}
    for event in events:
        for failure in _failures(event):
            alarm = Alarm(failure["code"], failure["operation"], _blamed(failure["message"]))
            alarms.setdefault(alarm, (_time(event) or times[-1]) - times[0])
    return alarms


def excused(alarm: Alarm, release: str) -> bool:
    """Whether it is one of the false alarms of outside_judge.toml."""
    known = tomllib.loads(Path(__file__).with_name("outside_judge.toml").read_text(encoding="utf-8"))["false_alarm"]
    return any(
        entry["code"] == alarm.code
        and alarm.operation in entry["operations"]
        and entry.get("blamed", alarm.blamed) == alarm.blamed
        and release in entry.get("releases", [release])
        for entry in known
    )


def _blamed(message: str) -> str:
    match = re.search(r"^Invalid component: (.*?) - ", message, re.MULTILINE)
    return match[1] if match else ""


def _time(event: JsonObject) -> float | None:
    """When the event happened, in seconds."""
    (content,) = event.values()
    timestamp: float | None = content.get("timestamp")
    return timestamp


def _failures(value: Json) -> Iterator[dict[str, str]]:
    if isinstance(value, dict):
        if isinstance(value.get("failure"), dict):
            yield value["failure"]
        for item in value.values():
            yield from _failures(item)
    elif isinstance(value, list):
        for item in value:
            yield from _failures(item)
