"""Operations that a target does not have, as the first cases to ask for them found out."""

from typing import Final

from pytest_nac_qod.checks.answer import body_of
from pytest_nac_qod.contracts import Contract
from pytest_nac_qod.suite.run import Run
from pytest_nac_qod.wire.exchange import Exchange
from pytest_nac_qod.wire.resources import resource_of

TIMES: Final = 3  # answers as of a route that is not there, and none of another kind
_NO_ROUTE: Final = frozenset({404, 405, 501})


def learn(run: Run, contract: Contract, exchange: Exchange) -> None:
    """Note whether an operation answers a request that has to succeed as if its route were not there.

    Creating and deleting are never taken to be missing: a run cannot do without them, and has to clean up.
    """
    resource, operation = resource_of(contract), exchange.operation
    if run.target.embedded or exchange.role != "setup" or exchange.response is None or resource is None:
        return
    if operation in (resource.create, resource.delete):
        return
    fact, status = _fact(contract, operation), exchange.response.status
    if not _no_route(exchange):
        run.seen.add(fact)
        run.absent.pop(fact, None)
    elif fact not in run.seen:
        run.absent[fact] = run.absent.get(fact, 0) + 1
        if run.absent[fact] >= TIMES:
            run.learned.setdefault(fact, f"{operation} is not served: it answered {status} {TIMES} times")


def lacking(run: Run, contract: Contract, operation: str) -> str:
    """What to say of an operation that was found not to be served; empty for any other."""
    return run.learned.get(_fact(contract, contract.operations[operation].id), "")


def _fact(contract: Contract, operation: str) -> str:
    return f"{contract.api} {operation} served"


def _no_route(exchange: Exchange) -> bool:
    """Whether an answer is that of a route that is not there: a 404 with a code may be about what was asked for."""
    if exchange.response is None or exchange.response.status not in _NO_ROUTE:
        return False
    body = body_of(exchange.response) if exchange.response.status == 404 else None
    return not (isinstance(body, dict) and body.get("code"))
