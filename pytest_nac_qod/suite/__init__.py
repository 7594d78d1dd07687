"""What the conformance tests are made of: the case, its requests, the states it needs, and how it is judged."""

from pytest_nac_qod.suite import bodies, deliveries, endings, judging, ruling, sinks, states
from pytest_nac_qod.suite.case import Case
from pytest_nac_qod.suite.purposes import purpose
from pytest_nac_qod.suite.sending import request, send

__all__ = [
    "Case",
    "bodies",
    "deliveries",
    "endings",
    "judging",
    "purpose",
    "request",
    "ruling",
    "send",
    "sinks",
    "states",
]
