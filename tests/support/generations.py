"""Right clients of each generation of the NaC SDK: their order of arguments, their address, their words on the wire."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from urllib.parse import urlencode

import httpx

from pytest_nac_qod.foundation.jsontypes import Json, JsonObject
from pytest_nac_qod.reference.dialects import Dialect, dialects
from pytest_nac_qod.sdk.seeded import model
from pytest_nac_qod.sdk.seeded.model import Arguments, Behaviour, ModelClient

FROM_4 = model.POSITIONAL
BEFORE_4 = ("profile", *FROM_4[2:6], "duration", *FROM_4[6:])


@dataclass(frozen=True)
class Generation:
    """What is its own: the order (none where it takes names only), the dialect (none for CAMARA), how it lists."""

    order: tuple[str, ...] = FROM_4
    dialect: Dialect | None = None
    queries: bool = False


GENERATIONS: Mapping[str, Generation] = {
    "1.0 to 2.2": Generation(BEFORE_4, dialects()["epoch"], queries=True),
    "3.0 to 3.1": Generation(BEFORE_4, dialects()["flat"], queries=True),
    "4.0": Generation(FROM_4, dialects()["flat"], queries=True),
    "5.0 to 7.0": Generation(FROM_4, dialects()["webhook"]),
    "10.0": Generation(()),
    "10.0, calls of v0": Generation((), dialects()["webhook_epoch"]),
}


@dataclass(slots=True)
class RightClient(ModelClient):
    """A right client of a generation."""

    generation: Generation = field(default_factory=Generation)

    def __post_init__(self) -> None:
        self.behaviour = replace(Behaviour(), bind=self._bind, body=self._body, shown=self._shown)

    def ask(self, request: JsonObject) -> JsonObject:
        answer = super(RightClient, self).ask(request)
        if request["call"] == "start":
            answer["result"]["positional"] = list(self.generation.order)
            if self._http and self.generation.dialect:
                self._http.base_url = httpx.URL(request["base_url"] + self.generation.dialect.path)
        return answer

    def _sent(self, method: str, path: str, content: Json = None, options: Mapping[str, int] | None = None) -> Json:
        """Lists by phone number are asked for with a query, where the generation has that."""
        number = content["device"].get("phoneNumber") if path == "/retrieve-sessions" else None
        if number and self.generation.queries:
            return super(RightClient, self)._sent("GET", f"/sessions?{urlencode({'phoneNumber': number})}")
        return super(RightClient, self)._sent(method, path, content, options)

    def _bind(self, args: list[Json], kwargs: Mapping[str, Json]) -> Arguments:
        by_position = dict(zip(self.generation.order, args, strict=False))
        return {name: value for name, value in {**by_position, **kwargs}.items() if value is not None}

    def _body(self, given: Arguments, device: JsonObject) -> JsonObject:
        sent = model.body(given, device)
        if self.generation.dialect is None:
            return sent
        sink: JsonObject = {"notificationUrl": sent.pop("sink")} if "sink" in sent else {}
        if credential := sent.pop("sinkCredential", None):
            sink["notificationAuthToken"] = f"Bearer {credential['accessToken']}"
        if self.generation.dialect.sink == "flat":
            return {**sent, **sink}
        return {**sent, "webhook": sink} if sink else sent

    def _shown(self, session: JsonObject) -> JsonObject:
        told = model.shown(session)
        for name in ("started_at", "expires_at"):
            if isinstance(told[name], int):
                told[name] = datetime.fromtimestamp(told[name], UTC).isoformat()
        return told
