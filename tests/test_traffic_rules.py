"""Rules that traffic shows: each is broken by traffic that breaks it, and by none that is right."""

import pytest

import pytest_nac_qod
from pytest_nac_qod.wire.exchange import Exchange
from tests.support.traffic import (
    BASE,
    ID,
    OTHER,
    SENT,
    SINK,
    WITH_SINK,
    broken,
    call,
    create,
    delete,
    event,
    extend,
    listing,
    missing,
    moment,
    profile,
    read,
    session,
    shown,
)

WRONG: dict[str, tuple[list[Exchange], dict[str, str]]] = {
    "another status of success": (
        [create(status=200)],
        {"success_as_documented": "fail"},
    ),
    "a body that breaks its schema": (
        [create(), read(1, body=session(qosStatus="available"))],
        {"answer_follows_schema": "fail"},
    ),
    "another correlator": (
        [create(answer_headers={"x-correlator": "another"})],
        {"correlator_comes_back": "fail"},
    ),
    "a broken request accepted": (
        [create(sent={**SENT, "devicePorts": {"ports": [65_536]}})],
        {"broken_request_refused": "fail"},
    ),
    "no token, and let in": (
        [create(), call("GET", f"/sessions/{ID}", 200, session(), at=1, token=None)],
        {"token_needed": "warn"},
    ),
    "a malformed correlator accepted": (
        [create(headers={"x-correlator": "ä!"})],
        {"malformed_correlator_refused": "fail"},
    ),
    "another profile than asked for": (
        [create(body=session(qosProfile="QOS_S"))],
        {"as_requested": "fail"},
    ),
    "times that do not fit": (
        [create(body=session(expiresAt=moment(7200)))],
        {"times_fit": "fail"},
    ),
    "times of an hour ahead": (
        [create(body=session(begun=7200))],
        {"times_fit": "fail"},
    ),
    "more than the maximum of the profile asked for": (
        [profile(0, longest=1800), create(1)],
        {"duration_of_profile": "fail"},
    ),
    "more than the maximum of the profile granted": (
        [profile(0, longest=3600), create(1, body=session(begun=1, duration=7200))],
        {"duration_of_profile": "fail"},
    ),
    "a beginning that moves": (
        [create(), read(1, body=session(begun=0)), read(60, body=session(begun=50))],
        {"shown_as_before": "fail"},
    ),
    "back from the end": (
        [create(), read(1, body=shown("UNAVAILABLE", statusInfo="NETWORK_TERMINATED")), read(2)],
        {"status_never_goes_back": "fail"},
    ),
    "an id that was there before": (
        [create(), delete(10), create(20)],
        {"id_is_its_own": "warn"},
    ),
    "alive after its deletion": (
        [create(), delete(10), read(20)],
        {"ended_by_deletion": "fail", "gone_after_deletion": "warn"},
    ),
    "not found between two times that it was": (
        [create(), missing(10), read(20)],
        {"found_while_alive": "fail"},
    ),
    "not found, and never seen again": (
        [create(), missing(10)],
        {"found_while_alive": "warn"},
    ),
    "not listed between two times that it was": (
        [create(), listing(10), listing(20, session())],
        {"listed_while_alive": "fail"},
    ),
    "listed for another device": (
        [listing(1, session(device={"phoneNumber": "+987654321"}))],
        {"listed_for_its_device": "fail"},
    ),
    "a second session for one flow": (
        [create(), create(10, OTHER), read(20)],
        {"one_for_a_flow": "fail"},
    ),
    "expired before its time": (
        [create(), read(600, body=shown("UNAVAILABLE", statusInfo="DURATION_EXPIRED"))],
        {"lasts": "fail"},
    ),
    "going on an hour after its end": (
        [create(), read(7200)],
        {"expires": "fail"},
    ),
    "extended by more than was asked for": (
        [create(), extend(10, 60, session(duration=3700))],
        {"extension_adds": "warn"},
    ),
    "shorter after its extension": (
        [create(), extend(10, 60, session(duration=60))],
        {"extension_counts_from_before": "fail"},
    ),
    "extended after its end": (
        [
            create(),
            read(10, body=shown("UNAVAILABLE", statusInfo="NETWORK_TERMINATED")),
            extend(20, 60, shown("UNAVAILABLE", statusInfo="NETWORK_TERMINATED", duration=3660)),
        ],
        {"extension_of_available": "fail"},
    ),
    "gone a minute after the network ended it": (
        [create(), read(10, body=shown("UNAVAILABLE", statusInfo="NETWORK_TERMINATED")), missing(70)],
        {"kept_once_terminated": "warn"},
    ),
    "another profile than its name": (
        [profile(0, shown={"name": "QOS_S"})],
        {"profile_by_its_name": "fail"},
    ),
    "a profile whose bounds are swapped": (
        [profile(0, shortest=60, longest=30)],
        {"profile_bounds_in_order": "warn"},
    ),
    "an event of another media type": (
        [create(), event(1, "PENDING")],
        {"event_follows_schema": "fail", "event_to_its_sink": "fail"},
    ),
    "an event without a sink": (
        [create(), event(1, "AVAILABLE")],
        {"event_to_its_sink": "fail"},
    ),
    "an event at another sink": (
        [create(sent=SINK, body=session(**WITH_SINK)), event(1, "AVAILABLE", path="/somewhere")],
        {"event_to_its_sink": "warn"},
    ),
    "an id of two events": (
        [
            create(sent=SINK, body=session(**WITH_SINK)),
            event(1, "AVAILABLE", number="one"),
            event(9, "UNAVAILABLE", "NETWORK_TERMINATED", number="one"),
        ],
        {"event_id_is_its_own": "fail"},
    ),
    "a change told twice": (
        [create(sent=SINK, body=session(**WITH_SINK)), event(1, "AVAILABLE"), event(2, "AVAILABLE")],
        {"change_told_once": "warn"},
    ),
    "an event of long ago": (
        [create(sent=SINK, body=session(**WITH_SINK)), event(1, "AVAILABLE", time=moment(-86_400))],
        {"event_time": "fail"},
    ),
    "a reason of what has not ended": (
        [create(sent=SINK, body=session(**WITH_SINK)), event(1, "AVAILABLE", "NETWORK_TERMINATED")],
        {"event_reason": "fail"},
    ),
    "the deletion of what has ended told": (
        [
            create(sent=SINK, body=session(**WITH_SINK)),
            event(1, "AVAILABLE"),
            event(5, "UNAVAILABLE", "NETWORK_TERMINATED"),
            delete(10),
            event(11, "UNAVAILABLE", "DELETE_REQUESTED"),
        ],
        {"nothing_told_after_the_end": "fail"},
    ),
}


@pytest.mark.parametrize("name", WRONG)
def test_traffic_that_breaks_a_rule_fails_it(name: str) -> None:
    traffic, expected = WRONG[name]
    assert broken(traffic) == expected


def test_what_was_never_seen_is_not_tested_and_says_what_would_show_it() -> None:
    document = pytest_nac_qod.judge([create()])
    reasons = {result["id"]: result["reason"] for result in document["results"] if result["verdict"] == "not_tested"}
    assert reasons["nac_seen_extension_adds"] == (
        "not in this traffic: an extension of a session that was shown before"
    )
    assert document["summary"]["fail"] == 0
    assert (document["kind"], document["target"]["apis"]) == ("judge", {"quality-on-demand": BASE})


def test_complete_traffic_holds_against_the_target_what_it_does_not_show() -> None:
    traffic = [create(), missing(10)]
    assert broken(traffic, complete=True) == {"found_while_alive": "fail"}
    untold = [create(sent=SINK, body=session(**WITH_SINK)), read(1, body=session(**WITH_SINK)), event(2, "UNAVAILABLE")]
    assert broken(untold, complete=True)["every_change_told"] == "fail"
