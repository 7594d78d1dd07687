"""nac-qod init: write a target file to fill in."""

import argparse
from pathlib import Path

from pytest_nac_qod.commands import Subparsers
from pytest_nac_qod.foundation.exits import EXIT_OK


def add(subparsers: Subparsers) -> None:
    """Declare the command."""
    init = subparsers.add_parser("init", help="write a commented target file to fill in")
    init.add_argument("file", nargs="?", type=Path, default=Path("target.toml"))


def run(args: argparse.Namespace) -> int:
    """Write the file, unless there is one of that name."""
    from pytest_nac_qod.target.file import init_target

    init_target(args.file)
    print(f"{args.file}: fill it in, then: nac-qod check --target {args.file}")
    return EXIT_OK
