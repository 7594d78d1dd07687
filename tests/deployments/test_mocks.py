"""The suite against mocks of the published document that others wrote, beside Prism."""

from pathlib import Path

import pytest

from tests.deployments.mocking import mocking
from tests.deployments.named import named_causes, unnamed
from tests.deployments.running import Deployment, check, deployments, target

MOCKS = deployments("mocks.toml")


@pytest.mark.slow
@pytest.mark.parametrize("mock", MOCKS.values(), ids=MOCKS)
def test_mock_is_judged_to_the_end(published: Path, tmp_path: Path, mock: Deployment) -> None:
    with mocking(mock.name, published / "r3.2" / "quality-on-demand.yaml", tmp_path) as url:
        content = target(mock, url) | {"apis": {"quality-on-demand": url}, "polling": {"interval": 0.1, "budget": 0.2}}
        content.pop("hooks")
        status, document, _ = check(content, tmp_path)
    assert status == mock.status
    assert document["complete"] is True
    assert [result["id"] for result in document["results"] if result["verdict"] == "error"] == []
    named = [cause["title"] for cause in named_causes(document)]
    assert unnamed(document, mock.causes) == [], named
    assert len(named) <= mock.most, named
