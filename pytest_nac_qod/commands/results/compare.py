"""nac-qod compare: say what got better and worse between two runs."""

import argparse
from pathlib import Path

from pytest_nac_qod.commands import Subparsers

EXAMPLE = "nac-qod compare before after"


def add(subparsers: Subparsers) -> None:
    """Declare the command."""
    compare = subparsers.add_parser(
        "compare", help="say what got better and worse; exit status 1 when something is worse"
    )
    compare.add_argument("old", type=Path, metavar="OLD", help="results.json of the earlier run, or its folder")
    compare.add_argument("new", type=Path, metavar="NEW", help="results.json of the later run, or its folder")
    compare.add_argument(
        "--threshold",
        type=_share,
        default=0.2,
        metavar="SHARE",
        help="of load tests: by what share a figure has to change to be better or worse (default 0.2)",
    )


def _share(text: str) -> float:
    try:
        value = float(text)
    except ValueError:
        value = -1.0
    if not 0 <= value < 1:
        raise argparse.ArgumentTypeError(f"expected a number from 0 up to 1, got {text!r}")
    return value


def run(args: argparse.Namespace) -> int:
    """Print the differences."""
    from pytest_nac_qod.foundation.exits import EXIT_BROKEN
    from pytest_nac_qod.report import comparing, comparing_loads, results

    old, new = results.read(args.old), results.read(args.new)
    loads = comparing_loads.of_loads(old, new)
    changes = comparing.compare(old, new)
    for line in comparing.lines(changes, complete=new["complete"]):
        print(line)
    if not loads:
        return changes.status
    figures = list(comparing_loads.changes(old["load"], new["load"], args.threshold))
    for line in comparing_loads.lines(figures):
        print(line)
    return EXIT_BROKEN if any(figure.worse for figure in figures) else changes.status
