"""nac-qod verify: check that a report is what was made."""

import argparse
import sys
from pathlib import Path

from pytest_nac_qod.commands import Subparsers
from pytest_nac_qod.foundation.exits import EXIT_BROKEN, EXIT_OK
from pytest_nac_qod.foundation.problems import brief
from pytest_nac_qod.foundation.visible import one_line

EXAMPLE = "nac-qod verify out --key public.pem"


def add(subparsers: Subparsers) -> None:
    """Declare the command."""
    verify = subparsers.add_parser("verify", help="check that a report is what was made, and by whom it was signed")
    verify.add_argument("folder", type=Path, metavar="DIR", help="folder of the report")
    verify.add_argument("--key", type=Path, metavar="FILE", help="Ed25519 public key (PEM) that must have signed it")


def run(args: argparse.Namespace) -> int:
    """Print what is wrong on stderr, or what holds."""
    from pytest_nac_qod.report.results import ResultsError
    from pytest_nac_qod.report.signing import attestation, verifying

    key = attestation.public_key(args.key) if args.key else None
    if not args.folder.is_dir():
        raise ResultsError(f"{args.folder}: no such folder; give the one that --report named")
    problems = list(verifying.problems(args.folder, key))
    if problems:
        print(brief("\n".join(f"{args.folder}: {one_line(problem)}" for problem in problems)), file=sys.stderr)
        return EXIT_BROKEN
    print(verifying.holds(args.folder, key))
    return EXIT_OK
