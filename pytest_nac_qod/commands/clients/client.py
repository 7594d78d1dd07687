"""nac-qod client: judge one client of the API."""

import argparse
from pathlib import Path

from pytest_nac_qod.commands import Subparsers
from pytest_nac_qod.foundation.exits import EXIT_OK

EXAMPLE = 'nac-qod client --command "node my-client.mjs"'


def add(subparsers: Subparsers) -> None:
    """Declare the command."""
    client = subparsers.add_parser(
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
    client.add_argument("--report", type=Path, metavar="DIR", help="folder to write the report to, JUnit XML included")
    client.add_argument("--verbose", action="store_true", help="show the cases that pass, too")
    add_environment(client)


def add_environment(command: argparse.ArgumentParser) -> None:
    """Declare where released SDKs are installed, and what runs them."""
    command.add_argument(
        "--cache", type=Path, metavar="DIR", help="where SDKs are installed (default: nac-qod/sdk in the user's cache)"
    )
    command.add_argument("--python", metavar="EXE", help="interpreter for SDKs of Python (default: this one)")


def run(args: argparse.Namespace) -> int:
    """Print what is not right, and the number of cases for each verdict."""
    if args.list or args.protocol:
        return _describe(protocol=args.protocol)
    from datetime import UTC, datetime

    from pytest_nac_qod.commands.clients import document
    from pytest_nac_qod.foundation.outputs import check_folder
    from pytest_nac_qod.report import writing
    from pytest_nac_qod.sdk import environments, expectations, protocol, showing, trial
    from pytest_nac_qod.verdicts import exit_status

    if args.report:
        check_folder("--report", args.report)
    cases = trial.cases(args.case or ())
    known = expectations.read(args.expectations) if args.expectations else ()
    if args.program is not None:
        protocol.check_startable(args.program)
    release = environments.sdk(args.sdk) if args.sdk else None
    here = None if args.sdk or args.program else trial.installed_here()
    if not known and (version := release or here):
        known = expectations.shipped(version)
    with trial.target(args.target) as target:
        words = environments.command(release, args.cache, args.python) if release else args.program
        with trial.driver(words, args.timeout) as driver:
            began = datetime.now(UTC)
            name, results = trial.judged(target, driver, cases, known)
        if args.report:
            options = {"case": args.case or [], "sdk": args.sdk, "command": args.program}
            given = {option: value for option, value in options.items() if value}
            writing.write(document.of(results, name, target, began, given), args.report)
    for line in showing.report(results, name, verbose=args.verbose):
        print(line)
    if args.report:
        print(f"report: {args.report / 'report.html'}")
    return exit_status(showing.summary(results))


def _describe(*, protocol: bool) -> int:
    """Print the protocol's schema, or the cases."""
    import json

    from pytest_nac_qod.sdk import showing
    from pytest_nac_qod.sdk.protocol import schema

    print(json.dumps(schema(), indent=2) if protocol else "\n".join(showing.listed()))
    return EXIT_OK
