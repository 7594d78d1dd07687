"""Which session or assignment a path names."""

from collections.abc import Mapping
from uuid import uuid4

from pytest_nac_qod.foundation.jsontypes import Json
from pytest_nac_qod.suite import Case, bodies, judging, purpose, send, sinks, states


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
    if case.row.operation == case.resource.retrieve:
        states.create_id(case)
    case.judge(send(case, token="second_client"))


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
