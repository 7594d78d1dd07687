"""All files of a report, made from the results alone."""

from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from pytest_nac_qod.report import har, junit, results
from pytest_nac_qod.report.page import page
from pytest_nac_qod.report.records import ResultsDocument
from pytest_nac_qod.report.signing import attestation, manifest

FILES = (results.FILE, page.FILE, junit.FILE, har.FILE)


def write(document: ResultsDocument, folder: Path, key: Ed25519PrivateKey | None = None) -> list[Path]:
    """Write the files of the report into `folder`, which is made if need be; returns them.

    Args:
        document: the content of results.json.
        folder: where to; an attestation of an earlier report there is taken away.
        key: to sign with; None for no signature.
    """
    contents = {
        results.FILE: results.text(document).encode("utf-8"),
        page.FILE: page.html(document).encode("utf-8"),
        junit.FILE: junit.xml(document),
        har.FILE: har.text(document).encode("utf-8"),
    }
    contents[manifest.FILE] = manifest.text(document, contents).encode("utf-8")
    if key is None:
        (folder / attestation.FILE).unlink(missing_ok=True)
    else:
        contents[attestation.FILE] = attestation.text(document, contents, key).encode("utf-8")
    return [_write(folder / name, content) for name, content in contents.items()]


def clear(folder: Path) -> None:
    """Delete the files of an earlier run, which could be mistaken for those of this run."""
    for name in (page.FILE, junit.FILE, har.FILE, manifest.FILE, attestation.FILE):
        (folder / name).unlink(missing_ok=True)


def _write(path: Path, content: bytes) -> Path:
    """Replace the file at once, so that a reader never sees half of one."""
    path.parent.mkdir(parents=True, exist_ok=True)
    partial = path.with_name(f"{path.name}.partial")
    partial.write_bytes(content)
    return partial.replace(path)
