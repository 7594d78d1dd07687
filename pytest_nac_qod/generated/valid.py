"""Requests that have to be accepted, and what their answers have to satisfy."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from hypothesis import reject
from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

from pytest_nac_qod import strategies
from pytest_nac_qod.client import Answer
from pytest_nac_qod.generated.examples import explore
from pytest_nac_qod.jsontypes import Json, JsonObject
from pytest_nac_qod.strategies.durations import LONGEST
from pytest_nac_qod.strategies.sinks import HOSTS
from pytest_nac_qod.suite import bodies, judging, states
from pytest_nac_qod.suite.case import Case
from pytest_nac_qod.target import Target

SETTLED = 1.0  # seconds after which the embedded network has done what it was asked for


@dataclass(frozen=True, slots=True)
class Creation:
    """A session to create: the role of the token, and the body."""

    token: str
    body: JsonObject


def creations(case: Case) -> SearchStrategy[Creation]:
    """Sessions that the target has to create, with a 2-legged token and, where there is one, a 3-legged one."""
    release, target = case.row.release, case.target
    sink = strategies.sinks(hosts=_sink_hosts(case))
    servers = strategies.application_servers(release=release, target=None if target.embedded else target)

    def of(token: str, device: SearchStrategy[JsonObject] | None) -> SearchStrategy[Creation]:
        found = strategies.create_session_bodies(
            release=release,
            target=target,
            device=device,
            application_server=servers,
            profile=st.just(target.profiles["default"].name),
            sink=sink,
        )
        return st.builds(Creation, st.just(token), found)

    choices = [of("two_legged", devices(target))]
    if "three_legged" in target.tokens:
        choices.append(of("three_legged", None))
    return st.one_of(choices)


def devices(target: Target) -> SearchStrategy[JsonObject]:
    """The devices of the target that sessions can be created for."""
    return st.sampled_from(
        [target.devices[role] for role in ("default", "second", "several") if role in target.devices]
    )


def available(case: Case, session_id: str) -> JsonObject:
    """The session once it is AVAILABLE; the clock is moved where it can be."""
    if "advance_clock" in case.target.hooks:
        case.run.hook("advance_clock", seconds=SETTLED)
    return states.available(case, session_id)


def created(case: Case, creation: Creation) -> Answer[Any]:
    """The answer to a request that creates a session; without one the example is passed over."""
    answer = case.call("createSession", token=creation.token, body=creation.body)
    session: Json = answer.body
    if answer.status != 201 or not isinstance(session, dict) or not isinstance(session.get("sessionId"), str):
        reject()
    return answer


def _sink_hosts(case: Case) -> tuple[str, ...]:
    """Where events may be sent to: the sink of this run, else hosts for documentation."""
    return (case.run.sink.url.partition("://")[2],) if case.run.sink else HOSTS


def _create(case: Case, creation: Creation) -> None:
    answer = case.call("createSession", token=creation.token, body=creation.body, role="judged")
    case.judge(answer)
    judging.session(case, answer)


def _get(case: Case, creation: Creation) -> None:
    answer = created(case, creation)
    path = {"sessionId": answer.body["sessionId"]}
    read = case.call("getSession", token=creation.token, path=path, role="judged")
    case.judge(read)
    judging.session(case, read, created=answer)


def _delete(case: Case, creation: Creation) -> None:
    path = {"sessionId": created(case, creation).body["sessionId"]}
    case.judge(case.call("deleteSession", token=creation.token, path=path, role="judged"))


def _retrieve(case: Case, creation: Creation) -> None:
    answer = created(case, creation)
    body = {name: value for name, value in creation.body.items() if name == "device"}
    listed = case.call("retrieveSessionsByDevice", token=creation.token, body=body, role="judged")
    case.judge(listed)
    judging.listing(case, listed, answer)


def _extend(case: Case, extension: tuple[Creation, int]) -> None:
    creation, seconds = extension
    answer = created(case, creation)
    session = available(case, answer.body["sessionId"])
    path = {"sessionId": session["sessionId"]}
    body = bodies.extension(seconds)
    extended = case.call("extendQosSessionDuration", token=creation.token, path=path, body=body, role="judged")
    case.judge(extended)
    judging.session(case, extended, created=answer)
    longest = case.target.profiles["default"].max_duration
    granted = session["duration"] + seconds
    judging.at_least(case, extended, min(granted, longest) if longest else session["duration"], "what was asked for")


def _extensions(case: Case) -> SearchStrategy[tuple[Creation, int]]:
    return st.tuples(creations(case), st.integers(1, 86400) | st.just(LONGEST))


Check = tuple[Callable[[Case], SearchStrategy[Any]], Callable[[Case, Any], None]]
CHECKS: Mapping[str, Check] = {
    "createSession": (creations, _create),
    "getSession": (creations, _get),
    "deleteSession": (creations, _delete),
    "retrieveSessionsByDevice": (creations, _retrieve),
    "extendQosSessionDuration": (_extensions, _extend),
}


def check(case: Case) -> None:
    """Hold the row's operation against valid requests."""
    examples, judge = CHECKS[case.row.operation]
    explore(case, examples(case), lambda example: judge(case, example))
