"""What a run without a target file has to assume, and must not hold against the target."""

from pytest_nac_qod.catalogue import Row
from pytest_nac_qod.checks.answer import answered, outcome_of
from pytest_nac_qod.target import Target
from pytest_nac_qod.verdicts import NotTested
from pytest_nac_qod.wire.exchange import Exchange

_PERHAPS_UNKNOWN = (400, 403, 404, 409, 422)  # statuses that may be about the device, the profile or the server
_UNAUTHENTICATED = 401
_DEVICE = "devices.default"


def require(target: Target, exchange: Exchange, row: Row | None) -> None:
    """Return unless the answer may refuse what the run assumed, rather than what the case is about.

    Args:
        target: says what was assumed.
        exchange: the request, and its answer.
        row: what the answer is judged by; None for a request that prepares a case.

    Raises:
        NotTested: it may; the message says what to add.
    """
    response = answered(exchange)
    names = assumed(target, exchange)
    if not names or response.status not in _PERHAPS_UNKNOWN or (row and _settles(row, exchange)):
        return
    outcome = outcome_of(response)
    if _DEVICE in names and ("IDENTIFIER" in outcome.code or "DEVICE" in outcome.code):
        names = [_DEVICE]
    raise unnamed(target, names, f"{exchange.operation} answered {outcome}")


def assumed(target: Target, exchange: Exchange) -> list[str]:
    """What nobody named and the request names, as `devices.default`."""
    sent = f"{exchange.request.url.rpartition('/')[2]} {exchange.request.body}"
    return [name for name, value in target.assumed.items() if value in sent]


def unnamed(target: Target, names: list[str], said: str) -> NotTested:
    """That what was assumed may be unknown to the target, and what to add."""
    values = " and ".join(target.assumed[name] for name in names)
    return NotTested(f"{said}, perhaps since nobody named {values}; add {' and '.join(f'[{name}]' for name in names)}")


def _settles(row: Row, exchange: Exchange) -> bool:
    """Whether the answer is right, or wrong whatever the request names, since it is owed before that is looked at."""
    wanted = [*row.accepted, *(expected.outcome for expected in (*row.lenient, *row.inapplicable) if expected.outcome)]
    outcome = outcome_of(answered(exchange))
    right = any(outcome.status == expected.status and expected.code in ("", outcome.code) for expected in wanted)
    return right or {expected.status for expected in row.accepted} == {_UNAUTHENTICATED}
