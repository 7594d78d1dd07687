"""What the conformance tests are made of: the case, its requests, the states it needs, and how it is judged."""

from pytest_nac_qod.suite import bodies, deliveries, endings, judging, keeping, ruling, sinks, states
from pytest_nac_qod.suite.case import Case
from pytest_nac_qod.suite.marks import purpose
from pytest_nac_qod.suite.sending import request, send

__all__ = [
    "Case",
    "bodies",
    "deliveries",
    "endings",
    "judging",
    "keeping",
    "purpose",
    "request",
    "ruling",
    "send",
    "sinks",
    "states",
]
