"""What every conformance test gets: its case."""

from collections.abc import Iterator
from contextlib import ExitStack

import pytest

from pytest_nac_qod.foundation.visible import one_line
from pytest_nac_qod.reference import ReferenceServer
from pytest_nac_qod.run.connecting import connected, listening, reachable
from pytest_nac_qod.run.plan import plan_for
from pytest_nac_qod.run.probing import AbsentApiError, UnusableTargetError, probe, require_free
from pytest_nac_qod.suite import Case
from pytest_nac_qod.suite.run import Run
from pytest_nac_qod.suite.waits import leftovers
from pytest_nac_qod.suite.waits.stopping import refuse, stop


@pytest.fixture(scope="session")
def run(request: pytest.FixtureRequest) -> Iterator[Run]:
    """The run: target, connections, sink."""
    plan = plan_for(request.config)
    with ExitStack() as stack:
        target = plan.target
        if target is None:
            server: ReferenceServer = request.getfixturevalue("qod_reference")
            server.reset(faults=plan.faults)
            target = server.target()
        sink = stack.enter_context(listening(target)) if reachable(target) else None
        current_run = stack.enter_context(connected(plan, target, sink))
        try:
            apis = dict.fromkeys(case.row.api for case in plan.cases)
            probe(current_run, apis)
            require_free(current_run, apis)
        except UnusableTargetError as error:
            stop(one_line(current_run.redactor.text(str(error))))
        except AbsentApiError as error:
            refuse(one_line(current_run.redactor.text(str(error))))
        yield current_run


@pytest.fixture
def case(request: pytest.FixtureRequest, run: Run) -> Iterator[Case]:
    """One case of the catalogue, on a target in the state in which a run finds it."""
    if run.target.embedded:
        request.getfixturevalue("qod_server")
        run.restarted()
    elif run.left:
        leftovers.retry(run)
    current_case = Case(run, request.param, run.client(request.param.row.api))
    yield current_case
    if not run.target.embedded:
        current_case.clean()
