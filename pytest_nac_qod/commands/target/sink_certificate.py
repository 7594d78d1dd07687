"""nac-qod sink-certificate: write a certificate for the receiver of events."""

import argparse
from pathlib import Path

from pytest_nac_qod.commands import Subparsers
from pytest_nac_qod.foundation.exits import EXIT_OK

EXAMPLE = "nac-qod sink-certificate certificates --host events.example.com"


def add(subparsers: Subparsers) -> None:
    """Declare the command."""
    certificate = subparsers.add_parser(
        "sink-certificate", help="write a certificate for the receiver of events, and the authority to trust it by"
    )
    certificate.add_argument("folder", type=Path, metavar="DIR", help="folder to write to")
    certificate.add_argument(
        "--host", action="append", default=[], help="name or address of sink.url; may be repeated (loopback is in it)"
    )


def run(args: argparse.Namespace) -> int:
    """Write the files and print how the target file names them."""
    from pytest_nac_qod.wire import certificates

    certificate, key, authority = certificates.make(args.folder, args.host)
    print(f"{authority}: have the target trust it; then in the target file:\n\n[sink]")
    for name, path in zip(certificates.NAMES, (certificate, key, authority), strict=True):
        print(f'{name} = "{path.as_posix()}"')
    return EXIT_OK
