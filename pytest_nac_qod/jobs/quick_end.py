"""The end of an interrupted run in several processes, each of which has a server of its own."""

import pytest

PATIENCE = 0.5  # seconds; what a process has created ends with its server, so there is nothing to wait for


class QuickEnd:
    """A pytest plugin that does not wait for the processes of pytest-xdist, which has ten seconds for them."""

    def __init__(self) -> None:
        self._config: pytest.Config | None = None

    def pytest_configure(self, config: pytest.Config) -> None:
        """Remember whose run it is."""
        self._config = config

    def pytest_keyboard_interrupt(self) -> None:
        """Have the processes ended soon."""
        spread = self._config and self._config.pluginmanager.getplugin("dsession")
        if nodes := getattr(spread, "nodemanager", None):
            nodes.EXIT_TIMEOUT = PATIENCE
