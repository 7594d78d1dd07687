"""What a case is about, what else its answers show, and which cause both belong to."""

from collections.abc import MutableMapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from pytest_nac_qod import contracts
from pytest_nac_qod.catalogue.basis import check_bases
from pytest_nac_qod.checks import session
from pytest_nac_qod.report import results
from pytest_nac_qod.verdicts import Violation
from pytest_nac_qod.wire.resources import resource_of
from tests.support.report_documents import document, result
from tests.support.target_runs import check, deployment, written

Message = MutableMapping[str, Any]
NOW = datetime(2026, 1, 1, tzinfo=UTC)


class Altered:
    """An application of which one route is missing, or one header."""

    def __init__(self, app: Any, *, missing: str = "", header: bytes = b"") -> None:  # noqa: ANN401 - ASGI
        self.app, self.missing, self.header = app, missing, header

    async def __call__(self, scope: Message, receive: Any, send: Any) -> None:  # noqa: ANN401 - ASGI
        async def sent(message: Message) -> None:
            if message["type"] == "http.response.start":
                kept = [pair for pair in message["headers"] if pair[0].lower() != self.header]
                message = {**message, "headers": kept}
            await send(message)

        if self.missing and scope.get("path", "").endswith(self.missing):
            await send({"type": "http.response.start", "status": 404, "headers": []})
            await send({"type": "http.response.body", "body": b""})
            return
        await self.app(scope, receive, sent)


class Repeating:
    """An application that answers each creation with the session that it created first, and 200."""

    def __init__(self, app: Any) -> None:  # noqa: ANN401 - ASGI
        self.app, self.body = app, b""

    async def __call__(self, scope: Message, receive: Any, send: Any) -> None:  # noqa: ANN401 - ASGI
        if scope["type"] != "http" or scope["method"] != "POST" or not scope["path"].endswith("/sessions"):
            await self.app(scope, receive, send)
            return
        if self.body:
            headers = [(b"content-type", b"application/json")]
            await send({"type": "http.response.start", "status": 200, "headers": headers})
            await send({"type": "http.response.body", "body": self.body})
            return
        status = 0

        async def sent(message: Message) -> None:
            nonlocal status
            status = message.get("status", status)
            self.body += message.get("body", b"") if status == 201 else b""
            await send(message)

        await self.app(scope, receive, sent)


def test_a_success_that_is_the_old_session_is_none(tmp_path: Path) -> None:
    row = "nac_flow_of_another_device_is_no_conflict"
    with deployment(wrap=Repeating) as server:
        ran = check(written(tmp_path, server), "--scenario", row)
    (found,) = ran.document["results"]
    assert found["verdict"] == "fail"
    (violation,) = found["violations"]
    assert violation["expected"] == "a session of its own"
    assert violation["actual"].endswith(", which was there before")


def test_rules_about_no_operation_do_without_a_route_that_is_missing(tmp_path: Path) -> None:
    rules = ("correlator", "charset_parameter_is_accepted", "authorization_scheme_in_any_case")
    with deployment(wrap=lambda app: Altered(app, missing="/retrieve-sessions")) as server:
        chosen = [word for rule in rules for word in ("--scenario", f"nac_*{rule}*")]
        ran = check(written(tmp_path, server), "--api", "quality-on-demand", "--max-examples", "0", *chosen)
    assert len(ran.verdicts()) >= 8
    assert set(ran.verdicts().values()) == {"pass"}, ran.verdicts()


def test_what_an_answer_shows_beside_the_subject_is_other_and_has_its_cause(tmp_path: Path) -> None:
    row = "quality_on_demand_createSession_400.1_schema_not_compliant"
    with deployment(wrap=lambda app: Altered(app, header=b"x-correlator")) as server:
        ran = check(written(tmp_path, server), "--scenario", row)
    (found,) = ran.document["results"]
    assert {violation["part"] for violation in found["violations"]} == {"other"}
    assert found["causes"] == ["header-x-correlator"]
    assert [cause["id"] for cause in ran.document["causes"]] == ["header-x-correlator"]
    assert not results.problems(ran.document)


def test_a_wrong_outcome_is_the_subject() -> None:
    wrong = Violation(clause="c", expected="e", actual="a")
    assert (wrong.to_dict()["part"], wrong.beside().to_dict()["part"]) == ("subject", "other")
    assert replace(wrong.beside(), part="subject") == wrong


def test_each_case_names_its_causes() -> None:
    found = document(result("fail"), result("pass", case="other"))
    first, second = found["results"]
    assert first["causes"] == [cause["id"] for cause in found["causes"]] != []
    assert second["causes"] == []


@pytest.mark.parametrize(("ahead", "weighs"), [(4, []), (6, ["may"]), (14 * 60, ["may"]), (3600, ["must"])])
def test_a_clock_that_differs_by_minutes_is_a_note(ahead: int, weighs: list[str]) -> None:
    assert weights(ahead) == weighs


def test_a_clock_of_which_no_date_header_tells_is_a_note() -> None:
    assert weights(5 * 3600, doubtful=lambda _: True) == ["may"]


def weights(ahead: int, **more: Any) -> list[str]:  # noqa: ANN401 - of a context
    contract = contracts.contract("r3.2", "quality-on-demand")
    resource = resource_of(contract)
    assert resource is not None
    started = (NOW + timedelta(seconds=ahead)).isoformat()
    shown = {"qosStatus": "AVAILABLE", "startedAt": started}
    context = session.SessionContext(contract=contract, resource=resource, session=shown, sent={}, now=NOW, **more)
    return [check_bases("r3.2")[violation.basis].strength for violation in session.started_at(context)]
