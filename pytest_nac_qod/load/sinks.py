"""The sink of a load test: whatever comes is recorded."""

from dataclasses import dataclass
from functools import partial

from starlette.requests import Request
from starlette.responses import Response

from pytest_nac_qod.load.recording import LoadRecorder
from pytest_nac_qod.run.connecting import receiver
from pytest_nac_qod.target import Target
from pytest_nac_qod.wire.redaction import Redactor
from pytest_nac_qod.wire.sink import Sink, agreed, arrived, looks


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
        """Take an event in, or agree to get some."""
        if request.method == "OPTIONS":
            return agreed(request)
        body = await request.body()
        if not looks(request, body):
            self.recorder.event(arrived(request, body), self.redactor)
        return Response(status_code=204)


def listener(target: Target, recorder: LoadRecorder, redactor: Redactor) -> Sink:
    """A receiver as the target file describes it; it does not listen yet."""
    return receiver(target, partial(LoadSink, recorder=recorder, redactor=redactor))
