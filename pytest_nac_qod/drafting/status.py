"""What is left to decide before a release is ready."""

import difflib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from fnmatch import fnmatchcase
from pathlib import Path

from pytest_nac_qod import catalogue, contracts
from pytest_nac_qod.catalogue import drafts
from pytest_nac_qod.catalogue.names import is_scenario
from pytest_nac_qod.contracts import ContractError
from pytest_nac_qod.contracts.comparison.prose import changed_prose
from pytest_nac_qod.drafting import published
from pytest_nac_qod.drafting.published import Published, Scenario
from pytest_nac_qod.drafting.steps import outcomes
from pytest_nac_qod.drafting.writing import ASKED, UNDECIDED, unlike
from pytest_nac_qod.foundation.jsontypes import JsonObject
from pytest_nac_qod.reference.faults import faults
from pytest_nac_qod.reference.legal import legal
from pytest_nac_qod.reference.operations import OPERATIONS
from pytest_nac_qod.reference.rules import rules


@dataclass(frozen=True, slots=True)
class Left:
    """Something to decide.

    Attributes:
        file: where, by its name in the folder of the draft.
        key: what it is, such as `gone SCENARIO`; `[decided]` of draft.toml names what is to stay, with a reason.
        why: what is to be looked at.
    """

    file: str
    key: str
    why: str


def left(name: str, source: Path | None = None) -> list[Left]:
    """What is left of a release; nothing when it is ready.

    Args:
        name: of the release.
        source: folder with what is published of it; by default the one that it was drafted from.

    Raises:
        ContractError: there is no such release, or what is published cannot be read.
    """
    if name not in contracts.releases():
        raise ContractError(f"no contracts of release {name!r}; there are {', '.join(contracts.releases())}")
    folder = drafts.folder_of(name)
    about = drafts.settings(folder, drafts.DRAFT) if folder else {}
    told = source or (Path(about["published"]) if "published" in about else None)
    new = published.read(told) if told else None
    old = published.read(Path(about["before"])) if "before" in about else None
    decided = list(about.get("decided", {}))
    return [item for item in _all(name, about, new, old) if not any(fnmatchcase(item.key, key) for key in decided)]


def _all(name: str, about: JsonObject, new: Published | None, old: Published | None) -> Iterator[Left]:
    yield from (
        Left(drafts.DRAFT, f"guess {guess}", "look, and take it out of guesses") for guess in about.get("guesses", [])
    )
    if new is not None:
        yield from _sums(about, new)
        for api, found in unlike(name, new).items():
            first = found[0]
            yield Left(
                f"{name}.yaml",
                f"contract {api}",
                f"{len(found)} differences to what is published, first {first.pointer}",
            )
        yield from _rows(name, new)
    yield from _guessed(name, new, old)
    if before := contracts.followed(name):
        yield from _server(name, about)
        yield from _rules(name)
        if about:
            yield from _behaviours(name, before)
    if new is not None and old is not None:
        yield from _gone(name, new, old)
        yield from _prose(name, new, old)


def _sums(about: JsonObject, new: Published) -> Iterator[Left]:
    for file, checksum in new.sums.items():
        if about and about["sums"].get(file) != checksum:
            yield Left(drafts.DRAFT, f"published {file}", f"changed since the draft; SHA-256 {checksum}")


def _rows(name: str, new: Published) -> Iterator[Left]:
    """Rows without a scenario, scenarios without a row, and outcomes that the steps do not ask for."""
    rows = {(api, row["id"]): row for api, own in catalogue.entries(name).items() for row in own}
    file = f"{name}.toml"
    scenarios = {(item.api, item.id): item for item in new.scenarios}
    yield from (
        Left(file, f"row {key[1]}", "no such scenario is published; take it out")
        for key in rows
        if key not in scenarios
    )
    for key, scenario in scenarios.items():
        row = rows.get(key)
        if row is None:
            yield Left(file, f"scenario {scenario.id}", "published, and without a row")
        elif wrong := [text for text in outcomes(scenario) if not _accepts(row, text)]:
            yield Left(
                file,
                f"outcome {scenario.id}",
                f"the steps ask for {' or '.join(wrong)}, the row for {' or '.join(row['accepted'])}",
            )


def _accepts(row: JsonObject, text: str) -> bool:
    """Whether a row takes the outcome, or has a reading that says why not."""
    return bool(row.get("readings")) or any(accepted.startswith(text) for accepted in row["accepted"])


def _guessed(name: str, new: Published | None, old: Published | None) -> Iterator[Left]:
    """Rows that say that they are guesses, with what changed in the steps."""
    after = {item.id: item for item in new.scenarios} if new else {}
    before = {item.id: item for item in old.scenarios} if old else {}
    for own in catalogue.entries(name).values():
        for row in own:
            if "guess" in row:
                told = _changed(before.get(row["id"]), after.get(row["id"]))
                yield Left(f"{name}.toml", f"guess {row['id']}", row["guess"] + told)


def _changed(before: Scenario | None, after: Scenario | None) -> str:
    """The steps that only one of them has."""
    if before is None or after is None:
        return ""
    compared = list(difflib.unified_diff(before.steps, after.steps, lineterm="", n=0))[2:]
    shown = "; ".join(line for line in compared if not line.startswith("@@"))
    return f": {shown[:400]}" if shown else ""


def _server(name: str, about: JsonObject) -> Iterator[Left]:
    folder = drafts.folder_of(name)
    stated = drafts.settings(folder, drafts.SERVER) if folder else {}
    current = rules(name)
    for key in stated.get(UNDECIDED, [] if stated or not about else ASKED):
        yield Left(
            drafts.SERVER, f"server {key}", f"not decided; as before it is {getattr(current, key, 'none')!r}"[:200]
        )
    for api in contracts.apis(name):
        for operation in contracts.contract(name, api).operations.values():
            if current.served.get(operation.family, operation.family) not in OPERATIONS:
                yield Left(
                    drafts.SERVER,
                    f"unserved {operation.id}",
                    f"nothing serves it; say as which other in [served]: {operation.family}",
                )


def _rules(name: str) -> Iterator[Left]:
    for api, rule, operation in catalogue.without_operation(name):
        yield Left(drafts.DRAFT, f"rule {rule}", f"names {operation} of {api}, which the release does not have")
    here = {row["id"] for own in catalogue.entries(name).values() for row in own}
    resting = [(f"rule {rule.id}", rule.basis.where) for rule in catalogue.rules(name)]
    resting += [(f"legal {behaviour.name}", behaviour.basis.where) for behaviour in legal(name).values()]
    for key, where in resting:
        if is_scenario(where) and where not in here:
            yield Left(drafts.DRAFT, key, f"rests on {where}, which is not published any more")


def _behaviours(name: str, before: str) -> Iterator[Left]:
    """Faults that break nothing any more, and legal behaviours that are none any more."""
    offered = [catalogue.offered(release, contracts.apis(release), generated=False) for release in (before, name)]
    for fault in faults().values():
        then, now = (any(by.selects(case) for by in fault.fails for case in cases) for cases in offered)
        if then and not now:
            yield Left(drafts.DRAFT, f"fault {fault.name}", f"breaks cases in {before}, and none here")
    for behaviour in legal(before):
        if behaviour not in legal(name):
            yield Left(drafts.DRAFT, f"legal {behaviour}", f"is legal in {before}, and not here")


def _gone(name: str, new: Published, old: Published) -> Iterator[Left]:
    """Scenarios of the release before that are not taken up by any row."""
    taken = " ".join(f"{row.get('guess', '')} {row['id']}" for own in catalogue.entries(name).values() for row in own)
    here = {scenario.id for scenario in new.scenarios}
    names = _renamed(name)
    for scenario in old.scenarios:
        known = scenario.id
        for former, now in names.items():
            known = known.replace(former, now)
        if known not in here and scenario.id not in taken:
            yield Left(drafts.DRAFT, f"gone {scenario.id}", "not published any more")


def _renamed(name: str) -> Mapping[str, str]:
    """New names of operations and APIs, as parts of ids, by those of the release before."""
    before = contracts.followed(name) or name
    names: dict[str, str] = {}
    for api in contracts.apis(name):
        former = contracts.former_name(before, name, api)
        if former:
            names |= {former.replace("-", "_"): api.replace("-", "_")}
            was = contracts.operation_names(before, former)
            names |= {was[key]: now for key, now in contracts.operation_names(name, api).items() if key in was}
    return {former: now for former, now in names.items() if former != now}


def _prose(name: str, new: Published, old: Published) -> Iterator[Left]:
    """Descriptions that changed, and the rules that rest on a place in them."""
    before = contracts.followed(name) or name
    for api, document in new.documents.items():
        former = contracts.former_name(before, name, api)
        if former is None or former not in old.documents:
            continue
        resting = _resting(name, api)
        for said in changed_prose(old.documents[former], document):
            rests = [rule for rule, place in resting if place and place in said.pointer]
            told = f"; {', '.join(rests[:5])} may rest on it" if rests else ""
            yield Left(drafts.DRAFT, f"prose {api}{said.pointer}", f"the description changed{told}")


def _resting(name: str, api: str) -> list[tuple[str, str]]:
    """Rules of the API and the place in the document that each rests on."""
    return [
        (row.id, row.basis.where.rpartition("#")[2].removesuffix("/description"))
        for row in catalogue.rules(name)
        if row.api == api and not row.basis.external and "/" in row.basis.where
    ]


def lines(name: str, items: Iterable[Left]) -> Iterator[str]:
    """What `nac-qod release status` prints: by file, or that nothing is left."""
    by_file: dict[str, list[Left]] = {}
    for item in items:
        by_file.setdefault(item.file, []).append(item)
    if not by_file:
        yield f"{name} is ready: nothing is left to decide"
        return
    yield f"{name} is not ready: {sum(map(len, by_file.values()))} to decide"
    for file, of_file in by_file.items():
        yield ""
        yield f"{file}  ({len(of_file)})"
        yield from (f"  {item.key}: {item.why}" for item in of_file)
