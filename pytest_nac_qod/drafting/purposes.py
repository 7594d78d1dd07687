"""The purpose that the words of a scenario point to."""

import math
from collections import Counter
from collections.abc import Mapping
from functools import cache

from pytest_nac_qod import catalogue
from pytest_nac_qod.drafting.published import Scenario
from pytest_nac_qod.drafting.steps import about, words

_FINE = ("accepted", "read", "listed", "delivered", "created", "returned")  # in keys of what ends well


def purpose_of(scenario: Scenario, outcome: str, statuses: Mapping[str, set[str]]) -> str:
    """Key of the purpose whose rare words the scenario has, among those that end as it does.

    Args:
        scenario: without a counterpart.
        outcome: that its steps ask for.
        statuses: first digits of the statuses that rows of a purpose accept, as far as there are rows.
    """
    first = outcome[:1]
    given = " ".join(step for step in scenario.steps if step.startswith("Given"))
    named, asked = stems(about(scenario)), stems(f"{about(scenario)} {given}")
    candidates = [key for key in _texts() if first in statuses.get(key, {first}) and _ends_so(key, first)]
    return max(candidates, key=lambda key: _score(named, asked, key))


def stems(text: str) -> frozenset[str]:
    """Its words, plurals as singulars."""
    return frozenset(word.removesuffix("s") if len(word) > 3 else word for word in words(text))


def _ends_so(key: str, first: str) -> bool:
    return not (first == "4" and key.rpartition("_")[2] in _FINE)


def _score(named: frozenset[str], asked: frozenset[str], key: str) -> float:
    """How well the scenario's title fits the key, and how well all of it the requirement."""
    return _fit(named, stems(key.replace("_", " "))) + _fit(asked, _texts()[key]) / 2


def _fit(said: frozenset[str], wanted: frozenset[str]) -> float:
    """From 0 to 1: the share that two sets of words have in common, rare words first."""
    rare = _rarity()
    common, all_said, all_wanted = (sum(rare.get(w, 0.0) for w in part) for part in (said & wanted, said, wanted))
    return 2 * common / (all_said + all_wanted) if common else 0.0


@cache
def _texts() -> Mapping[str, frozenset[str]]:
    """The words of each purpose that scenarios have."""
    known = catalogue.purposes()
    return {
        key: stems(f"{key.replace('_', ' ')} {known[key].requirement}") for key in catalogue.purposes_of_scenarios()
    }


@cache
def _rarity() -> Mapping[str, float]:
    """How few purposes have a word."""
    often = Counter(word for text in _texts().values() for word in text)
    return {word: math.log(1 + len(_texts()) / number) for word, number in often.items()}
