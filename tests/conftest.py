"""What the tests share."""

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

from pytest_nac_qod.wire import redaction

pytest_plugins = ["pytester"]

# how fast examples are made depends on what else the machine does
settings.register_profile("tests", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("tests")

ROOT = Path(__file__).parent.parent


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--published",
        type=Path,
        default=Path(os.environ.get("QOD_PUBLISHED", ROOT.parent / "shared" / "published")),
        help="folder with the documents as CAMARA published them; tests that need it are skipped without it",
    )


@pytest.fixture(scope="session")
def published(request: pytest.FixtureRequest) -> Path:
    """The folder with the published documents."""
    folder: Path = request.config.getoption("published")
    if not folder.is_dir():
        pytest.skip(f"no published documents at {folder}")
    return folder


@pytest.fixture(scope="session")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel, built from the checkout."""
    folder = tmp_path_factory.mktemp("wheel")
    command = [sys.executable, "-m", "pip", "wheel", "-q", "--no-deps", "-w", str(folder), str(ROOT)]
    subprocess.run(command, check=True, capture_output=True)
    (path,) = folder.glob("*.whl")
    return path


@pytest.fixture(autouse=True)
def no_secrets_of_other_tests(monkeypatch: pytest.MonkeyPatch) -> None:
    """What one test calls a secret, such as `https://`, may stand in the messages of another."""
    monkeypatch.setattr(redaction, "_EVER", dict(redaction.ever_registered()))


@pytest.fixture(autouse=True, scope="session")
def written_rules_only() -> Iterator[None]:
    """Runs of the suite leave generated rules out, which have tests of their own, unless a test asks for them."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PYTEST_ADDOPTS", "--qod-max-examples=0")
        yield
