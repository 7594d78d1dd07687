"""What an id means: of a scenario, a rule, a cause, a verdict, and of what they are made of."""

from pytest_nac_qod.proof.explain.facts import Explanation, lines
from pytest_nac_qod.proof.explain.lookup import UnknownIdError, explanations

__all__ = ["Explanation", "UnknownIdError", "explanations", "lines"]
