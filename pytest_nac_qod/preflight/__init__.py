"""A look at everything that would spoil a run, in seconds and without creating a session."""

from pytest_nac_qod.preflight.finding import Finding
from pytest_nac_qod.preflight.running import lines, preflight, status, worst_first

__all__ = ["Finding", "lines", "preflight", "status", "worst_first"]
