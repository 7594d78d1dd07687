"""An ASGI application in front of another: counts requests that follow the contract, and those answered 2xx."""

import re
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any
from uuid import UUID

from pytest_nac_qod import contracts
from pytest_nac_qod.contracts import Operation
from pytest_nac_qod.wire.exchange import NotJsonError, parse_json

Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
App = Callable[[MutableMapping[str, Any], Receive, Send], Awaitable[None]]
RELEASE, API = "r3.2", "quality-on-demand"


class Counting:
    """Passes everything on."""

    def __init__(self, app: App) -> None:
        self.app = app
        self.contract = contracts.contract(RELEASE, API)
        self.valid = self.accepted = 0

    def taken(self) -> tuple[int, int]:
        """What was counted since the last time: valid requests, and accepted ones."""
        counts = self.valid, self.accepted
        self.valid = self.accepted = 0
        return counts

    async def __call__(self, scope: MutableMapping[str, Any], receive: Receive, send: Send) -> None:
        """Serve one request."""
        chunks: list[bytes] = []
        statuses: list[int] = []

        async def receiving() -> Message:
            message = await receive()
            chunks.append(message.get("body", b""))
            return message

        async def sending(message: Message) -> None:
            statuses.extend([message["status"]] if message["type"] == "http.response.start" else [])
            await send(message)

        await self.app(scope, receiving, sending)
        operation = self._operation(scope) if scope["type"] == "http" else None
        if operation and statuses and self._follows(operation, scope["path"], b"".join(chunks)):
            self.valid += 1
            self.accepted += statuses[0] < 300

    def _operation(self, scope: MutableMapping[str, Any]) -> Operation | None:
        for operation in self.contract.operations.values():
            pattern = self.contract.base_path + re.sub(r"\{\w+\}", "[^/]+", operation.path)
            if operation.method == scope["method"] and re.fullmatch(pattern, scope["path"]):
                return operation
        return None

    def _follows(self, operation: Operation, path: str, body: bytes) -> bool:
        """Whether the request follows the contract, as far as its schemas say."""
        if "{" in operation.path:
            try:
                UUID(path.removeprefix(self.contract.base_path).split("/")[2])
            except ValueError:
                return False
        pointer = self.contract.request_pointer(operation.id)
        if pointer is None:
            return True
        try:
            return not self.contract.validate(parse_json(body.decode()), pointer, direction="request")
        except (UnicodeDecodeError, NotJsonError):
            return False
