"""Generated rules in this process, on the embedded server with a fault."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import httpx

from pytest_nac_qod import catalogue, contracts
from pytest_nac_qod.catalogue import RowCase
from pytest_nac_qod.proof.bench import tests
from pytest_nac_qod.reference import ReferenceServer
from pytest_nac_qod.reference.events import Courier, Delivery
from pytest_nac_qod.reference.state import ServedResource
from pytest_nac_qod.run.connecting import listening
from pytest_nac_qod.suite.case import Case
from pytest_nac_qod.suite.effort import Effort
from pytest_nac_qod.suite.run import Run
from pytest_nac_qod.wire.redaction import Redactor


class Silent(Courier):
    """Sends no events: generated sinks are anywhere."""

    def send(self, resource: ServedResource, delivery: Delivery) -> None:
        """Drop the event."""


@dataclass(frozen=True, slots=True)
class Embedded:
    """The embedded server, and a run against it."""

    server: ReferenceServer
    run: Run

    def case(self, row_case: RowCase, fault: str | None = None, *, kind: type[Case] = Case) -> Case:
        """The case of a generated rule, carried out on the server with a fault."""
        self.server.reset(faults=[fault] if fault else [])
        self.run.restarted()
        case = kind(self.run, row_case, self.run.client(row_case.row.api))
        tests()[row_case.row.purpose.key](case)
        return case


@contextmanager
def embedded(
    release: str = contracts.CURRENT, *, effort: Effort | None = None, wrap: Callable[[Any], Any] | None = None
) -> Iterator[Embedded]:
    """A server to try faults on; `wrap` puts an application in front of it."""
    server = ReferenceServer(release=release)
    server.app = wrap(server.app) if wrap else server.app
    with server:
        target = server.target()
        with listening(target) as sink, httpx.Client() as http, httpx.Client() as hooked:
            redactor = Redactor()
            redactor.register_all(target.secrets())
            yield Embedded(
                server,
                Run(
                    target=target,
                    mode="lenient",
                    contracts={api: contracts.contract(release, api) for api in target.apis},
                    http=http,
                    redactor=redactor,
                    sink=sink,
                    effort=effort or Effort(),
                    hooked=hooked,
                ),
            )


def cases(release: str, api: str = "quality-on-demand", pattern: str = "") -> list[RowCase]:
    """The generated rules of an API whose ids contain `pattern`."""
    return [case for case in catalogue.generated_cases(release, (api,)) if pattern in str(case)]
