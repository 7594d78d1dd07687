"""Which operation a request is one of, told by method and path."""

import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from urllib.parse import unquote, urlsplit

from pytest_nac_qod import contracts
from pytest_nac_qod.contracts import Contract, Operation
from pytest_nac_qod.contracts.aligning import PARAMETER
from pytest_nac_qod.wire.exchange import Exchange


@dataclass(frozen=True, slots=True)
class Match:
    """The operation that a request is one of.

    Attributes:
        key: the value of the path parameter; empty without one.
        base_url: what stands before the path of the operation.
    """

    contract: Contract
    operation: Operation
    key: str
    base_url: str


@cache
def _pattern(path: str) -> re.Pattern[str]:
    fixed = [re.escape(part) for part in PARAMETER.split(path)]
    return re.compile(f"(.*){'([^/]+)'.join(fixed)}")


def match(exchange: Exchange, known: Iterable[Contract], base_urls: Collection[str] = ()) -> Match | None:
    """The operation of one of the contracts that a request is one of; None for a request that is none of them.

    Args:
        exchange: whose request it is; HEAD and OPTIONS are operations of no contract.
        known: the contracts that are looked at.
        base_urls: where operations stand as well; else they have to stand under the base path of their document, unless
            whoever sent the request has noted the operation.
    """
    request = exchange.request
    try:
        parts = urlsplit(request.url)
    except ValueError:
        return None
    for contract in known:
        for operation in contract.operations.values():
            if operation.method != request.method or not (fits := _pattern(operation.path).fullmatch(parts.path)):
                continue
            before, *keys = fits.groups()
            base_url = f"{parts.scheme}://{parts.netloc}{before}"
            noted = exchange.operation in contract.operations
            if noted or before.endswith(contract.base_path) or base_url in base_urls:
                return Match(contract, operation, unquote(keys[0]) if keys else "", base_url)
    return None


@cache
def families() -> Mapping[str, Mapping[str, tuple[Contract, ...]]]:
    """The contracts of every release by base path, and those of one base path by release."""
    by_path: dict[str, dict[str, tuple[Contract, ...]]] = {}
    for release in contracts.releases():
        for api in contracts.apis(release):
            contract = contracts.contract(release, api)
            by_path.setdefault(contract.base_path, {})[release] = (contract,)
    return by_path


@cache
def event_types() -> frozenset[str]:
    """The types of events of every release."""
    known = [contract for by_release in families().values() for of_path in by_release.values() for contract in of_path]
    return frozenset(kind for contract in known for kind in contract.event_types)


def releases(url: str, known: Mapping[str, Collection[str]] | None = None) -> tuple[str, str, tuple[str, ...]] | None:
    """What stands before the base path of an API, that path, and the releases that have it; None without any.

    Args:
        url: of a request.
        known: releases by base path; by default all that there are.
    """
    try:
        parts = urlsplit(url)
    except ValueError:
        return None
    for base_path, of_path in (families() if known is None else known).items():
        root, at, _ = parts.path.partition(f"{base_path}/")
        if at:
            return f"{parts.scheme}://{parts.netloc}{root}", base_path, tuple(of_path)
    return None
