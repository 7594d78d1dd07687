"""The report of a server that is wrong in thirty ways at once: readable, one cause one entry, worst first."""

import json
from pathlib import Path

import pytest

from pytest_nac_qod.foundation.exits import EXIT_BROKEN
from pytest_nac_qod.foundation.jsontypes import JsonObject
from pytest_nac_qod.report.causes import WORST_FIRST, causes
from tests.support.commands import nac_qod

pytestmark = pytest.mark.slow  # a whole run, told in one report

# each breaks something else; those that keep a session from being made at all would hide the rest, so they are left out
FAULTS = (
    "correlator_dropped_on_errors",
    "error_message_blank",
    "unauthenticated_as_forbidden",
    "conflict_as_bad_request",
    "unknown_session_is_410",
    "bad_extension_is_500",
    "delete_answers_200_with_body",
    "list_wrapped_in_object",
    "phone_number_pattern_unchecked",
    "device_port_maximum_unchecked",
    "server_port_minimum_unchecked",
    "public_port_unchecked",
    "access_token_type_unchecked",
    "missing_body_is_empty_object",
    "malformed_session_id_is_500",
    "expired_token_accepted",
    "unknown_token_accepted",
    "scope_ignored_on_read",
    "scope_ignored_on_extend",
    "sessions_shared_between_clients",
    "missing_device_accepted",
    "unknown_profile_accepted",
    "duration_over_maximum_accepted",
    "all_identifiers_returned",
    "application_server_returned_as_prefix",
    "device_ports_not_returned",
    "sink_not_returned",
    "credential_returned",
    "started_at_missing",
    "expires_at_an_hour_late",
)


@pytest.fixture(scope="module")
def document(tmp_path_factory: pytest.TempPathFactory) -> JsonObject:
    folder = tmp_path_factory.mktemp("faults")
    faults = [word for name in FAULTS for word in ("--fault", name)]
    words = (*faults, "--report", "out", "--max-examples", "0", "--", "-q", "-p", "no:randomly")
    done = nac_qod("check", *words, folder=folder)
    assert done.returncode == EXIT_BROKEN, done.stdout + done.stderr
    report: JsonObject = json.loads(Path(folder, "out", "results.json").read_text(encoding="utf-8"))
    return report


def test_there_are_about_as_many_entries_as_faults(document: JsonObject) -> None:
    failed = [case for case in document["results"] if case["verdict"] == "fail"]
    violations = [violation for case in failed for violation in case["violations"]]
    entries = causes(document["results"])
    assert len(failed) > 80
    assert len(violations) > 120
    assert len(FAULTS) * 2 / 3 < len(entries) < len(FAULTS) * 3 / 2


def test_no_entry_is_told_twice(document: JsonObject) -> None:
    entries = [
        (cause.verdict, cause.title, cause.expected, tuple(cause.actual)) for cause in causes(document["results"])
    ]
    assert len(set(entries)) == len(entries)


def test_each_failure_belongs_to_an_entry(document: JsonObject) -> None:
    told = {position for cause in causes(document["results"]) for position in cause.cases}
    wrong = {position for position, case in enumerate(document["results"]) if case["verdict"] in WORST_FIRST}
    noted = {position for position, case in enumerate(document["results"]) if case["violations"]}  # also of a pass
    assert told == wrong | noted


def test_what_is_broken_everywhere_comes_first(document: JsonObject) -> None:
    entries = causes(document["results"])
    assert {cause.title for cause in entries[:2]} == {"x-correlator is missing from answers", "Wrong $.message"}
    ranks = [(WORST_FIRST.index(cause.verdict), -len(cause.cases)) for cause in entries]
    assert ranks == sorted(ranks)
    (unheeded,) = [cause for cause in entries if cause.title == "Access tokens are not checked"]  # three faults
    assert unheeded.expected == "401 UNAUTHENTICATED"
    told = {document["results"][place]["requirement"] for place in unheeded.cases}
    assert "An access token that has expired is not accepted." in told
