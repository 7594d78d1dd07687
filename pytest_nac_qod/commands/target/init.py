"""nac-qod init: write a target file, and ask on a terminal for what it needs most."""

import argparse
import sys
from pathlib import Path

from pytest_nac_qod.commands import Subparsers
from pytest_nac_qod.foundation.exits import EXIT_OK

EXAMPLE = "nac-qod init operator.toml"
FILE = Path("target.toml")
SCHEMA = "target.schema.json"


def add(subparsers: Subparsers) -> None:
    """Declare the command."""
    init = subparsers.add_parser(
        "init",
        help="write a commented target file to fill in; without a name, ask on a terminal for what it needs most",
    )
    init.add_argument("file", nargs="?", type=Path, metavar="FILE", help=f"file to write (default {FILE})")


def run(args: argparse.Namespace) -> int:
    """Write the file, unless there is one of that name."""
    from pytest_nac_qod.target.file import init_target

    if args.file is None and sys.stdin is not None and sys.stdin.isatty():
        return _asked()
    file = args.file or FILE
    init_target(file)
    print(f"{file}: fill it in, then: nac-qod check --target {file}")
    return EXIT_OK


def _asked() -> int:
    """Ask, write the file and its schema for editors, and look at the target."""
    from pytest_nac_qod import contracts
    from pytest_nac_qod.commands.reference import schema
    from pytest_nac_qod.commands.target import preflight
    from pytest_nac_qod.target import target_from_url
    from pytest_nac_qod.target.file import init_target

    file = Path(_answer("file to write", str(FILE)))
    url = _answer("address of the API, its root or its base URL", "http://127.0.0.1:9091")
    served = target_from_url(url, "unused", release=contracts.CURRENT).apis
    variable = _answer("variable of the environment that has the token", "QOD_TOKEN")
    device = _answer("device that sessions can be created for, as a phone number", "+99999991000")
    init_target(file, apis=served, variable=variable, device=device, schema=SCHEMA)
    (file.parent / SCHEMA).write_text(schema.text("target"), encoding="utf-8")
    print(
        f"{file}: written; an editor checks it by {SCHEMA}. What nac-qod preflight --target {file} says:\n", flush=True
    )
    return preflight.look(file)


def _answer(question: str, usual: str) -> str:
    """What somebody types, or the usual answer."""
    return input(f"{question} [{usual}]: ").strip() or usual
