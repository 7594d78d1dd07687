"""What the tests share."""

import gc
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis.strategies import none

from pytest_nac_qod.wire import redaction

pytest_plugins = ["pytester"]

# how fast examples are made depends on what else the machine does
settings.register_profile("tests", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("tests")

ROOT = Path(__file__).parent.parent


def pytest_collection_finish() -> None:
    """Spare each later look for garbage, at the end of every run in this process for one, what stays to the end."""
    settings(database=None, max_examples=1)(given(none())(lambda _: None))()  # or Hypothesis warns of what is frozen
    gc.freeze()


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
def brief_runs() -> Iterator[None]:
    """Runs that tests start leave out what has tests of its own, unless a test asks for it.

    That is generated rules, and plugins of others, whose loading takes a third of a short run.
    """
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PYTEST_ADDOPTS", "--qod-max-examples=0")
        patch.setenv("PYTEST_DISABLE_PLUGIN_AUTOLOAD", "1")
        patch.setenv("PYTEST_PLUGINS", "pytest_nac_qod.plugin")
        yield


@pytest.fixture
def other_plugins(monkeypatch: pytest.MonkeyPatch) -> None:
    """Runs that the test starts load every plugin that is installed, as a user's do."""
    monkeypatch.delenv("PYTEST_DISABLE_PLUGIN_AUTOLOAD")
    monkeypatch.delenv("PYTEST_PLUGINS")
