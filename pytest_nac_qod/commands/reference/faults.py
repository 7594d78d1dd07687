"""nac-qod faults: list the defects of the embedded server, or prove the checks by them."""

import argparse

from pytest_nac_qod.commands import Subparsers, add_release_dir, several_drafted
from pytest_nac_qod.foundation.exits import EXIT_BROKEN, EXIT_OK

EXAMPLE = "nac-qod faults --run conflict_ignored"


def add(subparsers: Subparsers) -> None:
    """Declare the command."""
    faults = subparsers.add_parser(
        "faults", help="list the defects of the embedded server, or run them: the proof of checks"
    )
    faults.add_argument("names", nargs="*", metavar="NAME", help="of a defect (default: all)")
    faults.add_argument("--names", action="store_true", dest="bare", help="print nothing but names, one a line")
    faults.add_argument(
        "--run", action="store_true", help="run them, print the kill matrix; exit status 1 if it is off"
    )
    faults.add_argument(
        "--causes",
        action="store_true",
        help="with --run: print also which causes a run names if not one; exit status 1 if over 3, or 1.3 on average",
    )
    faults.add_argument(
        "--judged",
        action="store_true",
        help="print how many of them show in traffic: in that of the published scenarios, and of an application's day",
    )
    faults.add_argument("--release", action="append", default=[], help="may be repeated (default: all)")
    add_release_dir(faults)
    faults.add_argument("--workers", type=int, help="processes to run in (default: one for each processor)")


def run(args: argparse.Namespace) -> int:
    """Print the list or the matrix."""
    from pytest_nac_qod.foundation.problems import UnusableError
    from pytest_nac_qod.proof import reporting

    releases = reporting.known_releases(several_drafted(args))
    if args.causes and not args.run:
        raise UnusableError("--causes tells what runs name; add --run")
    if args.run and args.causes:
        return reporting.run_causes(args.names, releases, lambda line: print(line, flush=True), args.workers)
    if args.bare:
        return reporting.bare(args.names, print)
    if args.judged:
        from pytest_nac_qod.proof import judged

        clean = judged.report(args.names, releases, lambda line: print(line, flush=True), args.workers)
        return EXIT_OK if clean else EXIT_BROKEN
    if args.run:
        return reporting.run(args.names, releases, lambda line: print(line, flush=True), args.workers)
    return reporting.listing(args.names, releases, print)
