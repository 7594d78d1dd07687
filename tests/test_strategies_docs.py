"""The examples in the documentation of the strategies."""

import doctest
import importlib
import pkgutil
from functools import partial

import hypothesis
import pytest

from pytest_nac_qod import strategies

MODULES = [module.name for module in pkgutil.iter_modules(strategies.__path__, "pytest_nac_qod.strategies.")]


@pytest.mark.parametrize("name", ["pytest_nac_qod.strategies", *MODULES])
def test_examples_are_right(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    alone = hypothesis.settings(
        database=None, derandomize=True, phases=[hypothesis.Phase.generate, hypothesis.Phase.shrink]
    )
    monkeypatch.setattr(hypothesis, "find", partial(hypothesis.find, settings=alone))
    assert doctest.testmod(importlib.import_module(name)).failed == 0
