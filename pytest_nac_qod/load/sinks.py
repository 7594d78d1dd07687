"""The sink of a load test: whatever comes is recorded."""

from dataclasses import dataclass

from starlette.requests import Request
from starlette.responses import Response

from pytest_nac_qod.load.recording import LoadRecorder
from pytest_nac_qod.target import Target
from pytest_nac_qod.wire.redaction import Redactor
from pytest_nac_qod.wire.sink import Sink, arrived


@dataclass(slots=True, kw_only=True)
class LoadSink(Sink):
    """A receiver that keeps nothing in memory.

    Attributes:
        recorder: gets each event.
        redactor: takes the secrets out.
    """

    recorder: LoadRecorder
    redactor: Redactor

    async def receive(self, request: Request) -> Response:
        """Take an event in."""
        self.recorder.event(arrived(request, await request.body()), self.redactor)
        return Response(status_code=204)


def listener(target: Target, recorder: LoadRecorder, redactor: Redactor) -> LoadSink:
    """A receiver as the target file describes it; it does not listen yet."""
    sink = target.sink
    return LoadSink(
        host=sink.host,
        port=sink.port,
        public_url=sink.url,
        certificate=sink.certificate,
        key=sink.key,
        authority=sink.authority,
        recorder=recorder,
        redactor=redactor,
    )
