"""The options of nac-qod client and nac-qod sdk-matrix; stdlib only."""

import argparse
from pathlib import Path


def add_commands(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Declare both commands."""
    client = commands.add_parser(
        "client",
        help="judge a client of the API by what it sends: a program, a released NaC SDK, or the one installed here",
        epilog="Exit status: 0 nothing required is broken, 1 a requirement is broken or an expectation is stale, "
        "2 unusable options, 3 the run could not judge.",
    )
    which = client.add_mutually_exclusive_group()
    which.add_argument("--command", dest="program", metavar="WORDS", help="a program that speaks the protocol")
    which.add_argument("--sdk", metavar="VERSION", help="a released SDK, such as 8.0.0; npm:10.0.0 for Node")
    which.add_argument("--protocol", action="store_true", help="print the JSON Schema of the protocol")
    which.add_argument("--list", action="store_true", help="list the cases")
    client.add_argument("--case", action="append", metavar="ID", help="only this case; may be repeated")
    client.add_argument("--target", type=Path, metavar="FILE", help="target file (default: the embedded server)")
    client.add_argument("--expectations", type=Path, metavar="FILE", help="known failures of this client (TOML)")
    client.add_argument("--timeout", type=float, default=30.0, metavar="SECONDS", help="for each answer (default 30)")
    client.add_argument("--verbose", action="store_true", help="show the cases that pass, too")
    _add_environment(client)

    table = commands.add_parser(
        "sdk-matrix", help="judge released NaC SDKs, each in an environment of its own, and print a table (Markdown)"
    )
    table.add_argument("--sdk", action="append", metavar="VERSION", help="may be repeated (default: one of each kind)")
    table.add_argument("--jobs", type=int, default=2, metavar="N", help="SDKs at a time (default 2)")
    table.add_argument("--timeout", type=float, default=30.0, metavar="SECONDS", help="for each answer (default 30)")
    _add_environment(table)


def _add_environment(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--cache", type=Path, metavar="DIR", help="where SDKs are installed (default: nac-qod/sdk in the user's cache)"
    )
    parser.add_argument("--python", metavar="EXE", help="interpreter for SDKs of Python (default: this one)")
