"""What is judged by where that is a draft."""

from pytest_nac_qod import contracts
from pytest_nac_qod.catalogue import drafts
from pytest_nac_qod.report.records import StandardRecord


def draft(release: str) -> tuple[StandardRecord, ...]:
    """What reports say of a release that lives outside the package; nothing of one of its own."""
    folder = drafts.folder_of(release)
    if folder is None:
        return ()
    return (
        {
            "kind": "draft",
            "name": release,
            "sha256": drafts.checksum(release, folder),
            "release": release,
            "apis": list(contracts.apis(release)),
            "changes": {},
        },
    )
