"""nac-qod contract: show a contract, or compare two."""

import argparse

from pytest_nac_qod.commands import Subparsers, add_release_dir, drafted
from pytest_nac_qod.foundation.exits import EXIT_OK

EXAMPLE = "nac-qod contract diff r3.2:quality-on-demand my-openapi.yaml"


def add(subparsers: Subparsers) -> None:
    """Declare the command."""
    contract = subparsers.add_parser("contract", help="show a contract, or compare two")
    what = contract.add_subparsers(dest="what", metavar="show|diff", required=True)
    show = what.add_parser("show", help="print the OpenAPI document of an API in a release")
    show.add_argument("--release", help="default: the current one")
    show.add_argument("--api", default="quality-on-demand")
    add_release_dir(show)
    diff = what.add_parser("diff", help="compare two documents by what they require; exit status 1 on a difference")
    diff.add_argument("a", help="file, ours as RELEASE:quality-on-demand, or RELEASE for all its APIs")
    diff.add_argument("b", help="as A")
    add_release_dir(diff)
    diff.add_argument("--full", action="store_true", help="each difference by its pointer, in every place it concerns")
    diff.add_argument("--prose", action="store_true", help="what changed in descriptions, which require nothing alone")


def run(args: argparse.Namespace) -> int:
    """Print the document, or the differences."""
    from pytest_nac_qod import contracts

    if args.what == "show":
        print(contracts.show(drafted(args, args.release) or contracts.CURRENT, args.api), end="")
        return EXIT_OK
    drafted(args, args.a)
    if args.prose:
        text, status = contracts.prose_report(args.a, args.b)
    else:
        text, status = contracts.diff_report(args.a, args.b, full=args.full)
    print(text)
    return status
