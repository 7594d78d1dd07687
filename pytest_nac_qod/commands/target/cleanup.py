"""nac-qod cleanup: delete what an interrupted run left on the target."""

import argparse
from pathlib import Path

from pytest_nac_qod.commands import Subparsers
from pytest_nac_qod.foundation.exits import EXIT_BROKEN, EXIT_OK

EXAMPLE = "nac-qod cleanup --target operator.toml"


def add(subparsers: Subparsers) -> None:
    """Declare the command."""
    cleanup = subparsers.add_parser("cleanup", help="delete what an interrupted run left on the target")
    cleanup.add_argument("--target", required=True, type=Path, metavar="FILE", help="target file of that run")
    cleanup.add_argument(
        "--interactive",
        action="store_true",
        help="ask whether to delete what may be somebody else's (default: name it)",
    )
    cleanup.add_argument("--ledger", type=Path, metavar="FILE", help="its ledger (default: in the current folder)")


def run(args: argparse.Namespace) -> int:
    """Delete it and print what happens."""
    from pytest_nac_qod.run.remains.cleaning import clean

    left = clean(args.target, args.ledger, print, _confirmed if args.interactive else None)
    return EXIT_BROKEN if left else EXIT_OK


def _confirmed(question: str) -> bool:
    """Ask on the terminal; whoever is not there says no."""
    try:
        return input(f"{question}; delete it? [y/N] ").strip().lower() in ("y", "yes")
    except EOFError:
        print()
        return False
