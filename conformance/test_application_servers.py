"""Application servers of a session, and durations out of range."""

from pytest_nac_qod.foundation.jsontypes import Json
from pytest_nac_qod.suite import Case, bodies, judging, purpose, send

ADDRESSES = [f"198.51.100.{number}" for number in range(1, 18)]


def with_server(case: Case, server: Json) -> None:
    """Create a session with this application server, to be judged."""
    answer = send(case, body=bodies.creation(case.target, case.resource) | {"applicationServer": server})
    case.judge(answer)
    if answer.status == 201:
        judging.session(case, answer, ["$.applicationServer"])


@purpose
def test_duration_out_of_range(case: Case) -> None:
    profile = case.target.profiles["default"]
    assert profile.max_duration is not None
    for duration in (profile.max_duration + 1, (profile.min_duration or 1) - 1):
        if 1 <= duration < 2**31:
            case.judge(send(case, body=bodies.creation(case.target, case.resource) | {"duration": duration}))


@purpose
def test_application_server_prefixes_accepted(case: Case) -> None:
    with_server(case, bodies.prefixes(case.target))


@purpose
def test_application_server_list_accepted(case: Case) -> None:
    with_server(case, {"ipAddresses": bodies.addresses(case.target)})


@purpose
def test_application_server_in_both_forms(case: Case) -> None:
    with_server(case, {"ipv4Address": ADDRESSES[0], "ipAddresses": ADDRESSES[:2]})


@purpose
def test_application_server_list_empty(case: Case) -> None:
    with_server(case, {"ipAddresses": []})


@purpose
def test_application_server_list_too_long(case: Case) -> None:
    with_server(case, {"ipAddresses": ADDRESSES})


@purpose
def test_application_server_list_with_duplicates(case: Case) -> None:
    with_server(case, {"ipAddresses": [ADDRESSES[0], ADDRESSES[1], ADDRESSES[0]]})


@purpose
def test_application_server_list_with_no_address(case: Case) -> None:
    with_server(case, {"ipAddresses": [ADDRESSES[0], "application.example.com"]})


@purpose
def test_application_server_list_with_prefix(case: Case) -> None:
    with_server(case, {"ipAddresses": [ADDRESSES[0], "203.0.113.0/24"]})
