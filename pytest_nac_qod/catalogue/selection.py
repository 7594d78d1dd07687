"""Which cases of the catalogue a run is about."""

import difflib
import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from pytest_nac_qod.catalogue import RowCase
from pytest_nac_qod.catalogue.levels import DEFAULT, levels
from pytest_nac_qod.foundation.alike import alike
from pytest_nac_qod.foundation.jsontypes import JsonObject
from pytest_nac_qod.foundation.problems import UnusableError

_LISTING = "nac-qod check --list"


class SelectionError(UnusableError):
    """A selection that names what does not exist, or leaves nothing; the message names the option and near matches."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Selection:
    """What to test.

    Attributes:
        operations: operationIds; empty for all.
        scenarios: ids of rows, or of cases as they are printed, with the wildcards * and ?; empty for all.
        level: key of a level.
        mandatory: only rows whose failure breaks a MUST.
    """

    operations: tuple[str, ...] = ()
    scenarios: tuple[str, ...] = ()
    level: str = DEFAULT
    mandatory: bool = False

    def to_dict(self) -> JsonObject:
        """The selection as it stands in results.json."""
        return {
            "operations": list(self.operations),
            "scenarios": list(self.scenarios),
            "mandatory": self.mandatory,
        }


def select(cases: Iterable[RowCase], selection: Selection) -> tuple[RowCase, ...]:
    """The selected ones of `cases`, in their order.

    Raises:
        SelectionError: a name matches nothing, or nothing is left.
    """
    offered = tuple(cases)
    if selection.level not in levels():
        raise SelectionError(f"--qod-level: unknown level {selection.level!r}; known: {', '.join(levels())}")
    _check_operations(offered, selection.operations)
    wanted = [(pattern, _matcher(pattern)) for pattern in selection.scenarios]
    for pattern, matches in wanted:
        if not any(map(matches, offered)):
            raise SelectionError(
                f"--qod-scenario: {pattern!r} matches no scenario of this run; {_near(pattern, offered)}"
            )
    level = levels()[selection.level]
    chosen = tuple(
        case
        for case in offered
        if (not selection.operations or case.row.operation in selection.operations)
        and (not wanted or any(matches(case) for _, matches in wanted))
        and level.has(case.row)
        and not (selection.mandatory and case.basis.strength != "must")
    )
    if not chosen:
        raise SelectionError(f"{' with '.join(_given(selection))} leaves no case to run; {_LISTING} lists all")
    return chosen


def _check_operations(offered: Sequence[RowCase], operations: Iterable[str]) -> None:
    known = list(dict.fromkeys(case.row.operation for case in offered))
    for name in operations:
        if name not in known:
            folded = {operation.lower(): operation for operation in known}
            near = [folded[operation] for operation in difflib.get_close_matches(name.lower(), folded, n=1)]
            hint = f"did you mean {near[0]}?" if near else f"known here: {', '.join(known)}"
            raise SelectionError(f"--qod-operation: {name!r} is not an operation of this run; {hint}")


def _matcher(pattern: str) -> Callable[[RowCase], bool]:
    parts = (".*" if part == "*" else "." if part == "?" else re.escape(part) for part in re.split(r"([*?])", pattern))
    expression = re.compile("".join(parts), re.DOTALL)
    return lambda case: bool(expression.fullmatch(case.row.id) or expression.fullmatch(str(case)))


def _near(pattern: str, offered: Sequence[RowCase]) -> str:
    ids = list(dict.fromkeys(case.row.id for case in offered))
    bare = re.sub(r"[*?]+", "", pattern)
    near = alike(bare, ids, 1) or _holding(_word(bare, ids), ids)
    return f"did you mean {near[0]}?" if near else f"{_LISTING} lists them"


def _holding(part: str, ids: Iterable[str]) -> list[str]:
    return [identifier for identifier in ids if part and part in identifier.lower()]


def _word(part: str, ids: Iterable[str]) -> str:
    """The word of some id that `part` is nearest to; empty when it is near to none."""
    words = {word.lower() for identifier in ids for word in re.findall(r"[A-Z]?[a-z]+", identifier)}
    return next(iter(difflib.get_close_matches(part.lower(), sorted(words), n=1)), "")


def _given(selection: Selection) -> list[str]:
    options = [f"--qod-operation {name}" for name in selection.operations]
    options += [f"--qod-scenario {pattern}" for pattern in selection.scenarios]
    if selection.level != DEFAULT:
        options.append(f"--qod-level {selection.level}")
    return options + ["--qod-mandatory"] * selection.mandatory
