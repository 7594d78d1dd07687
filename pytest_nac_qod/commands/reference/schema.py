"""nac-qod schema: print the schema of a file that people or programs write or read."""

import argparse
from collections import UserDict
from pathlib import Path

from pytest_nac_qod.commands import Subparsers
from pytest_nac_qod.foundation.exits import EXIT_OK

EXAMPLE = "nac-qod schema target > target.schema.json"
SCHEMAS = {
    "target": ("target", "schema.json"),
    "results": ("report", "results.schema.json"),
    "expectations": ("run.known", "expectations.schema.json"),
}


def add(subparsers: Subparsers) -> None:
    """Declare the command."""
    schema = subparsers.add_parser("schema", help="print the JSON Schema of target files, results or expectations")
    schema.add_argument("of", choices=[*SCHEMAS], metavar="|".join(SCHEMAS), help="which one")
    schema.add_argument(
        "--check",
        nargs="+",
        type=Path,
        metavar="FILE",
        help="print nothing unless one of these files cannot be used; contact nothing, and need no secret",
    )


def run(args: argparse.Namespace) -> int:
    """Print the schema, or check files."""
    if args.check:
        for path in args.check:
            _check(args.of, path)
        return EXIT_OK
    print(text(args.of), end="")
    return EXIT_OK


class _AnySecret(UserDict[str, str]):
    """Variables of an environment that has each of them."""

    def __missing__(self, name: str) -> str:
        return "unknown"

    def __contains__(self, name: object) -> bool:
        return True


def _check(name: str, path: Path) -> None:
    """Return when the file can be used; raises UnusableError, a line for each problem."""
    from pytest_nac_qod.report import results
    from pytest_nac_qod.run.known import expectations
    from pytest_nac_qod.target.file import load_target

    if name == "target":
        load_target(path, _AnySecret())
    elif name == "expectations":
        expectations.read(path)
    else:
        results.read(path)


def text(name: str) -> str:
    """The schema as it is shipped."""
    from importlib.resources import files

    package, file = SCHEMAS[name]
    return files(f"pytest_nac_qod.{package}").joinpath(file).read_text(encoding="utf-8")
