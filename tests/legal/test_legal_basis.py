"""Each legal behaviour rests on words that were published, and they stand where it says."""

from pathlib import Path

import pytest

from pytest_nac_qod import contracts
from pytest_nac_qod.reference.legal import legal
from tests.test_basis import WORDS, stands


@pytest.mark.parametrize("release", contracts.RELEASES)
def test_no_behaviour_is_without_a_basis(release: str) -> None:
    for one in legal(release).values():
        assert one.does.endswith("."), one.name
        assert one.basis.where, one.name
        assert 0 < len(one.basis.keyword.split()) <= WORDS, one.name


@pytest.mark.parametrize("release", contracts.RELEASES)
def test_words_stand_where_they_are_said_to(published: Path, release: str) -> None:
    wrong = []
    for name, one in legal(release).items():
        try:
            there = stands(published, release, "", one.basis)
        except (KeyError, IndexError):
            there = False
        if not there:
            wrong.append(f"{name}: {one.basis.where} {one.basis.keyword!r}")
    assert wrong == []
