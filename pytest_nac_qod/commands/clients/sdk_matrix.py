"""nac-qod sdk-matrix: judge released NaC SDKs and print a table."""

import argparse
import sys

from pytest_nac_qod.commands import Subparsers
from pytest_nac_qod.commands.clients.client import add_environment

EXAMPLE = "nac-qod sdk-matrix --versions 3.1.0,8.0.0"


def add(subparsers: Subparsers) -> None:
    """Declare the command."""
    table = subparsers.add_parser(
        "sdk-matrix", help="judge released NaC SDKs, each in an environment of its own, and print a table (Markdown)"
    )
    table.add_argument("--sdk", action="append", metavar="VERSION", help="may be repeated (default: one of each kind)")
    table.add_argument("--versions", metavar="LIST", help="only these, such as 3.1.0,8.0.0,npm:10.0.0; for CI")
    table.add_argument("--jobs", type=int, default=2, metavar="N", help="SDKs at a time (default 2)")
    table.add_argument("--timeout", type=float, default=30.0, metavar="SECONDS", help="for each answer (default 30)")
    add_environment(table)


def run(args: argparse.Namespace) -> int:
    """Print the table, and on stderr how far it is."""
    from concurrent.futures import ThreadPoolExecutor

    from pytest_nac_qod.sdk import environments, showing, trial
    from pytest_nac_qod.sdk.environments import Sdk
    from pytest_nac_qod.sdk.problems import SdkError
    from pytest_nac_qod.sdk.running import CaseResult
    from pytest_nac_qod.verdicts import exit_status

    def measured(sdk: Sdk) -> list[CaseResult]:
        try:
            words = environments.command(sdk, args.cache, args.python)
        except SdkError as error:
            print(error, file=sys.stderr)
            return trial.unjudged(str(error))
        results = trial.released(sdk, words, args.timeout)
        print(f"{sdk.name}: {showing.counts(results)}", file=sys.stderr)
        return results

    wanted = [*(args.sdk or ()), *(version.strip() for version in (args.versions or "").split(",") if version.strip())]
    sdks = [environments.sdk(version) for version in wanted or environments.MATRIX]
    with ThreadPoolExecutor(max_workers=max(1, args.jobs)) as pool:
        columns = dict(zip(map(str, sdks), pool.map(measured, sdks), strict=True))
    print("\n".join(showing.matrix(columns)))
    return exit_status(showing.summary(result for results in columns.values() for result in results))
