"""A submission: all that somebody else needs to look at a run, in one archive with a layout that does not change."""

import io
import zipfile
from collections.abc import Mapping
from pathlib import Path

from pytest_nac_qod.foundation.problems import UnusableError, reason
from pytest_nac_qod.report import results
from pytest_nac_qod.report.records import ResultsDocument
from pytest_nac_qod.report.signing import attestation, manifest
from pytest_nac_qod.report.statement import facts
from pytest_nac_qod.report.writing import FILES

LAYOUT: Mapping[str, str] = {
    "README.txt": "this list",
    "statement.txt": "what was tested how, and what it came to",
    "product/": "the description of the product that was tested, as it was given",
    "report/": "the files of the report; nac-qod verify checks this folder",
}
_WHEN = (1980, 1, 1, 0, 0, 0)  # so that the same files make the same archive


class BundleError(UnusableError):
    """A submission that cannot be made; the message says why."""


def write(folder: Path, archive: Path, product: Path | None = None) -> Path:
    """Put the report of `folder`, its statement and a description of the product into `archive`.

    Raises:
        BundleError: a file is missing or cannot be read or written.
        ResultsError: the results cannot be read.
    """
    document = results.read(folder)
    try:
        made = {f"report/{name}": (folder / name).read_bytes() for name in (*FILES, manifest.FILE)}
        if (folder / attestation.FILE).exists():
            made[f"report/{attestation.FILE}"] = (folder / attestation.FILE).read_bytes()
        if product is not None:
            made[f"product/{product.name}"] = product.read_bytes()
        made["statement.txt"] = statement(document).encode("utf-8")
        made["README.txt"] = "".join(f"{name.ljust(14)} {what}\n" for name, what in LAYOUT.items()).encode("utf-8")
        archive.write_bytes(_zipped(made))
    except OSError as error:
        raise BundleError(
            f"{error.filename or product}: {reason(error)}; nac-qod report {folder} makes what is missing"
        ) from None
    return archive


def statement(document: ResultsDocument) -> str:
    """The conformance statement as text."""
    lines = [f"{name}: {value}" for name, values in facts(document) for value in values]
    counts = ", ".join(f"{number} {verdict}" for verdict, number in document["summary"].items() if number)
    return "\n".join([*lines, f"Verdicts: {counts}"]) + "\n"


def _zipped(files: Mapping[str, bytes]) -> bytes:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in sorted(files):
            entry = zipfile.ZipInfo(name, _WHEN)
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.external_attr = 0o644 << 16
            archive.writestr(entry, files[name])
    return content.getvalue()
