"""nac-qod schema: print the schema of a file that people or programs write or read."""

import argparse

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


def run(args: argparse.Namespace) -> int:
    """Print the schema."""
    print(text(args.of), end="")
    return EXIT_OK


def text(name: str) -> str:
    """The schema as it is shipped."""
    from importlib.resources import files

    package, file = SCHEMAS[name]
    return files(f"pytest_nac_qod.{package}").joinpath(file).read_text(encoding="utf-8")
