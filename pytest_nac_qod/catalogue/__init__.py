"""The catalogue: every published scenario of a release as a row of data, and every rule that applies to it."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Literal

from pytest_nac_qod import contracts
from pytest_nac_qod.catalogue.basis import Basis, Strength, bases, of_release
from pytest_nac_qod.catalogue.checking import row_problems
from pytest_nac_qod.catalogue.drafts import folder_of
from pytest_nac_qod.catalogue.names import as_documented, family_names
from pytest_nac_qod.catalogue.purposes import Purpose as Purpose
from pytest_nac_qod.catalogue.purposes import Reading as Reading
from pytest_nac_qod.catalogue.purposes import content
from pytest_nac_qod.catalogue.purposes import purposes as purposes
from pytest_nac_qod.catalogue.purposes import purposes_of_scenarios as purposes_of_scenarios
from pytest_nac_qod.catalogue.purposes import readings as readings
from pytest_nac_qod.catalogue.scenarios import CatalogueError
from pytest_nac_qod.catalogue.scenarios import entries as entries
from pytest_nac_qod.catalogue.scenarios import releases as releases
from pytest_nac_qod.foundation.jsontypes import Json, JsonObject
from pytest_nac_qod.foundation.releases import order


@dataclass(frozen=True, slots=True)
class Outcome:
    """An answer that a row accepts: HTTP status and, for an error, its `code`."""

    status: int
    code: str = ""

    @classmethod
    def parse(cls, text: str) -> "Outcome":
        """Read `400 INVALID_ARGUMENT` or `201`."""
        status, _, code = text.partition(" ")
        return cls(int(status), code)

    def __str__(self) -> str:
        return f"{self.status} {self.code}".strip()


def listed(accepted: Iterable[Outcome]) -> str:
    """Outcomes in words, such as `400 OUT_OF_RANGE or INVALID_ARGUMENT`; a repeated status is left out."""
    texts: list[str] = []
    status = 0
    for item in accepted:
        texts.append(item.code if item.status == status and item.code else str(item))
        status = item.status
    return " or ".join(texts)


@dataclass(frozen=True, slots=True)
class Lenient:
    """What another published text of the same release allows: an outcome, or one value at one place of the answer."""

    reason: str
    outcome: Outcome | None = None
    path: str = ""
    value: Json = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One scenario or rule of one release.

    Attributes:
        id: the scenario's id, verbatim; a rule's id starts with `nac_`.
        cases: one for each row of a published outline, named by its first column; one empty name otherwise.
        accepted: outcomes of the narrowest reading.
        lenient: what else is tolerated, as a warning, unless the mode is strict.
        inapplicable: outcomes that show that the implementation is not one that the row is about.
        readings: keys of the readings by which the row is judged.
        basis: what the row rests on.
    """

    release: str
    api: str
    id: str
    kind: Literal["scenario", "rule"]
    operation: str
    purpose: Purpose
    cases: tuple[str, ...]
    accepted: tuple[Outcome, ...]
    lenient: tuple[Lenient, ...]
    inapplicable: tuple[Lenient, ...]
    readings: tuple[Reading, ...]
    basis: Basis

    @property
    def severity(self) -> Strength:
        """How much a breach of the row weighs."""
        return self.basis.strength

    @property
    def clause(self) -> str:
        """Where the requirement of a rule stands; empty for a scenario, which is its own clause."""
        return self.basis.where if self.kind == "rule" else ""


@dataclass(frozen=True, slots=True)
class RowCase:
    """One case of a row: what a test is parametrised with."""

    row: Row
    case: str

    @property
    def basis(self) -> Basis:
        """What the case rests on, which is what its row does unless it has a basis of its own."""
        own = self.row.basis.cases.get(self.case)
        return bases(self.row.release)[own] if own else self.row.basis

    def __str__(self) -> str:
        return f"{self.row.id} [{self.case}]" if self.case else self.row.id


def _lenient(entry: JsonObject) -> Lenient:
    outcome = Outcome.parse(entry["outcome"]) if "outcome" in entry else None
    return Lenient(readings()[entry["reason"]].key, outcome, entry.get("path", ""), entry.get("value"))


def _row(release: str, api: str, entry: JsonObject) -> Row:
    return Row(
        release=release,
        api=api,
        id=entry["id"],
        kind="rule" if entry["id"].startswith("nac_") else "scenario",
        operation=entry["operation"],
        purpose=purposes()[entry["purpose"]],
        cases=tuple(entry.get("cases", [""])),
        accepted=tuple(Outcome.parse(text) for text in entry["accepted"]),
        lenient=tuple(_lenient(item) for item in entry.get("lenient", [])),
        inapplicable=tuple(_lenient(item) for item in entry.get("inapplicable", [])),
        readings=tuple(readings()[key] for key in entry.get("readings", [])),
        basis=_basis(release, entry),
    )


def _basis(release: str, entry: JsonObject) -> Basis:
    """What a rule names; a published scenario is a basis of its own."""
    if entry["id"].startswith("nac_"):
        return bases(release)[entry["basis"]]
    says = purposes()[entry["purpose"]].requirement
    return Basis(key=entry["id"], where=entry["id"], says=says, strength="must")


def _applies(release: str, entry: JsonObject) -> bool:
    first, last = entry.get("since", release), entry.get("until", release)
    return order(first) <= order(release) <= order(last)


def _applying(release: str, name: str) -> tuple[Row, ...]:
    """The rules of the file `name` that apply to `release`, in its order; its columns are explained in rules.toml."""
    return tuple(
        _row(release, api, columns)
        for api, columns in _stated(release, name)
        if api in contracts.apis(release) and columns["operation"] in _operations(release, api)
    )


def _stated(release: str, name: str) -> Iterator[tuple[str, JsonObject]]:
    """API and columns of each rule of `release`, with the names that it has there."""
    names = family_names(release)
    for api, own in content(name).items():
        for entry in own:
            if _applies(release, entry):
                columns = {key: of_release(release, value) for key, value in entry.items()}
                columns["operation"] = names.get(columns["operation"], columns["operation"])
                yield names.get(api, api), as_documented(release, names.get(api, api), columns)


def without_operation(release: str) -> tuple[tuple[str, str, str], ...]:
    """API, id and operation of the rules that would apply to `release` if it had their operation."""
    return tuple(
        (api, columns["id"], columns["operation"])
        for name in ("rules.toml", "generated.toml")
        for api, columns in _stated(release, name)
        if api not in contracts.apis(release) or columns["operation"] not in _operations(release, api)
    )


def _operations(release: str, api: str) -> frozenset[str]:
    return frozenset(contracts.operation_names(release, api).values())


@cache
def rules(release: str) -> tuple[Row, ...]:
    """The rules that apply to `release`, in the order of rules.toml."""
    return _applying(release, "rules.toml")


@cache
def generated_rules(release: str) -> tuple[Row, ...]:
    """The rules of `release` that are tested with generated requests, in the order of generated.toml.

    An operation that has none there is held against its contract.
    """
    stated = _applying(release, "generated.toml")
    tested = {(row.api, row.operation) for row in stated}
    others = (
        contract_row(release, api, operation)
        for api in contracts.apis(release)
        for operation in contracts.contract(release, api).operations.values()
        if (api, operation.id) not in tested
    )
    return (*stated, *others)


def contract_row(release: str, api: str, operation: contracts.Operation) -> Row:
    """The rule that an operation without scenarios is held to: what the contract says of it."""
    entry: JsonObject = {
        "id": f"nac_generated_{re.sub(r'[^0-9A-Za-z]+', '_', operation.id).strip('_')}_contract",
        "operation": operation.id,
        "purpose": "generated_contract",
        "basis": "contract",
        "cases": ["coverage", "fuzzing"],
        "accepted": [str(status) for status in operation.success if status < 300],
    }
    return _row(release, api, entry)


@cache
def rows(release: str) -> tuple[Row, ...]:
    """All rows of `release`: its scenarios in published order, then the rules that apply to it.

    Raises:
        FileNotFoundError: the catalogue has no such release.
        CatalogueError: a row of a draft names what there is not.
    """
    own = entries(release)
    if folder := folder_of(release):
        _check(release, own, folder)
    scenarios = (_row(release, api, entry) for api, of_api in own.items() for entry in of_api)
    return (*scenarios, *rules(release))


def _check(release: str, own: Mapping[str, list[JsonObject]], folder: Path) -> None:
    operations = {api: _operations(release, api) for api in contracts.apis(release)}
    for told in row_problems(own, operations, purposes(), readings()):
        raise CatalogueError(f"{folder / release}.toml: {told}")


def cases(release: str, apis: tuple[str, ...]) -> Iterator[RowCase]:
    """Every case of `release` for these APIs, in published order."""
    return _cases(rows(release), apis)


def generated_cases(release: str, apis: tuple[str, ...]) -> Iterator[RowCase]:
    """Every case of the rules of `release` that are tested with generated requests, for these APIs."""
    return _cases(generated_rules(release), apis)


def offered(release: str, apis: tuple[str, ...], *, generated: bool) -> tuple[RowCase, ...]:
    """Every case of `release` for these APIs, in published order, with or without those that generate requests."""
    return (*cases(release, apis), *(generated_cases(release, apis) if generated else ()))


def _cases(found: Iterable[Row], apis: tuple[str, ...]) -> Iterator[RowCase]:
    return (RowCase(row, case) for row in found if row.api in apis for case in row.cases)
