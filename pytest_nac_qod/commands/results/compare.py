"""nac-qod compare: say what got better and worse between two runs."""

import argparse
from pathlib import Path

from pytest_nac_qod.commands import Subparsers


def add(subparsers: Subparsers) -> None:
    """Declare the command."""
    compare = subparsers.add_parser(
        "compare", help="say what got better and worse; exit status 1 when something is worse"
    )
    compare.add_argument("old", type=Path, metavar="OLD", help="results.json of the earlier run, or its folder")
    compare.add_argument("new", type=Path, metavar="NEW", help="results.json of the later run, or its folder")


def run(args: argparse.Namespace) -> int:
    """Print the differences."""
    from pytest_nac_qod.report import comparing, results

    old, new = results.read(args.old), results.read(args.new)
    changes = comparing.compare(old, new)
    for line in comparing.lines(changes, complete=new["complete"]):
        print(line)
    return changes.status
