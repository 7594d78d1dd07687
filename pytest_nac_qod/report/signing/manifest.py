"""manifest.json: what a report consists of, with the SHA-256 and the size of each file."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from pathlib import Path

from pytest_nac_qod.foundation.jsontypes import Json
from pytest_nac_qod.foundation.problems import reason
from pytest_nac_qod.report.records import ResultsDocument

FILE = "manifest.json"


def digest(content: bytes) -> str:
    """SHA-256 in hexadecimal digits."""
    return hashlib.sha256(content).hexdigest()


def text(document: ResultsDocument, contents: Mapping[str, bytes]) -> str:
    """The manifest as a JSON text.

    Args:
        document: the results.
        contents: of the files of the report, by name.
    """
    files = {name: {"sha256": digest(content), "bytes": len(content)} for name, content in sorted(contents.items())}
    return json.dumps({"suite": document["suite"], "files": files}, indent=1) + "\n"


def problems(folder: Path, expected: Sequence[str]) -> list[str]:
    """What is wrong with the files of a report, a line for each.

    Args:
        folder: of the report.
        expected: names of the files that a report has.
    """
    try:
        files: Json = json.loads((folder / FILE).read_text(encoding="utf-8"))["files"]
        sums = {name: str(entry["sha256"]) for name, entry in files.items()}
    except FileNotFoundError:
        return [f"{FILE}: missing"]
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError):
        return [f"{FILE}: not a manifest"]
    unlisted = [f"{name}: not listed in {FILE}" for name in expected if name not in sums]
    return unlisted + [problem for name in sums if (problem := _problem(folder, name, sums[name]))]


def _problem(folder: Path, name: str, expected: str) -> str:
    if Path(name).name != name:
        return f"{name}: not a file of this folder"
    try:
        actual = digest((folder / name).read_bytes())
    except FileNotFoundError:
        return f"{name}: missing"
    except OSError as error:
        return f"{name}: cannot be read: {reason(error)}"
    return "" if actual == expected else f"{name}: changed since the report was made; SHA-256 {actual}, not {expected}"
