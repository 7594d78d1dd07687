"""These tests start whole runs: they belong to the nightly mark, `pytest -m nightly`."""

from collections.abc import Generator

import pytest


@pytest.hookimpl(wrapper=True)
def pytest_pycollect_makemodule() -> Generator[None, pytest.Module, pytest.Module]:
    """Mark what stands in this folder."""
    module = yield
    module.add_marker(pytest.mark.nightly)
    return module
