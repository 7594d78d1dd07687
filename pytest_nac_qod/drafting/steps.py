"""What the steps of published scenarios say, and how alike two scenarios are."""

import re
from collections.abc import Mapping
from functools import cache

from pytest_nac_qod.drafting.published import Scenario

_STATUS = re.compile(r'response status code is "?(\d{3})"?')
_CODE = re.compile(r'"\$\.code" is ((?:"[A-Z_.]+"(?:,? or |, ?)?)+)')
_NAMED = re.compile(r'"([A-Z_.]+)"')
_VERSION = re.compile(r"/(?:v[0-9][\w.]*|vwip)(?=/)")
_WORD = re.compile(r"[A-Za-z0-9]+")


def outcomes(scenario: Scenario) -> tuple[str, ...]:
    """The answers that the steps ask for, such as `400 INVALID_ARGUMENT`; nothing where they name no status."""
    text = "\n".join(scenario.steps)
    statuses = list(dict.fromkeys(_STATUS.findall(text)))
    codes = list(dict.fromkeys(code for group in _CODE.findall(text) for code in _NAMED.findall(group)))
    if len(statuses) == 1 and codes:
        return tuple(f"{statuses[0]} {code}" for code in codes)
    return tuple(statuses)


def plain(scenario: Scenario, names: Mapping[str, str]) -> tuple[str, ...]:
    """The steps as far as they matter: no comments, no versions of paths, former names by the new ones."""
    lines = [step for step in scenario.steps if not step.startswith("#")]
    replaced = (_VERSION.sub("", renamed(line, names)) for line in lines)
    return tuple(" ".join(line.split()) for line in replaced)


def renamed(text: str, names: Mapping[str, str]) -> str:
    """The text with names of operations and APIs replaced, also where they are parts of ids."""
    for old, new in names.items():
        text = text.replace(old, new).replace(old.replace("-", "_"), new.replace("-", "_"))
    return text


@cache
def words(text: str) -> frozenset[str]:
    """The words of a text, those that are written together cut apart."""
    parts = re.sub(r"([a-z0-9])([A-Z])", r"\1 \2", text)
    return frozenset(word.lower() for word in _WORD.findall(parts))


def likeness(first: str, other: str) -> float:
    """From 0 to 1: the share of words that both texts have."""
    a, b = words(first), words(other)
    return len(a & b) / len(a | b) if a | b else 0.0


def about(scenario: Scenario) -> str:
    """What a scenario is about, whatever its operation: what its id says after the number, and its title."""
    tail = re.sub(
        r"^.*?_(?:C?\d[\d.]*_)?(?=[a-z])", "", scenario.id.partition(f"{scenario.operation}_")[2] or scenario.id
    )
    return f"{re.sub(r'^[C0-9.]+_', '', tail)} {scenario.title}"
