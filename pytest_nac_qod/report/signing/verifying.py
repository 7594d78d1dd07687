"""Whether a report is what was made, and by whom."""

import json
from collections.abc import Iterator
from pathlib import Path

from pytest_nac_qod.foundation.visible import one_line
from pytest_nac_qod.report import parts, results, standard
from pytest_nac_qod.report.signing import attestation, manifest
from pytest_nac_qod.report.signing.attestation import PublicKey
from pytest_nac_qod.report.writing import FILES


def problems(folder: Path, key: PublicKey | None = None) -> Iterator[str]:
    """What is wrong with the report in `folder`, a line for each.

    Args:
        folder: with the files of the report.
        key: that must have signed it; None leaves the signature unchecked.
    """
    yield from manifest.problems(folder, FILES)
    yield from _results(folder)
    yield from attestation.problems(folder, key, [*FILES, manifest.FILE])


def _results(folder: Path) -> Iterator[str]:
    try:
        document = json.loads((folder / results.FILE).read_text(encoding="utf-8"))
    except FileNotFoundError:
        return  # the manifest has said so
    except (ValueError, RecursionError) as error:
        yield f"{results.FILE}: not valid JSON: {error}"
        return
    yield from (f"{results.FILE}: {problem}" for problem in results.problems(document))


def holds(folder: Path, key: PublicKey | None = None) -> str:
    """What a report without problems has been found to be, in one line."""
    document = results.read(folder)
    part = parts.said(document.get("run", {}).get("part"))
    run = "complete run" if document["complete"] else "incomplete run"
    if part:
        run = f"run of a part ({one_line(part)})" if document["complete"] else f"{run} of a part ({one_line(part)})"
    if not (folder / attestation.FILE).is_file():
        signed = "not signed"
    else:
        signed = "signed with this key" if key else "signed; give --key to see by whom"
    run += f", judged by {standard.label(document)}" if "judged_by" in document else ""
    return f"{folder}: unchanged: {run}, {len(document['results'])} cases, {signed}"
