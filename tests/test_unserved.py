"""Operations that a provider does not serve, as the target file declares them."""

import re
from pathlib import Path

import pytest
from starlette.types import ASGIApp, Receive, Scope, Send

from pytest_nac_qod import contracts
from pytest_nac_qod.cli import main
from pytest_nac_qod.target.problems import operation_named
from pytest_nac_qod.wire.ownership.ledger import Ledger
from tests.support.target_runs import Ran, check, deployment, written

REASON = "sessions are not changed by applications"


class Without:
    """An application without one operation: a request for it is remembered, and answered with 501."""

    def __init__(self, app: ASGIApp, method: str, path: str) -> None:
        self.app, self.method, self.path = app, method, re.compile(path)
        self.asked: list[str] = []

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        asked = scope["type"] == "http" and scope["method"] == self.method and self.path.fullmatch(scope["path"])
        if not asked:
            await self.app(scope, receive, send)
            return
        self.asked.append(scope["path"])
        await send({"type": "http.response.start", "status": 501, "headers": [(b"content-type", b"application/json")]})
        await send(
            {"type": "http.response.body", "body": b'{"status": 501, "code": "NOT_IMPLEMENTED", "message": "no"}'}
        )


def unserved(
    folder: Path, operation: str, *arguments: str, name: str = "", without: tuple[str, ...] = (), release: str = "r3.2"
) -> tuple[Ran, list[str]]:
    """A run against a deployment without `operation`, declared by `name`, and what was asked of it all the same."""
    family = [contracts.contract(release, api) for api in contracts.apis(release)]
    contract = next(candidate for candidate in family if operation in candidate.operations)
    definition = contract.operations[operation]
    path = re.escape(contract.base_path) + re.sub(r"\\{\w+\\}", "[^/]+", re.escape(definition.path))
    fronts: list[Without] = []

    def front(app: ASGIApp) -> ASGIApp:
        fronts.append(Without(app, definition.method, path))
        return fronts[0]

    with deployment(release=release, wrap=front) as server:
        more = f'[unsupported.operations]\n{name or operation} = "{REASON}"'
        ran = check(written(folder, server, more, without=without), *arguments)
    return ran, fronts[0].asked


def test_every_case_of_it_is_not_applicable_and_the_rest_is_judged(tmp_path: Path) -> None:
    names = (
        "quality_on_demand_extend*",
        "nac_*exten*",
        "quality_on_demand_getSession_40*",
        "nac_other_client_changes_n*",
    )
    chosen = (*(word for name in names for word in ("--scenario", name)), "--max-examples", "1")
    ran, asked = unserved(tmp_path, "extendQosSessionDuration", *chosen)
    assert (ran.status, asked) == (0, [])
    extending = [result for result in ran.document["results"] if result["operation"] == "extendQosSessionDuration"]
    assert {result["kind"] for result in extending} == {"scenario", "rule"}
    said = f"the target file declares extendQosSessionDuration not served: {REASON}"
    assert {(result["verdict"], result["reason"]) for result in extending} == {("not_applicable", said)}
    reading = {result["verdict"] for result in ran.document["results"] if result["operation"] == "getSession"}
    assert reading <= {"pass", "not_tested"}
    assert {result["reason"] for result in ran.of("not_tested")} <= {
        f"needs extendQosSessionDuration, which is not served: {REASON}"
    }
    assert ran.verdicts()["nac_other_client_changes_nothing"] == "pass"
    assert ran.document["run"]["unsupported"] == {"extendQosSessionDuration": REASON}
    page = (tmp_path / "out" / "report.html").read_text(encoding="utf-8")
    assert f"extendQosSessionDuration: {REASON}" in page


def test_without_deletion_sessions_are_ended_in_another_way(tmp_path: Path) -> None:
    chosen = ("--scenario", "quality_on_demand_createSession_01*", "--scenario", "nac_*flow*", "--max-examples", "0")
    ran, asked = unserved(tmp_path, "deleteSession", *chosen, without=("reset",))
    assert (ran.status, asked) == (0, [])
    assert len(ran.of("pass")) > 12
    assert {result["reason"] for result in ran.of("not_tested")} == {
        f"needs deleteSession, which is not served: {REASON}"
    }


def test_without_any_way_to_end_sessions_none_is_created(tmp_path: Path) -> None:
    chosen = ("--scenario", "quality_on_demand_getSession_*", "--max-examples", "0")
    ran, _ = unserved(tmp_path, "deleteSession", *chosen, without=("reset", "advance_clock"))
    assert (ran.status, ran.of("fail"), ran.of("inconclusive")) == (0, [], [])
    sent = [entry["operation"] for result in ran.document["results"] for entry in result["exchanges"]]
    assert "createSession" not in sent
    assert ran.verdicts()["quality_on_demand_getSession_01_get_existing_session"] == "not_tested"
    said = (
        f"needs deleteSession, which is not served ({REASON}), or another way to end what it creates; add hooks.reset, "
        "hooks.advance_clock, or a min_duration of the default profile within polling.budget to the target file"
    )
    assert said in {entry["reason"] for entry in ran.of("not_tested")}


def test_without_lists_and_by_the_name_of_the_family(tmp_path: Path) -> None:
    chosen = ("--api", "qos-provisioning", "--scenario", "*Assignment*01*", "--max-examples", "0")
    ran, asked = unserved(tmp_path, "getQosAssignmentByDevice", *chosen, name="retrieveAssignment")
    assert (ran.status, asked) == (0, [])
    assert {result["operation"] for result in ran.of("not_applicable")} == {"getQosAssignmentByDevice"}
    assert {"createQosAssignment", "revokeQosAssignment"} <= {result["operation"] for result in ran.of("pass")}


def test_nothing_to_start_from(tmp_path: Path) -> None:
    chosen = ("--scenario", "quality_on_demand_getSession_*", "--scenario", "quality_on_demand_createSession_40*")
    ran, asked = unserved(tmp_path, "createSession", *chosen, "--max-examples", "1")
    assert (ran.status, asked) == (0, [])
    assert {result["operation"] for result in ran.of("not_applicable")} == {"createSession"}
    assert {result["reason"] for result in ran.of("not_tested")} == {
        f"needs createSession, which is not served: {REASON}"
    }
    assert ran.verdicts()["quality_on_demand_getSession_404.1_not_found"] == "pass"


def test_cleanup_says_what_it_cannot_delete(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with deployment() as server:
        ledger = Ledger(tmp_path / "ledger.jsonl")
        ledger.created(ledger.intend("createSession", server.base_url(), {}), "s-1")
        target = written(tmp_path, server, f'[unsupported.operations]\ndeleteSession = "{REASON}"')
        assert main(["cleanup", "--target", str(target), "--ledger", str(ledger.path)]) == 1
    assert capsys.readouterr().out == "s-1: not deleted, deleteSession is not served\n"


def test_preflight_says_what_is_left_out(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    more = '[unsupported.operations]\nretrieveSessionsByDevice = "private"\ngetSession = "private"'
    with deployment() as server:
        main(["preflight", "-v", "--target", str(written(tmp_path, server, more)), "--api", "quality-on-demand"])
    said = capsys.readouterr().out
    assert "apis.quality-on-demand: it serves no read-only operation" in said
    assert "devices.default: not looked up, since retrieveSessionsByDevice is not served" in said
    assert "not_applicable: the target file declares getSession not served: private" in said


@pytest.mark.parametrize(
    ("release", "name", "said"),
    [
        ("r3.2", "getSesion", 'no operation of r3.2; did you mean "getSession"?'),
        ("r4.1", "getQosProfiles", 'no operation of r4.1; did you mean "getQosProfile"?'),
        ("r3.2", "x", "no operation of r3.2; known here: "),
    ],
)
def test_unknown_names_get_a_suggestion(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], release: str, name: str, said: str
) -> None:
    with deployment(release=release) as server:
        target = written(tmp_path, server, f'[unsupported.operations]\n{name} = "no"')
        assert main(["preflight", "--target", str(target)]) == 2
    assert f"target.toml: unsupported.operations.{name}: {said}" in capsys.readouterr().err


@pytest.mark.parametrize("release", contracts.RELEASES)
@pytest.mark.parametrize(
    "name", ["createProvisioning", "triggerProvisioning", "createQosAssignment", "createAssignment"]
)
def test_names_of_other_releases_are_understood(release: str, name: str) -> None:
    family = [operation for api in contracts.apis(release) for operation in contracts.contract(release, api).operations]
    assert operation_named(name, release) in family
