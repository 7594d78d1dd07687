"""A judge that knows nothing of this project: plain schemathesis on each published document, against our server."""

import tomllib
from pathlib import Path

import httpx
import pytest

from pytest_nac_qod import contracts
from pytest_nac_qod.reference import ReferenceServer
from tests import schemathesis_cli
from tests.generated_runs import Silent

KNOWN = tomllib.loads(Path(__file__).with_name("outside_judge.toml").read_text(encoding="utf-8"))["false_alarm"]
LIMITS = ("--max-time", "15", "--max-examples", "20")


def excused(alarm: schemathesis_cli.Alarm, release: str) -> bool:
    return any(
        entry["code"] == alarm.code
        and alarm.operation in entry["operations"]
        and entry.get("blamed", alarm.blamed) == alarm.blamed
        and release in entry.get("releases", contracts.RELEASES)
        for entry in KNOWN
    )


@pytest.mark.slow
@pytest.mark.parametrize(
    ("release", "api"), [(release, api) for release in contracts.RELEASES for api in contracts.apis(release)]
)
def test_outside_judge_finds_nothing_but_known_false_alarms(
    release: str, api: str, published: Path, tmp_path: Path
) -> None:
    with ReferenceServer(release=release) as server, httpx.Client() as http:
        server.service.courier = Silent()
        target = server.target()
        token = target.tokens["two_legged"].resolve(http)
        document = published / release / f"{api}.yaml"
        found = schemathesis_cli.run(document, target.apis[api], token, tmp_path, LIMITS)
    assert [alarm for alarm in found if not excused(alarm, release)] == []
