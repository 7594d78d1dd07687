"""Requests that have to be accepted, and what their answers have to satisfy."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from hypothesis import reject
from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

from pytest_nac_qod import strategies
from pytest_nac_qod.foundation.jsontypes import Json, JsonObject
from pytest_nac_qod.generated.examples import explore
from pytest_nac_qod.strategies.durations import LONGEST
from pytest_nac_qod.strategies.releases import PROFILES, schema
from pytest_nac_qod.strategies.sinks import HOSTS
from pytest_nac_qod.suite import bodies, judging, states
from pytest_nac_qod.suite.case import Case
from pytest_nac_qod.suite.waits import waiting
from pytest_nac_qod.target import Target
from pytest_nac_qod.wire.client import Answer
from pytest_nac_qod.wire.resources import resource_of

TWICE = 0.5  # of a try: what is created has more properties, and forms of each, than a run has tries
SHARE = 2  # of the examples, one is tried where what is created is only looked at: what is shown of it is much alike


@dataclass(frozen=True, slots=True)
class Creation:
    """A session or an assignment to create: the role of the token, and the body."""

    token: str
    body: JsonObject


def creations(case: Case) -> SearchStrategy[Creation]:
    """What the target has to create, with a 2-legged token and, where there is one, a 3-legged one."""
    bodies_with_device = creation_bodies(case, devices(case.target)).map(_without_key)
    choices = [st.builds(Creation, st.just("two_legged"), bodies_with_device)]
    if "three_legged" in case.target.tokens:
        choices.append(st.builds(Creation, st.just("three_legged"), creation_bodies(case, None).map(_without_key)))
    return st.one_of(choices)


def creation_bodies(case: Case, device: SearchStrategy[JsonObject] | None) -> SearchStrategy[JsonObject]:
    """Bodies for one of these devices, or without a device."""
    release, target = case.row.release, case.target
    profile = st.just(target.profiles["default"].name)
    sink = strategies.sinks(hosts=_sink_hosts(case))
    if case.resource.noun == "assignment":
        return strategies.create_assignment_bodies(
            release=release, target=target, device=device, profile=profile, sink=sink
        )
    return strategies.create_session_bodies(
        release=release,
        target=target,
        device=device,
        application_server=strategies.application_servers(release=release, target=None if target.embedded else target),
        profile=profile,
        sink=sink,
    )


def devices(target: Target) -> SearchStrategy[JsonObject]:
    """The devices of the target that something can be created for."""
    roles = ("default", "second", "several")
    return st.sampled_from([target.devices[role] for role in roles if role in target.devices])


def await_available(case: Case, key: str, *, token: str = "two_legged") -> JsonObject:  # noqa: S107 - a role
    """What was created, with the token of a role, once it is AVAILABLE; the clock is moved where it can be."""
    waiting.hasten(case)
    return states.await_available(case, key, token=token)


def create(case: Case, creation: Creation) -> Answer[Any]:
    """The answer to a request that creates something; without one the example is passed over."""
    resource = case.resource
    answer = case.call(resource.create, token=creation.token, body=creation.body)
    found: Json = answer.body
    if answer.status != resource.created or not isinstance(found, dict) or not isinstance(found.get(resource.id), str):
        reject()
    return answer


def _without_key(body: JsonObject) -> JsonObject:
    """The body without a credential that needs a key which the client may not have shared."""
    kind = body.get("sinkCredential", {}).get("credentialType")
    return {name: value for name, value in body.items() if kind != "PRIVATE_KEY_JWT" or name != "sinkCredential"}


def path_of(case: Case, answer: Answer[Any]) -> dict[str, str]:
    """Path parameters that lead to what the answer says was created."""
    return {case.resource.id: answer.body[case.resource.id]}


def create_path(case: Case) -> dict[str, str]:
    """Path parameters that lead to something made for the row's operation, AVAILABLE where that extends it."""
    path = path_of(case, states.create(case))
    if case.row.operation == case.resource.extend:
        await_available(case, path[case.resource.id])
    return path


def _sink_hosts(case: Case) -> tuple[str, ...]:
    """Where events may be sent to: the sink of this run, else hosts for documentation."""
    return (case.run.sink.url.partition("://")[2],) if case.run.sink else HOSTS


def _create(case: Case, creation: Creation) -> None:
    answer = case.call(case.row.operation, token=creation.token, body=creation.body, role="judged")
    case.judge(answer)
    judging.session(case, answer)


def _read(case: Case, creation: Creation) -> None:
    answer = create(case, creation)
    read = case.call(case.row.operation, token=creation.token, path=path_of(case, answer), role="judged")
    case.judge(read)
    judging.session(case, read, created=answer)


def _delete(case: Case, creation: Creation) -> None:
    path = path_of(case, create(case, creation))
    case.judge(case.call(case.row.operation, token=creation.token, path=path, role="judged"))


def _retrieve(case: Case, creation: Creation) -> None:
    answer = create(case, creation)
    body = {name: value for name, value in creation.body.items() if name == "device"}
    retrieved = case.call(case.row.operation, token=creation.token, body=body, role="judged")
    case.judge(retrieved)
    if case.resource.noun == "assignment":
        judging.session(case, retrieved, created=answer)
    else:
        judging.listing(case, retrieved, answer)


def _extend(case: Case, extension: tuple[Creation, int]) -> None:
    creation, seconds = extension
    answer = create(case, creation)
    session = await_available(case, answer.body[case.resource.id], token=creation.token)
    body = bodies.extension(seconds)
    extended = case.call(case.row.operation, token=creation.token, path=path_of(case, answer), body=body, role="judged")
    case.judge(extended)
    judging.session(case, extended, created=answer)
    longest = case.target.profiles["default"].max_duration
    granted = session["duration"] + seconds
    judging.at_least(case, extended, min(granted, longest) if longest else session["duration"], "what was asked for")


def _extensions(case: Case) -> SearchStrategy[tuple[Creation, int]]:
    return st.tuples(creations(case), st.integers(1, 86400) | st.just(LONGEST))


def _filters(case: Case) -> SearchStrategy[JsonObject]:
    """Filters of profiles: what the target file knows, and the statuses that there are."""
    filters: dict[str, SearchStrategy[Json]] = {
        "device": devices(case.target),
        "name": st.sampled_from([profile.name for profile in case.target.profiles.values()]),
        "status": st.sampled_from(schema(case.row.release, "QosProfileStatusEnum", PROFILES)["enum"]),
    }
    return st.fixed_dictionaries({}, optional=filters)


def _list_profiles(case: Case, filters: JsonObject) -> None:
    answer = case.call(case.row.operation, body=filters, role="judged")
    case.judge(answer)
    for name in ("name", "status"):
        if name in filters:
            judging.all_values(case, answer, name, filters[name])


def _names(case: Case) -> SearchStrategy[str]:
    known = [profile.name for role, profile in case.target.profiles.items() if role not in ("unknown", "restricted")]
    return st.sampled_from(known)


def _read_profile(case: Case, name: str) -> None:
    answer = case.call(case.row.operation, path={"name": name}, role="judged")
    case.judge(answer)
    judging.value(case, answer, "name", name)


def check(case: Case) -> None:
    """Hold the row's operation against valid requests."""
    examples, judge = _of(case)
    share = SHARE if judge in (_read, _delete, _retrieve) else TWICE if judge is _create else 1
    explore(case, examples(case), lambda example: judge(case, example), share=share)


def _of(case: Case) -> tuple[Callable[[Case], SearchStrategy[Any]], Callable[[Case, Any], None]]:
    """What to generate for the row's operation, and how to judge it."""
    resource = resource_of(case.contract)
    if resource is None:
        named = "{name}" in case.contract.operations[case.row.operation].path
        return (_names, _read_profile) if named else (_filters, _list_profiles)
    if case.row.operation == resource.extend:
        return _extensions, _extend
    judges = {resource.create: _create, resource.read: _read, resource.delete: _delete, resource.retrieve: _retrieve}
    return creations, judges[case.row.operation]
