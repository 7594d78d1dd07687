"""A defect that a client can have."""

from dataclasses import dataclass, replace

from pytest_nac_qod.sdk.seeded.changes import Override
from pytest_nac_qod.sdk.seeded.model import Behaviour


@dataclass(frozen=True, slots=True)
class Mutation:
    """One defect.

    Attributes:
        breaks: what the client does wrong, in words.
        function: of the model client that it replaces.
        override: makes the wrong function from the right one.
        found_by: the cases that must fail because of it.
    """

    breaks: str
    function: str
    override: Override
    found_by: tuple[str, ...]

    def applied(self) -> Behaviour:
        """The right behaviour, one function of it wrong."""
        right = Behaviour()
        return replace(right, **{self.function: self.override(getattr(right, self.function))})
