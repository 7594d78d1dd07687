"""nac-qod expectations: write a file of known failures."""

import argparse
from pathlib import Path

from pytest_nac_qod.commands import Subparsers
from pytest_nac_qod.foundation.exits import EXIT_OK

EXAMPLE = "nac-qod expectations --from out -o known.toml"


def add(subparsers: Subparsers) -> None:
    """Declare the command."""
    known = subparsers.add_parser("expectations", help="write a file of known failures from what failed in a run")
    known.add_argument(
        "--from", required=True, type=Path, dest="results", metavar="RESULTS", help="results.json, or its folder"
    )
    known.add_argument("-o", "--output", type=Path, metavar="FILE", help="file to write (default: the terminal)")


def run(args: argparse.Namespace) -> int:
    """Print or write the file."""
    from pytest_nac_qod.foundation.outputs import check_file
    from pytest_nac_qod.report import results
    from pytest_nac_qod.run.known import causes as known_causes

    if args.output:
        check_file("--output", args.output)
    text = known_causes.written(results.read(args.results))
    if args.output is None:
        print(text, end="")
    else:
        args.output.write_text(text, encoding="utf-8")
        print(f"{args.output}: say why each is known, then: nac-qod check --expectations {args.output}")
    return EXIT_OK
