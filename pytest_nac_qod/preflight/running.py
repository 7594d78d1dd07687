"""All checks of a preflight, in the order of the target file."""

import ssl
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import partial
from urllib.parse import urlsplit

import httpx

from pytest_nac_qod.foundation.exits import EXIT_BROKEN, EXIT_OK
from pytest_nac_qod.foundation.visible import one_line
from pytest_nac_qod.preflight import addresses, certificates, coverage, lookups, pools, sinks, tokens
from pytest_nac_qod.preflight.finding import Finding, Job, together
from pytest_nac_qod.run.plan import Plan
from pytest_nac_qod.target import Target
from pytest_nac_qod.target.tokens import ClientCredentials
from pytest_nac_qod.wire.client import QodClient
from pytest_nac_qod.wire.connections import connection
from pytest_nac_qod.wire.redaction import Redactor

PATIENCE = 3.0  # seconds for one answer; there are two rounds of checks, each within twice that
_LEVELS = ("fail", "warn", "skip", "ok")
_WIDTH = 4  # of the longest level


def preflight(plan: Plan, target: Target, *, patience: float = PATIENCE, verbose: bool = False) -> Iterator[Finding]:
    """Look at everything that would spoil a run; no session is created.

    Args:
        plan: what the run would be about.
        target: that it would be run against.
        patience: seconds for one answer.
        verbose: whether coverage lists each reason with its cases.
    """
    try:
        trust = certificates.context(str(target.ca_file) if target.ca_file else None)
    except OSError as error:  # an ssl.SSLError too
        yield Finding("fail", "ca_file", f"{target.ca_file}: no certificates in PEM format: {error}")
        return
    seconds = min(target.timeout, patience)
    with connection(timeout=seconds, verify=trust) as http:
        clocks: list[Finding] = []
        broken: set[str] = set()
        for finding in together(list(_basics(plan, target, http, trust, seconds)), 2 * patience):
            if finding.level == "fail":
                broken.add(finding.about)
            if finding.about == "clock":
                clocks.append(finding)
            else:
                yield finding
        yield from clocks[:1]
        known = _Named(plan, target, http, frozenset(broken))
        yield from together(list(known.lookups()), 2 * patience)
    yield from coverage.generated(target, plan.cases, plan.effort)
    yield from pools.pool(target, plan.cases)
    yield from coverage.cost(plan, target)
    yield from coverage.coverage(target, plan.cases, verbose=verbose)


def _basics(plan: Plan, target: Target, http: httpx.Client, trust: ssl.SSLContext, seconds: float) -> Iterator[Job]:
    """What can be looked at without knowing anything else."""
    for api, contract in plan.contracts.items():
        anonymous, known = (_client(plan, target, http, api, role) for role in (None, "two_legged"))
        yield Job(f"apis.{api}", partial(addresses.api, contract, anonymous, known, target.unserved))
    for host, port in _secured(target):
        about = f"certificate of {host}:{port}"
        yield Job(about, partial(certificates.certificate, host, port, trust, seconds))
    operations = [operation for contract in plan.contracts.values() for operation in contract.operations.values()]
    scopes = {scope for operation in operations for scope in operation.scopes}
    for role, source in target.tokens.items():
        yield Job(f"tokens.{role}", partial(tokens.token, role, source, http, plan.redactor, scopes))
    yield Job("sink", partial(sinks.sink, target, seconds))
    for name, hook in target.hooks.items():
        yield Job(f"hooks.{name}", partial(addresses.hook, hook, seconds))


def _client(plan: Plan, target: Target, http: httpx.Client, api: str, role: str | None = None) -> QodClient:
    return QodClient(
        contract=plan.contracts[api],
        base_url=target.apis[api],
        http=http,
        token=None if role is None else partial(target.tokens[role].resolve, http),
        headers=target.headers,
        redactor=plan.redactor,
    )


def _secured(target: Target) -> list[tuple[str, int]]:
    """Host and port of each https address that a run calls."""
    urls = [*target.apis.values(), *(hook.url for hook in target.hooks.values() if hook.url)]
    urls += [source.token_url for source in target.tokens.values() if isinstance(source, ClientCredentials)]
    parts = [urlsplit(url) for url in urls]
    return list(
        dict.fromkeys((address.hostname or "", address.port or 443) for address in parts if address.scheme == "https")
    )


@dataclass(frozen=True, slots=True)
class _Named:
    """What look-ups depend on; `broken` are the keys that cannot be used."""

    plan: Plan
    target: Target
    http: httpx.Client
    broken: frozenset[str]

    def lookup(self, about: str, operation: str, token: str, check: Callable[[QodClient], list[Finding]]) -> Job:
        """A look-up by the API of the run that has the operation; or, when it cannot be made, one that says why."""
        contracts = self.plan.contracts.items()
        api = next((name for name, contract in contracts if operation in contract.operations), None)
        unusable = [key for key in (f"tokens.{token}", f"apis.{api}") if key in self.broken]
        if api is None:
            why = f"not looked up, since no API of this run has {operation}"
        elif operation in self.target.unserved:
            why = f"not looked up, since {operation} is not served"
        elif token not in self.target.tokens:
            why = f"not looked up, since there is no tokens.{token}"
        elif unusable:
            why = f"not looked up, since {unusable[0]} cannot be used"
        else:
            return Job(about, partial(check, _client(self.plan, self.target, self.http, api, token)))
        return Job(about, lambda: [Finding("skip", about, why)])

    def lookups(self) -> Iterator[Job]:
        """A look-up for each device and profile of the target file."""
        pooled = ((f"pool[{number}]", device) for number, device in enumerate(self.target.pool))
        for role, device in (*self.target.devices.items(), *pooled):
            token = "three_legged" if role == "three_legged" else "two_legged"
            check = partial(lookups.device, role=role, named=device)
            yield self.lookup(f"devices.{role}", lookups.LISTING, token, check)
        for role, profile in self.target.profiles.items():
            reading = partial(lookups.profile, role=role, named=profile)
            yield self.lookup(f"profiles.{role}", lookups.READING, "two_legged", reading)


def worst_first(findings: Iterable[Finding]) -> list[Finding]:
    """What would spoil the run before what is merely to be known, coverage last; else in the order of the file."""
    return sorted(
        findings,
        key=lambda finding: (finding.level != "fail", finding.about == "coverage", _LEVELS.index(finding.level)),
    )


def lines(finding: Finding, redactor: Redactor) -> list[str]:
    """A finding as it is printed: nothing secret, nothing that steers a terminal."""
    said = f"{finding.level.ljust(_WIDTH)}  {finding.about}: {finding.text}"
    return [one_line(redactor.text(said)), *(f"      {one_line(redactor.text(text))}" for text in finding.details)]


def status(findings: Iterable[Finding]) -> int:
    """Exit status: 1 when something would spoil the run."""
    return EXIT_BROKEN if any(finding.level == "fail" for finding in findings) else EXIT_OK
