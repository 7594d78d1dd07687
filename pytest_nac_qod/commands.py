"""The nac-qod commands other than check."""

import argparse
import sys
from contextlib import suppress

from pytest_nac_qod.verdicts import EXIT_BROKEN, EXIT_OK, EXIT_USAGE


def run(parsed: argparse.Namespace) -> int:
    """Run the parsed command; what is unusable gets one clear error and exit status 2."""
    from pytest_nac_qod.contracts import ContractError
    from pytest_nac_qod.reference.faults import UnknownFaultError
    from pytest_nac_qod.target import TargetError

    command = {"serve": _serve, "init": _init, "contract": _contract, "cleanup": _cleanup}[parsed.command]
    try:
        return command(parsed)
    except (ContractError, TargetError, UnknownFaultError, OSError) as error:
        print(f"nac-qod: {error}", file=sys.stderr)
        return EXIT_USAGE


def _contract(parsed: argparse.Namespace) -> int:
    from pytest_nac_qod import contracts

    if parsed.what == "show":
        print(contracts.show(parsed.release, parsed.api), end="")
        return EXIT_OK
    text, status = contracts.diff_report(parsed.a, parsed.b)
    print(text)
    return status


def _init(parsed: argparse.Namespace) -> int:
    from pytest_nac_qod.target_file import init_target

    init_target(parsed.file)
    print(f"{parsed.file}: fill it in, then: nac-qod check --target {parsed.file}")
    return EXIT_OK


def _serve(parsed: argparse.Namespace) -> int:
    from pytest_nac_qod import contracts
    from pytest_nac_qod.reference import ReferenceServer

    server = ReferenceServer(
        release=parsed.release or contracts.CURRENT, faults=tuple(parsed.fault), host=parsed.host, port=parsed.port
    )
    with server:
        print(f"quality-on-demand {server.release} at {server.base_url('quality-on-demand')}", flush=True)
        if parsed.write_target:
            from pytest_nac_qod.target_file import render_target

            parsed.write_target.write_text(render_target(server.target()), encoding="utf-8")
            print(f"nac-qod check --target {parsed.write_target}", flush=True)
        with suppress(KeyboardInterrupt):
            server.wait()
    return EXIT_OK


def _cleanup(parsed: argparse.Namespace) -> int:
    from pytest_nac_qod.cleaning import clean

    left = clean(parsed.target, parsed.ledger, print)
    return EXIT_BROKEN if left else EXIT_OK
