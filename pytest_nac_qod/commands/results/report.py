"""nac-qod report: make the other files of a report from its results.json."""

import argparse
from pathlib import Path

from pytest_nac_qod.commands import Subparsers
from pytest_nac_qod.foundation.exits import EXIT_OK

EXAMPLE = "nac-qod report out --sign key.pem"


def add(subparsers: Subparsers) -> None:
    """Declare the command."""
    report = subparsers.add_parser("report", help="make the other files of a report from its results.json")
    report.add_argument("results", type=Path, metavar="RESULTS", help="results.json, or the folder that it is in")
    report.add_argument("--output", type=Path, metavar="DIR", help="folder to write to (default: that of the results)")
    report.add_argument("--sign", type=Path, metavar="FILE", help="Ed25519 private key (PEM) to sign the report with")
    report.add_argument(
        "--bundle", type=Path, metavar="ZIP", help="put all that a submission needs into one archive, too"
    )
    report.add_argument("--product", type=Path, metavar="FILE", help="description of the product, for --bundle")


def run(args: argparse.Namespace) -> int:
    """Write the files and print their names."""
    from pytest_nac_qod.foundation.outputs import check_file, check_folder
    from pytest_nac_qod.foundation.problems import UnusableError
    from pytest_nac_qod.report import bundle, results, writing
    from pytest_nac_qod.report.signing import attestation

    if args.product and not args.bundle:
        raise UnusableError("--product goes into an archive; add --bundle ZIP")
    if args.bundle:
        check_file("--bundle", args.bundle)
    if args.output:
        check_folder("--output", args.output)
    key = attestation.private_key(args.sign) if args.sign else None
    folder = args.output or (args.results if args.results.is_dir() else args.results.parent)
    for path in writing.write(results.read(args.results), folder, key):
        print(path)
    if args.bundle:
        print(bundle.write(folder, args.bundle, args.product))
    return EXIT_OK
