"""What stands outside of bodies: x-correlators, and ids in paths."""

from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

from pytest_nac_qod.contracts import CURRENT
from pytest_nac_qod.contracts.validation.patterns import in_python
from pytest_nac_qod.strategies.breaking import broken
from pytest_nac_qod.strategies.releases import schema

_EXAMPLE = "3fa85f64-5717-4562-b3fc-2c963f66afa6"


def correlators(*, release: str | None = None) -> SearchStrategy[str]:
    """Values of x-correlator that may be sent.

    Args:
        release: whatever its pattern allows, and where it has none, whatever HTTP lets one send without spaces; when
            None, values that every release allows.

    >>> from hypothesis import find
    >>> find(correlators(), lambda correlator: True)
    'nac-qod-0'
    >>> from pytest_nac_qod.contracts import CURRENT
    >>> find(correlators(release=CURRENT), lambda correlator: True)
    '0'
    """
    if release is None:
        return st.integers(0, 10**12).map("nac-qod-{}".format)
    pattern = schema(release, "XCorrelator").get("pattern")
    if pattern is None:
        return st.text(st.characters(min_codepoint=33, max_codepoint=126), min_size=1)
    return st.from_regex(in_python(pattern), fullmatch=True).filter(bool)


def malformed_correlators(*, release: str = CURRENT) -> SearchStrategy[str]:
    """Values of x-correlator that break its pattern, and that HTTP lets one send.

    Raises:
        LookupError: the release has no pattern for it.

    >>> from hypothesis import find
    >>> find(malformed_correlators(), lambda correlator: True)
    'nac-qod!'
    """
    pattern = schema(release, "XCorrelator")
    if "pattern" not in pattern:
        raise LookupError(f"{release}: no pattern for x-correlator")
    marked = [value for value in broken("pattern", pattern, "nac-qod") if value.isascii() and value.strip() == value]
    return st.sampled_from([*marked, "c" * 257])


def malformed_ids() -> SearchStrategy[str]:
    """Ids of sessions and assignments that are no UUIDs.

    >>> from hypothesis import find
    >>> find(malformed_ids(), lambda session_id: True)
    'not-a-uuid'
    """
    return st.sampled_from(broken("format", {"format": "uuid"}, _EXAMPLE))
