"""Embedded servers of each release, one for the whole run, and calls to them that the contract judges."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace

import httpx

from pytest_nac_qod import contracts
from pytest_nac_qod.contracts import Contract
from pytest_nac_qod.foundation.jsontypes import Json, JsonObject
from pytest_nac_qod.reference import ReferenceServer

DELAY = 60.0  # seconds that the network takes, so that only a moved clock brings anything about
SERVER: JsonObject = {"ipv4Address": "198.51.100.10"}
TOKENS = {"three_legged": "three-legged-token", "scopeless": "scopeless-token", "expired": "expired-token"}


@dataclass(slots=True)
class Caller:
    """Calls operations by any client of the world; every documented answer is held against its schema."""

    server: ReferenceServer
    http: httpx.Client
    tokens: dict[str, str] = field(default_factory=TOKENS.copy)

    @property
    def target(self) -> Mapping[str, JsonObject]:
        """The devices of the target by role."""
        return self.server.target().devices

    def renew(self) -> None:
        """Start anew, with a network that takes its time."""
        self.server.reset()
        network = self.server.service.network
        network.world = replace(network.world, network_delay=DELAY)

    def contract(self, operation: str) -> Contract:
        """The contract that has the operation."""
        candidates = (contracts.contract(self.server.release, api) for api in self.server.apis)
        return next(contract for contract in candidates if operation in contract.operations)

    def token(self, client: str) -> str:
        """An access token of a client, or one that the world knows."""
        if client not in self.tokens:
            form = {
                "grant_type": "client_credentials",
                "client_id": client,
                "client_secret": f"{client}-secret",
            }
            answer = self.http.post(f"{self.server.url}/oauth2/token", data=form)
            self.tokens[client] = answer.json()["access_token"]
        return self.tokens[client]

    def __call__(  # noqa: PLR0913 - all that a request is made of
        self,
        operation: str,
        body: Json = None,
        *,
        key: str = "",
        client: str | None = "application",
        content: bytes | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> httpx.Response:
        """One request, its answer judged."""
        contract = self.contract(operation)
        definition = contract.operations[operation]
        path = definition.path.partition("{")
        url = self.server.url + contract.base_path + path[0] + key + path[2].partition("}")[2]
        sent = {"x-correlator": "a-b-1", **({"Authorization": f"Bearer {self.token(client)}"} if client else {})}
        if content is not None:
            sent["Content-Type"] = "application/json"
        sent.update(headers or {})
        json = body if content is None and contract.request_pointer(operation) else None
        raw = {name.encode(): value.encode("latin-1") for name, value in sent.items()}
        answer = self.http.request(definition.method, url, json=json, content=content, headers=raw)
        self.judge(contract, operation, answer)
        return answer

    def judge(self, contract: Contract, operation: str, answer: httpx.Response) -> None:
        """Hold an answer against its schema."""
        documented = contract.operations[operation]
        assert answer.status_code in {*documented.success, *documented.errors}, answer.text
        pointer = contract.response_pointer(operation, answer.status_code)
        if pointer is None:
            assert answer.content == b""
        else:
            assert answer.headers["content-type"] == "application/json"
            assert contract.validate(answer.json(), pointer, direction="response") == []


@contextmanager
def calling(release: str) -> Iterator[Caller]:
    """A server of `release`, running."""
    with ReferenceServer(release=release) as server, httpx.Client(timeout=120) as http:
        yield Caller(server, http)


def code(answer: httpx.Response) -> tuple[int, str]:
    """Status and code of an error object."""
    body = answer.json()
    assert body["status"] == answer.status_code
    assert body["message"].strip()
    return answer.status_code, body["code"]
