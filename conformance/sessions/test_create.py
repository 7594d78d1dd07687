"""Creating a session."""

from pytest_nac_qod.jsontypes import JsonObject
from pytest_nac_qod.suite import Case, bodies, judging, purpose, send, sinks, states


@purpose("session_created")
def test_session_created(case: Case) -> None:
    answer = send(case, body=bodies.full_creation(case.target, sink=sinks.url(case)))
    case.judge(answer)
    judging.session(case, answer, [case.name])
    case.clean()
    device = (
        "second" if "second" in case.target.devices else "default"
    )  # a deletion that fails is not this row's matter
    answer = send(case, body=bodies.creation(case.target, device=device))
    case.judge(answer)
    judging.session(case, answer, [case.name])


@purpose("session_created_with_sink_credential")
def test_session_created_with_sink_credential(case: Case) -> None:
    answer = send(case, body=with_sink(case))
    case.judge(answer)
    judging.access_token(case, answer)


def with_sink(case: Case) -> JsonObject:
    """A creation whose events go to a sink of this case, with a credential."""
    return {
        **bodies.creation(case.target),
        "sink": sinks.url(case),
        "sinkCredential": bodies.credential(sinks.token(case)),
    }


@purpose("session_conflict")
def test_session_conflict(case: Case) -> None:
    states.created(case)
    case.judge(send(case))


@purpose("unknown_profile")
def test_unknown_profile(case: Case) -> None:
    case.judge(send(case, body=bodies.creation(case.target) | {"qosProfile": case.target.profiles["unknown"].name}))


@purpose("profile_not_applicable")
def test_profile_not_applicable(case: Case) -> None:
    case.judge(send(case, body=bodies.creation(case.target, profile="inactive")))


@purpose("duration_out_of_range")
def test_duration_out_of_range(case: Case) -> None:
    profile = case.target.profiles["default"]
    assert profile.max_duration is not None
    for duration in (profile.max_duration + 1, (profile.min_duration or 1) - 1):
        if 1 <= duration < 2**31:
            case.judge(send(case, body=bodies.creation(case.target) | {"duration": duration}))


@purpose("empty_property")
def test_empty_property(case: Case) -> None:
    body = {**bodies.creation(case.target), "sink": sinks.url(case)}
    case.judge(send(case, body=bodies.changed(body, case.name, {})))


@purpose("port_out_of_range")
def test_port_out_of_range(case: Case) -> None:
    valid = {**bodies.creation(case.target), "device": bodies.ipv4_device(case.target)}
    wrong = {"from": (-1,), "to": (65536,)}  # the other end of the range has to stay on its side
    for port in wrong.get(case.name.rpartition(".")[2], (65536, -1)):
        case.judge(send(case, body=bodies.changed(valid, case.name, port)))


@purpose("unusable_credential_type")
def test_unusable_credential_type(case: Case) -> None:
    secret = sinks.token(case)
    credential = bodies.UNUSABLE_CREDENTIALS[case.name](secret)
    case.judge(send(case, body=with_sink(case) | {"sinkCredential": credential}))


@purpose("access_token_type_not_bearer")
def test_access_token_type_not_bearer(case: Case) -> None:
    credential = bodies.credential(sinks.token(case)) | {"accessTokenType": "mac"}
    case.judge(send(case, body=with_sink(case) | {"sinkCredential": credential}))
