"""Which session or assignment a path names."""

from collections.abc import Mapping
from typing import Any
from uuid import uuid4

from pytest_nac_qod.foundation.jsontypes import Json
from pytest_nac_qod.suite import Case, bodies, judging, purpose, ruling, send, sinks, states
from pytest_nac_qod.verdicts import NotApplicable
from pytest_nac_qod.wire.client import Answer

NEIGHBOUR = "second_client"  # role of another client's token


def named(case: Case, key: str) -> Mapping[str, str]:
    """The path parameter of the row's operation."""
    return {case.resource.id: key}


def body(case: Case) -> Json:
    """The body that the row's operation takes, if it takes one."""
    return bodies.extension(60) if case.row.operation == case.resource.extend else None


@purpose
def test_malformed_id(case: Case) -> None:
    case.judge(send(case, path=named(case, "not-a-uuid"), body=body(case)))


@purpose
def test_unknown_id(case: Case) -> None:
    case.judge(send(case, path=named(case, str(uuid4())), body=body(case)))


@purpose
def test_resource_of_another_client(case: Case) -> None:
    by_device = case.row.operation == case.resource.retrieve
    case.judge(found_by_neighbour(case) if by_device else send(case, token=NEIGHBOUR))


def found_by_neighbour(case: Case) -> Answer[Any]:
    """What another client is told of a device that has something of the first one's.

    Raises:
        NotApplicable: the last one that it had itself, which has ended, and may be shown.
    """
    for role in ("default", "second"):
        if role not in case.target.devices:
            continue
        states.create_id(case, bodies.creation(case.target, case.resource, device=role))
        answer = send(case, token=NEIGHBOUR, body={"device": case.target.devices[role]})
        key = str(ruling.shown(answer).get(case.resource.id))
        if case.run.created.get(key) != (case.contract.api, NEIGHBOUR):
            return answer
    raise NotApplicable(f"the other client is shown an {case.resource.noun} that it had itself")


@purpose
def test_read_as_created(case: Case) -> None:
    created = states.create(case, bodies.full_creation(case.target, case.resource, sink=sinks.url(case)))
    key = str(created.body[case.resource.id])
    states.await_available(case, key)
    answer = send(case, path=named(case, key), body=None)
    case.judge(answer)
    judging.session(case, answer, created=created)


@purpose
def test_recently_unavailable_kept(case: Case) -> None:
    key = states.create_unavailable(case, perhaps_gone=True)
    answer = send(case, path=named(case, key), body=None)
    case.judge(answer)
    judging.value(case, answer, case.resource.status, "UNAVAILABLE")
    if "advance_clock" in case.target.hooks:
        case.run.hook("advance_clock", seconds=350)
        answer = send(case, path=named(case, key), body=None)
        case.judge(answer)
        judging.value(case, answer, case.resource.status, "UNAVAILABLE")


@purpose
def test_deleted(case: Case) -> None:
    case.judge(send(case))
