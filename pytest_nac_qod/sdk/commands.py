"""The commands nac-qod client and nac-qod sdk-matrix."""

import argparse
import json
import sys
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

from pytest_nac_qod.foundation.visible import one_line
from pytest_nac_qod.reference import ReferenceServer
from pytest_nac_qod.run.connecting import LEDGER
from pytest_nac_qod.run.expectations import Expectation
from pytest_nac_qod.sdk import environments, expectations, showing
from pytest_nac_qod.sdk.cases import ClientCase, client_cases
from pytest_nac_qod.sdk.environments import Sdk
from pytest_nac_qod.sdk.installed import InstalledSdk, installed_version
from pytest_nac_qod.sdk.problems import SdkError
from pytest_nac_qod.sdk.protocol import Driver, Program, check_startable, running, schema
from pytest_nac_qod.sdk.running import CaseResult, bench
from pytest_nac_qod.target import Target
from pytest_nac_qod.target.file import load_target
from pytest_nac_qod.verdicts import EXIT_OK, exit_status
from pytest_nac_qod.wire.ledger import Ledger


def run_client(parsed: argparse.Namespace) -> int:
    """Judge one client; prints what is not right, and the number of cases for each verdict."""
    if parsed.list or parsed.protocol:
        print("\n".join(showing.listed()) if parsed.list else json.dumps(schema(), indent=2))
        return EXIT_OK
    cases = _cases(parsed.case or ())
    known = expectations.read(parsed.expectations) if parsed.expectations else ()
    if parsed.program is not None:
        check_startable(parsed.program)
    wanted = environments.sdk(parsed.sdk) if parsed.sdk else None
    here = None if parsed.sdk or parsed.program else Sdk(".".join(map(str, installed_version())))
    if not known and (released := wanted or here):
        known = expectations.shipped(released)
    with _target(parsed.target) as target, _driver(parsed, wanted) as driver:
        name, results = judged(target, driver, cases, known)
    for result in results:
        if parsed.verbose or result.verdict not in ("pass", "not_applicable"):
            print("\n".join(showing.lines(result, name)))
    print(f"{one_line(name)}: {showing.counts(results)}")
    return exit_status(Counter(result.verdict for result in results))


def run_matrix(parsed: argparse.Namespace) -> int:
    """Judge released SDKs and print the table."""
    wanted = [environments.sdk(spec) for spec in parsed.sdk or environments.MATRIX]

    def measured(one: Sdk) -> list[CaseResult]:
        try:
            words = _words(one, parsed)
        except SdkError as error:
            print(error, file=sys.stderr)
            return [
                CaseResult(case=case, verdict="inconclusive", reason=str(error)) for case in client_cases().values()
            ]
        with _target(None) as target, running(Program(words, parsed.timeout)) as driver:
            _, results = judged(target, driver, client_cases().values(), expectations.shipped(one))
        print(f"{one.name}: {showing.counts(results)}", file=sys.stderr)
        return results

    with ThreadPoolExecutor(max_workers=max(1, parsed.jobs)) as pool:
        columns = dict(zip(map(str, wanted), pool.map(measured, wanted), strict=True))
    print("\n".join(showing.matrix(columns)))
    return exit_status(Counter(result.verdict for results in columns.values() for result in results))


def judged(
    target: Target, driver: Driver, cases: Iterable[ClientCase], known: Sequence[Expectation]
) -> tuple[str, list[CaseResult]]:
    """Name of the client, and its results at `target` with known failures marked."""
    with bench(target, driver, None if target.embedded else Ledger(Path(LEDGER))) as found:
        results = [found.run(case) for case in cases]
    client = found.client
    name = f"{client.name} {client.version}" if client else "client"
    return name, list(expectations.applied(results, known, client.version if client else ""))


def _cases(ids: Sequence[str]) -> list[ClientCase]:
    if unknown := [one for one in ids if one not in client_cases()]:
        raise SdkError(f"--case {unknown[0]}: there is no such case; nac-qod client --list shows all")
    return [client_cases()[one] for one in ids] or list(client_cases().values())


def _words(wanted: Sdk, parsed: argparse.Namespace) -> tuple[str, ...]:
    """The words that run the SDK's adapter, the SDK being installed by now."""
    cache, python = parsed.cache or environments.default_cache(), parsed.python or sys.executable
    return environments.command(wanted, cache, python)


@contextmanager
def _driver(parsed: argparse.Namespace, wanted: Sdk | None) -> Iterator[Driver]:
    if wanted is None and parsed.program is None:
        yield InstalledSdk()
        return
    words: str | tuple[str, ...] = parsed.program
    if wanted is not None:
        words = environments.command(
            wanted, parsed.cache or environments.default_cache(), parsed.python or sys.executable
        )
    with running(Program(words, parsed.timeout)) as program:
        yield program


@contextmanager
def _target(path: Path | None) -> Iterator[Target]:
    if path is not None:
        yield load_target(path)
        return
    with ReferenceServer() as server:
        yield server.target()
