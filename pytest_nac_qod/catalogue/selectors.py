"""Sets of cases named by what they have in common, so that few words stand for many ids."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from pytest_nac_qod.catalogue import Row, RowCase, cases
from pytest_nac_qod.catalogue.names import family_names, scenario_name
from pytest_nac_qod.foundation.jsontypes import Json
from pytest_nac_qod.foundation.releases import order

SECURITY = "nac_security_"  # how the ids of rules of security begin


@dataclass(frozen=True, slots=True, kw_only=True)
class Selector:
    """All cases that have each of these; what is empty does not matter.

    Attributes:
        ids: of rows.
        case: of an outline.
        purpose: key in purposes.toml.
        kind: scenario or rule.
        api: as it ends, so that `provisioning` is that of every release.
        operations: by their names in the family.
        outcome: the first accepted one, as it begins: `4`, `401`, `404 NOT_FOUND`. Rules of security accept any code of
            an error, and are selected by their purpose.
        since: the first release in which it selects anything.
        until: the last one.
        but: ids of rows, or of cases as they read, that it leaves out.
    """

    ids: tuple[str, ...] = ()
    case: str = ""
    purpose: str = ""
    kind: str = ""
    api: str = ""
    operations: tuple[str, ...] = ()
    outcome: str = ""
    since: str = ""
    until: str = ""
    but: tuple[str, ...] = ()

    @classmethod
    def of(cls, entry: Mapping[str, Json]) -> "Selector":
        """From a table of a TOML file; raises TypeError for a key that is none."""
        values: dict[str, Any] = {
            key: tuple(value) if isinstance(value, list) else value for key, value in entry.items()
        }
        return cls(**values)

    def selects(self, case: RowCase) -> bool:
        """Whether the case is among them."""
        row = case.row
        if self.ids and row.id not in _scenarios(row.release, self.ids):  # most are told by it, and there are many
            return False
        wanted = (
            self.case in ("", case.case),
            self.purpose in ("", row.purpose.key),
            self.kind in ("", row.kind),
            row.api.endswith(self.api),
            (not self.operations or row.operation in _called(row.release, self.operations)),
            not self.outcome or _outcome(row).startswith(self.outcome),
            order(self.since or row.release) <= order(row.release) <= order(self.until or row.release),
        )
        left_out = _scenarios(row.release, self.but)
        return all(wanted) and row.id not in left_out and str(case) not in left_out


@cache
def _scenarios(release: str, ids: tuple[str, ...]) -> frozenset[str]:
    """What the scenarios with these ids are called in the release."""
    return frozenset(scenario_name(release, known) for known in ids)


@cache
def _called(release: str, operations: tuple[str, ...]) -> frozenset[str]:
    """What these operations are called in the release."""
    return frozenset(family_names(release).get(name, name) for name in operations)


def _outcome(row: Row) -> str:
    return "" if row.id.startswith(SECURITY) else str(row.accepted[0])


def selected(release: str, apis: Iterable[str], selectors: Iterable[Selector]) -> list[RowCase]:
    """The cases of `release` and these APIs that any of the selectors selects, in published order."""
    wanted = list(selectors)
    return [case for case in cases(release, tuple(apis)) if any(selector.selects(case) for selector in wanted)]
