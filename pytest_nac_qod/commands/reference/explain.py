"""nac-qod explain: say what an id means."""

import argparse
from collections.abc import Mapping
from typing import TYPE_CHECKING

from pytest_nac_qod.commands import Subparsers, add_release_dir, several_drafted
from pytest_nac_qod.foundation.exits import EXIT_OK

if TYPE_CHECKING:
    from pytest_nac_qod.proof.explain import Explanation

EXAMPLE = "nac-qod explain quality_on_demand_createSession_409.1_session_conflict"


def add(subparsers: Subparsers) -> None:
    """Declare the command."""
    explain = subparsers.add_parser(
        "explain",
        help="say what a scenario, rule, cause, verdict or fault means, and how to mend what breaks it",
    )
    explain.add_argument("ids", nargs="+", metavar="ID", help="as a run, a report or nac-qod check --list prints it")
    explain.add_argument("--release", action="append", default=[], help="may be repeated (default: all)")
    add_release_dir(explain)
    explain.add_argument(
        "--brief", action="store_true", help="show no sample, for which the case is run on the embedded server"
    )


def run(args: argparse.Namespace) -> int:
    """Print what each id stands for."""
    from pytest_nac_qod.foundation.visible import one_line
    from pytest_nac_qod.proof import explain, reporting

    releases, more = reporting.known_releases(several_drafted(args)), _client_cases()
    told = [item for name in args.ids for item in explain.explanations(name, releases, more=more, shown=not args.brief)]
    for place, item in enumerate(told):
        if place:
            print()
        for line in explain.lines(item):
            print(one_line(line))
    return EXIT_OK


def _client_cases() -> "Mapping[str, Explanation]":
    from pytest_nac_qod.proof.explain import Explanation
    from pytest_nac_qod.sdk.cases import client_cases

    return {
        name: Explanation(
            name,
            "client case",
            (("requires", case.requires), ("clause", case.clause), ("run", f"nac-qod client --case {name}")),
        )
        for name, case in client_cases().items()
    }
