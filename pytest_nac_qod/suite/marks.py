"""How a test function says which purpose of the catalogue it serves."""

import pytest

PURPOSE = "qod_purpose"


def purpose(key: str) -> pytest.MarkDecorator:
    """Mark a test as the one for all rows of this purpose; it runs once for each of their cases."""
    return pytest.mark.qod_purpose(key)
