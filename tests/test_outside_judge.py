"""A judge that knows nothing of this project: plain schemathesis on each published document, against our server."""

from pathlib import Path

import httpx
import pytest

from pytest_nac_qod import contracts
from pytest_nac_qod.reference import ReferenceServer
from tests.support import schemathesis_cli
from tests.support.generated_runs import Silent

LIMITS = ("--max-time", "10", "--max-examples", "20")


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
        alarms = schemathesis_cli.run(document, target.apis[api], token, tmp_path, LIMITS)
    assert [alarm for alarm in alarms if not schemathesis_cli.excused(alarm, release)] == []
