"""nac-qod legal: list what the documents allow and the embedded server can do, with the words that allow it."""

import argparse
from collections.abc import Callable, Sequence

from pytest_nac_qod.commands import Subparsers, add_release_dir, several_drafted
from pytest_nac_qod.foundation.exits import EXIT_OK

EXAMPLE = "nac-qod legal --release r3.2"


def add(subparsers: Subparsers) -> None:
    """Declare the command."""
    legal = subparsers.add_parser(
        "legal", help="list behaviours that the documents allow and the embedded server can have, with their basis"
    )
    legal.add_argument("names", nargs="*", metavar="NAME", help="of a behaviour (default: all)")
    legal.add_argument("--release", action="append", default=[], help="may be repeated (default: all)")
    add_release_dir(legal)


def run(args: argparse.Namespace) -> int:
    """Print the list."""
    from pytest_nac_qod.proof import reporting

    return listing(args.names, reporting.known_releases(several_drafted(args)), print)


def listing(wanted: Sequence[str], chosen: Sequence[str], say: Callable[[str], None]) -> int:
    """Print each behaviour that is legal in one of the releases, and what it rests on; returns the exit status.

    Raises:
        UnknownLegalError: there is no such behaviour, or it is legal in none of the releases.
    """
    from pytest_nac_qod.reference.legal import legal, named, names, releases

    for name in wanted:
        if not set(releases(name)) & set(chosen):
            named(name, chosen[-1])
    for name in wanted or names():
        holding = [release for release in chosen if name in legal(release)]
        if holding:
            first = legal(holding[0])[name]
            say(f"{name}{' (lenient)' if first.lenient_only else ''}")
            say(f"  does    {first.does}")
        for release in holding:
            basis = legal(release)[name].basis
            say(f"  {release}    {basis.where}  {basis.keyword!r}")
    return EXIT_OK
