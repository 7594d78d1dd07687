"""Differences as somebody made them: once for what is written once, wherever it is used."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from pytest_nac_qod.contracts.comparison.diff import Difference
from pytest_nac_qod.contracts.comparison.weighing import WEIGHTS, Weight, weight

_SHOWN = 160  # characters of a value


@dataclass(frozen=True, slots=True)
class ContractChange:
    """One change, in one place of one document.

    Attributes:
        subject: name of the schema that was changed, `POST /sessions` for an operation, `the document` for the rest.
        place: in it, such as `/properties/sink/maxLength`.
        left: what the first document requires there, as JSON; `absent` when nothing.
        right: the same of the second.
        weight: whether the second asks more.
        pointers: of everything that the change concerns.
    """

    subject: str
    place: str
    left: str
    right: str
    weight: Weight
    pointers: tuple[str, ...]


def changes(differences: Iterable[Difference]) -> list[ContractChange]:
    """The changes that these differences come from, in their order, those of one subject together."""
    by_change: dict[tuple[str, str, str, str], list[Difference]] = {}
    for difference in differences:
        subject, place = _place(difference)
        by_change.setdefault((subject, place, difference.left, difference.right), []).append(difference)
    single = [
        ContractChange(*key, weight=weight(same[0]), pointers=tuple(item.pointer for item in same))
        for key, same in by_change.items()
    ]
    made = _of_several(single)
    order = list(dict.fromkeys(change.subject for change in made))
    return sorted(made, key=lambda change: order.index(change.subject))


def _place(difference: Difference) -> tuple[str, str]:
    if difference.origin:
        name, _, place = difference.origin.partition("/")
        return name, f"/{place}"
    steps = difference.pointer.split("/")[1:]
    if steps[0] != "paths" or len(steps) < 3:
        return ("the document", f"/{'/'.join(steps)}") if steps[0] != "paths" else (_plain(steps[1]), "/")
    return f"{steps[2].upper()} {_plain(steps[1])}", f"/{'/'.join(steps[3:])}"


def _plain(step: str) -> str:
    return step.replace("~1", "/").replace("~0", "~")


def _of_several(single: Sequence[ContractChange]) -> list[ContractChange]:
    """Changes that are the same in several operations, as one of them all."""
    by_content: dict[tuple[str, ...], list[ContractChange]] = {}
    for change in single:
        shared = " " in change.subject and change.subject != "the document"
        key = (change.place, change.left, change.right, "" if shared else change.subject)
        by_content.setdefault(key, []).append(change)
    return [
        ContractChange(
            ", ".join(change.subject for change in same),
            *(same[0].place, same[0].left, same[0].right, same[0].weight),
            pointers=tuple(pointer for change in same for pointer in change.pointers),
        )
        for same in by_content.values()
    ]


def counted(made: Iterable[ContractChange]) -> Mapping[Weight, int]:
    """How many changes there are of each weight."""
    weights = [change.weight for change in made]
    return {name: weights.count(name) for name in WEIGHTS}


def summary(counts: Mapping[Weight, int]) -> str:
    """Such as `2 stricter, 1 other`; `no change` for none."""
    return ", ".join(f"{number} {name}" for name, number in counts.items() if number) or "no change"


def lines(made: Sequence[ContractChange]) -> list[str]:
    """The changes for a terminal, by subject."""
    shown: list[str] = []
    subject = None
    for change in made:
        if change.subject != subject:
            subject = change.subject
            shown.append(subject)
        used = f"  ({len(change.pointers)} places)" if len(change.pointers) > 1 else ""
        shown.append(f"  {change.weight.ljust(8)}  {change.place}: {_cut(change.left)} → {_cut(change.right)}{used}")
    return shown


def _cut(value: str) -> str:
    return value if len(value) <= _SHOWN else f"{value[:_SHOWN]} … ({len(value)} characters)"
