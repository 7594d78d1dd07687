"""The nac-qod commands other than check."""

import argparse
import sys
from contextlib import suppress

from pytest_nac_qod.verdicts import EXIT_BROKEN, EXIT_OK


def run(parsed: argparse.Namespace) -> int:
    """Run the parsed command.

    Raises:
        UnusableError: a file or option is unusable.
    """
    command = {
        "serve": _serve,
        "init": _init,
        "sink-certificate": _sink_certificate,
        "contract": _contract,
        "preflight": _preflight,
        "report": _report,
        "verify": _verify,
        "compare": _compare,
        "expectations": _expectations,
        "cleanup": _cleanup,
        "faults": _faults,
        "legal": _legal,
        "client": _client,
        "sdk-matrix": _sdk_matrix,
    }[parsed.command]
    return command(parsed)


def _contract(parsed: argparse.Namespace) -> int:
    from pytest_nac_qod import contracts

    if parsed.what == "show":
        print(contracts.show(parsed.release, parsed.api), end="")
        return EXIT_OK
    text, status = contracts.diff_report(parsed.a, parsed.b)
    print(text)
    return status


def _init(parsed: argparse.Namespace) -> int:
    from pytest_nac_qod.target.file import init_target

    init_target(parsed.file)
    print(f"{parsed.file}: fill it in, then: nac-qod check --target {parsed.file}")
    return EXIT_OK


def _sink_certificate(parsed: argparse.Namespace) -> int:
    from pytest_nac_qod.wire import certificates as sink_files

    certificate, key, authority = sink_files.make(parsed.folder, parsed.host)
    print(f"{authority}: have the target trust it; then in the target file:\n\n[sink]")
    for name, path in zip(sink_files.NAMES, (certificate, key, authority), strict=True):
        print(f'{name} = "{path.as_posix()}"')
    return EXIT_OK


def _serve(parsed: argparse.Namespace) -> int:
    from pytest_nac_qod import contracts
    from pytest_nac_qod.foundation.outputs import check_file
    from pytest_nac_qod.reference import ReferenceServer

    if parsed.write_target:
        check_file("--write-target", parsed.write_target)
    server = ReferenceServer(
        release=parsed.release or contracts.CURRENT,
        faults=tuple(parsed.fault),
        legal=tuple(parsed.legal),
        host=parsed.host,
        port=parsed.port,
    )
    with server:
        for api in server.apis:
            print(f"{api} {server.release} at {server.base_url(api)}", flush=True)
        if parsed.write_target:
            from pytest_nac_qod.target.file import render_target

            parsed.write_target.write_text(render_target(server.target()), encoding="utf-8")
            print(f"nac-qod check --target {parsed.write_target}", flush=True)
        with suppress(KeyboardInterrupt):
            server.wait()
    return EXIT_OK


def _preflight(parsed: argparse.Namespace) -> int:
    import pytest

    from pytest_nac_qod import preflight
    from pytest_nac_qod.run.plan import plan
    from pytest_nac_qod.run.settings import settings
    from pytest_nac_qod.target import TargetError

    try:
        found = plan(settings(vars(parsed)))
    except pytest.UsageError as error:
        raise TargetError(str(error).replace("--qod-", "--")) from None
    if found.target is None:
        raise TargetError("preflight looks at a target; give --target or --url")
    seen = preflight.worst_first(preflight.preflight(found, found.target, verbose=parsed.verbose))
    for finding in seen:
        print("\n".join(preflight.lines(finding, found.redactor)), flush=True)
    return preflight.status(seen)


def _report(parsed: argparse.Namespace) -> int:
    from pytest_nac_qod.foundation.outputs import check_folder
    from pytest_nac_qod.report import results, writing
    from pytest_nac_qod.report.signing import attestation

    if parsed.output:
        check_folder("--output", parsed.output)
    key = attestation.private_key(parsed.sign) if parsed.sign else None
    folder = parsed.output or (parsed.results if parsed.results.is_dir() else parsed.results.parent)
    for path in writing.write(results.read(parsed.results), folder, key):
        print(path)
    return EXIT_OK


def _verify(parsed: argparse.Namespace) -> int:
    from pytest_nac_qod.report.results import ResultsError
    from pytest_nac_qod.report.signing import attestation, verifying

    key = attestation.public_key(parsed.key) if parsed.key else None
    if not parsed.folder.is_dir():
        raise ResultsError(f"{parsed.folder}: no such folder; give the one that --report named")
    problems = list(verifying.problems(parsed.folder, key))
    for problem in problems:
        print(f"{parsed.folder}: {problem}", file=sys.stderr)
    if problems:
        return EXIT_BROKEN
    print(verifying.holds(parsed.folder, key))
    return EXIT_OK


def _compare(parsed: argparse.Namespace) -> int:
    from pytest_nac_qod.report import comparing, results

    old, new = results.read(parsed.old), results.read(parsed.new)
    found = comparing.compare(old, new)
    for line in comparing.lines(found, complete=new["complete"]):
        print(line)
    return found.status


def _expectations(parsed: argparse.Namespace) -> int:
    from pytest_nac_qod.foundation.outputs import check_file
    from pytest_nac_qod.report import results
    from pytest_nac_qod.run import known_causes

    if parsed.output:
        check_file("--output", parsed.output)
    text = known_causes.written(results.read(parsed.results))
    if parsed.output is None:
        print(text, end="")
    else:
        parsed.output.write_text(text, encoding="utf-8")
        print(f"{parsed.output}: say why each is known, then: nac-qod check --expectations {parsed.output}")
    return EXIT_OK


def _faults(parsed: argparse.Namespace) -> int:
    from pytest_nac_qod.proof import reporting

    releases = reporting.known_releases(parsed.release)
    if parsed.run:
        return reporting.run(parsed.names, releases, lambda line: print(line, flush=True), parsed.workers)
    return reporting.listing(parsed.names, releases, print)


def _legal(parsed: argparse.Namespace) -> int:
    from pytest_nac_qod.commands import legal
    from pytest_nac_qod.proof import reporting

    return legal.listing(parsed.names, reporting.known_releases(parsed.release), print)


def _cleanup(parsed: argparse.Namespace) -> int:
    from pytest_nac_qod.run.cleaning import clean

    left = clean(parsed.target, parsed.ledger, print, _confirmed if parsed.interactive else None)
    return EXIT_BROKEN if left else EXIT_OK


def _confirmed(question: str) -> bool:
    """Ask on the terminal; whoever is not there says no."""
    try:
        return input(f"{question}; delete it? [y/N] ").strip().lower() in ("y", "yes")
    except EOFError:
        print()
        return False


def _client(parsed: argparse.Namespace) -> int:
    from pytest_nac_qod.sdk.commands import run_client

    return run_client(parsed)


def _sdk_matrix(parsed: argparse.Namespace) -> int:
    from pytest_nac_qod.sdk.commands import run_matrix

    return run_matrix(parsed)
