"""By what a command judges traffic: the release that the URLs tell, another, a draft, or a document of one's own."""

from __future__ import annotations

import argparse
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pytest_nac_qod.commands import add_release_dir, drafted

if TYPE_CHECKING:  # what takes long to load is loaded by the functions
    from pytest_nac_qod.contracts import Contract
    from pytest_nac_qod.report.records import StandardRecord
    from pytest_nac_qod.run.own_contracts import OwnDocument


def add_options(command: argparse.ArgumentParser) -> None:
    """Declare the options that say by what."""
    command.add_argument("--release", metavar="RELEASE", help="to judge by (default: what the URLs tell)")
    add_release_dir(command)
    command.add_argument(
        "--contract", type=Path, metavar="FILE", help="OpenAPI document to judge by, instead of the release's own"
    )


def standard(args: argparse.Namespace) -> dict[str, Any]:
    """The release, the contracts and what reports say of them, as a court takes them.

    Raises:
        ContractError: there is no such release, or the document cannot be used.
    """
    from pytest_nac_qod.contracts import ContractError, releases
    from pytest_nac_qod.run import standards

    release = drafted(args, args.release) or ""
    if release and release not in releases():
        raise ContractError(f"--release: no release {release!r}; there are {', '.join(releases())}")
    if args.contract is None:
        return {"release": release, "judged_by": standards.draft(release) if release else ()}
    try:
        return _own(args.contract, release)
    except ContractError as error:
        raise ContractError(str(error).replace("--qod-", "--")) from None


def _own(path: Path, release: str) -> dict[str, Any]:
    from pytest_nac_qod import contracts
    from pytest_nac_qod.run import own_contracts, standards

    document: OwnDocument = own_contracts.read(path)
    held_to = release or own_contracts.release_of(document)
    family = {api: contracts.contract(held_to, api) for api in contracts.apis(held_to)}
    own: Mapping[str, Contract] = own_contracts.instead(family, document, held_to)
    told: StandardRecord = own_contracts.record(own, document, held_to)
    return {"release": held_to, "own": own, "judged_by": (*standards.draft(held_to), told)}
