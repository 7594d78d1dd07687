"""What only a provider can bring about, for tests; never on a real deployment.

A page in any browser can send requests to loopback, so a control takes a key that only the target file has.
"""

import secrets
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Final

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from pytest_nac_qod.foundation.jsontypes import Json, JsonObject

if TYPE_CHECKING:
    from pytest_nac_qod.reference.app import Service

PREFIX = "/_control"
_CENTURY: Final = 100 * 366 * 86400  # seconds, beyond which no clock goes
Reset = Callable[[], None]


def new_key() -> str:
    """A key that cannot be guessed."""
    return secrets.token_urlsafe(24)


def address(url: str, name: str, key: str) -> str:
    """Where a control of the server at `url` is called."""
    return f"{url}{PREFIX}/{name}?key={key}"


def routes(service: "Service", reset: Reset, key: str) -> list[Route]:
    """The controls, each a POST with a JSON object; they refuse who does not have the key."""

    async def advance(arguments: JsonObject) -> None:
        seconds = arguments.get("seconds")
        if isinstance(seconds, bool) or not isinstance(seconds, int | float):
            raise TypeError("seconds has to be a number")
        await advanced(service, seconds)

    async def terminate(arguments: JsonObject) -> None:
        service.network.terminate(_text(arguments, "session_id"))

    async def refuse(arguments: JsonObject) -> None:  # noqa: ARG001 - as every control
        service.network.refusing += 1

    async def limit(arguments: JsonObject) -> None:
        operation, on = _text(arguments, "operation"), arguments.get("on")
        known = [name for contract in service.contracts.values() for name in contract.operations]
        if operation not in known or not isinstance(on, bool):
            raise ValueError(f"operation has to be one of {', '.join(known)}, and on true or false")
        (service.network.limited.add if on else service.network.limited.discard)(operation)

    async def trust(arguments: JsonObject) -> None:
        service.courier.trust.load_verify_locations(cadata=_text(arguments, "pem"))

    async def restart(arguments: JsonObject) -> None:  # noqa: ARG001 - as every control
        reset()

    controls: dict[str, Callable[[JsonObject], Awaitable[None]]] = {
        "advance_clock": advance,
        "terminate_session": terminate,
        "refuse_next_session": refuse,
        "rate_limit": limit,
        "trust_sink": trust,
        "reset": restart,
    }
    return [Route(f"{PREFIX}/{name}", _endpoint(control, key), methods=["POST"]) for name, control in controls.items()]


async def advanced(service: "Service", seconds: float) -> None:
    """Move the clock, let happen what is due, and wait until its events are delivered.

    Raises:
        ValueError: the clock does not go there.
    """
    clock = service.network.clock
    if not 0 <= seconds <= _CENTURY - clock.offset.total_seconds():
        raise ValueError(f"a clock moves forward only, and by a century in all, not by {seconds} s"[:200])
    clock.advance(seconds)
    service.network.settle()
    await service.courier.flush()


def _text(arguments: JsonObject, name: str) -> str:
    value = arguments.get(name)
    if not isinstance(value, str):
        raise TypeError(f"{name} has to be a text")
    return value


def _endpoint(control: Callable[[JsonObject], Awaitable[None]], key: str) -> Callable[[Request], Awaitable[Response]]:
    async def endpoint(request: Request) -> Response:
        if not secrets.compare_digest(request.query_params.get("key", "").encode(), key.encode()):
            return JSONResponse({"error": "the key is not that of this server; its target file has it"}, 403)
        try:
            arguments: Json = await request.json()
            if not isinstance(arguments, dict):
                raise TypeError("the body has to be a JSON object")  # noqa: TRY301 - one answer for all of it
            await control(arguments)
        except KeyError as error:
            return JSONResponse({"error": f"there is no {error}"}, 400)
        except (ValueError, TypeError, RecursionError, OSError) as error:  # OSError: an ssl.SSLError
            return JSONResponse({"error": str(error)}, 400)
        return Response(status_code=204)

    return endpoint
