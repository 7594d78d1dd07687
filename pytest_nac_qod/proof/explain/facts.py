"""What is told of one id: labelled texts, the same in the terminal and in the documentation."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import groupby

Fact = tuple[str, str]  # a label and a text


@dataclass(frozen=True, slots=True)
class Explanation:
    """What an id means.

    Attributes:
        name: the id.
        kind: scenario, rule, cause, verdict …
        facts: labels and texts, in the order in which they are told.
    """

    name: str
    kind: str
    facts: tuple[Fact, ...]


def lines(explanation: Explanation) -> Iterator[str]:
    """The id and its kind, and a line for each text; a label stands once."""
    yield f"{explanation.name}  {explanation.kind}"
    width = max((len(label) for label, _ in explanation.facts), default=0)
    last = ""
    for label, text in explanation.facts:
        yield f"      {('' if label == last else label).ljust(width)}  {text}"
        last = label


def varying(label: str, values: Mapping[str, str]) -> list[Fact]:
    """One text, or each with the release from which on it holds; what is empty is left out."""
    changes = [next(group) for _, group in groupby(values.items(), lambda item: item[1])]
    if len(changes) == 1:
        return [(label, text) for _, text in changes if text]
    return [(label, f"{release}: {text}") for release, text in changes if text]
