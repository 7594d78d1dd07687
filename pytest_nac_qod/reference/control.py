"""What only a provider can bring about, for tests; never on a real deployment."""

from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from pytest_nac_qod.foundation.jsontypes import JsonObject

if TYPE_CHECKING:
    from pytest_nac_qod.reference.app import Service

PREFIX = "/_control"
Reset = Callable[[], None]


def routes(service: "Service", reset: Reset) -> list[Route]:
    """The controls, each a POST with a JSON object."""

    async def advance(arguments: JsonObject) -> None:
        await advanced(service, float(arguments["seconds"]))

    async def terminate(arguments: JsonObject) -> None:
        service.network.terminate(arguments["session_id"])

    async def refuse(arguments: JsonObject) -> None:  # noqa: ARG001 - as every control
        service.network.refusing += 1

    async def limit(arguments: JsonObject) -> None:
        change = service.network.limited.add if arguments["on"] else service.network.limited.discard
        change(arguments["operation"])

    async def trust(arguments: JsonObject) -> None:
        service.courier.trust.load_verify_locations(cadata=arguments["pem"])

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
    return [Route(f"{PREFIX}/{name}", _endpoint(control), methods=["POST"]) for name, control in controls.items()]


async def advanced(service: "Service", seconds: float) -> None:
    """Move the clock, let happen what is due, and wait until its events are delivered."""
    service.network.clock.advance(seconds)
    service.network.settle()
    await service.courier.flush()


def _endpoint(control: Callable[[JsonObject], Awaitable[None]]) -> Callable[[Request], Awaitable[Response]]:
    async def endpoint(request: Request) -> Response:
        try:
            await control(await request.json())
        except (KeyError, ValueError, TypeError) as error:
            return JSONResponse({"error": f"{type(error).__name__}: {error}"}, 400)
        return Response(status_code=204)

    return endpoint
