"""What the tests share."""

import os
from pathlib import Path

import pytest

pytest_plugins = ["pytester"]

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
