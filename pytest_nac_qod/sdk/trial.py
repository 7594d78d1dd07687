"""A client put on trial: its target, what drives it, and its results with known failures marked."""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from pytest_nac_qod.foundation.alike import meant
from pytest_nac_qod.reference import ReferenceServer
from pytest_nac_qod.run.connecting import LEDGER
from pytest_nac_qod.run.known.expectations import Expectation
from pytest_nac_qod.sdk import expectations
from pytest_nac_qod.sdk.cases import ClientCase, client_cases
from pytest_nac_qod.sdk.environments import Sdk
from pytest_nac_qod.sdk.installed import InstalledSdk, installed_version
from pytest_nac_qod.sdk.problems import SdkError
from pytest_nac_qod.sdk.protocol import Driver, Program, running
from pytest_nac_qod.sdk.running import CaseResult, bench
from pytest_nac_qod.target import Target
from pytest_nac_qod.target.file import load_target
from pytest_nac_qod.wire.ownership.ledger import Ledger


def judged(
    target: Target, driver: Driver, cases: Iterable[ClientCase], known: Sequence[Expectation]
) -> tuple[str, list[CaseResult]]:
    """Name of the client, and its results at `target` with known failures marked."""
    with bench(target, driver, None if target.embedded else Ledger(Path(LEDGER))) as stand:
        results = [stand.run(case) for case in cases]
    client = stand.known
    name = f"{client.name} {client.version}" if client else "client"
    return name, list(expectations.applied(results, known, client.version if client else ""))


def released(sdk: Sdk, words: tuple[str, ...], timeout: float) -> list[CaseResult]:
    """Results of a released SDK at the embedded server; `words` start its adapter."""
    with target(None) as server, driver(words, timeout) as program:
        return judged(server, program, client_cases().values(), expectations.shipped(sdk))[1]


def unjudged(reason: str) -> list[CaseResult]:
    """The results of a client that could not be started."""
    return [CaseResult(case=case, verdict="inconclusive", reason=reason) for case in client_cases().values()]


def cases(ids: Sequence[str]) -> list[ClientCase]:
    """The cases with these ids; all without any.

    Raises:
        SdkError: there is no such case.
    """
    if unknown := [case for case in ids if case not in client_cases()]:
        hint = meant(unknown[0], client_cases(), "nac-qod client --list shows all")
        raise SdkError(f"--case {unknown[0]}: there is no such case; {hint}")
    return [client_cases()[case] for case in ids] or list(client_cases().values())


def installed_here() -> Sdk:
    """The SDK in this environment."""
    return Sdk(".".join(map(str, installed_version())))


@contextmanager
def driver(words: str | tuple[str, ...] | None, timeout: float) -> Iterator[Driver]:
    """What drives a program that `words` start, or the SDK in this environment; `timeout` in seconds."""
    if words is None:
        yield InstalledSdk()
        return
    with running(Program(words, timeout)) as program:
        yield program


@contextmanager
def target(path: Path | None) -> Iterator[Target]:
    """The target of a file, or the embedded server."""
    if path is not None:
        yield load_target(path)
        return
    with ReferenceServer() as server:
        yield server.target()
