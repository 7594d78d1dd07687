"""Checks before a run for everything that would spoil it, in seconds and without creating a session."""

from pytest_nac_qod.preflight.finding import Finding
from pytest_nac_qod.preflight.running import lines, preflight, status, worst_first

__all__ = ["Finding", "lines", "preflight", "status", "worst_first"]
