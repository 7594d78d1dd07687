"""The table of what rows and checks rest on: printed by `nac-qod check --list --basis`, and kept in docs/basis.md."""

import sys
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from itertools import groupby

from pytest_nac_qod import contracts
from pytest_nac_qod.catalogue import RowCase, generated_rules, rows
from pytest_nac_qod.catalogue.basis import Basis, bases, check_bases
from pytest_nac_qod.contracts import Contract
from pytest_nac_qod.wire.resources import resource_of

_INTRODUCTION = """\
# What a failure rests on

Made from `basis.toml` and `checks.toml` in `pytest_nac_qod/catalogue/`, by
`python -m pytest_nac_qod.report.terminal.basis_table`; `nac-qod check --list --basis` prints the table of one release.

- **must**: a schema, a step of a published scenario, prose that states what happens, or a MUST of an RFC or of
  CloudEvents for the side that is tested. A breach fails.
- **should**: a recommendation, or what all of that implies and does not say. A breach warns; the exit status stays 0.
- **may**: nothing asks for it. A breach leaves a note, which changes no verdict.

Where the words are those of a document, `/…` stands under the operation of the rule, `#/…` in the document of its
API, and `api#/…` in another one. `{resource}` is the schema of a session or an assignment, `{event}` that of an event,
`{create}` and `{delete}` are operations. A published scenario rests on its own steps, and is a must.
"""


def lines(cases: Iterable[RowCase], release: str) -> Iterator[str]:
    """What each row of the cases rests on, in a line each, and then the checks that are made within cases."""
    for _, group in groupby(cases, lambda case: (case.row.id, case.basis.key)):
        same = list(group)
        row, basis = same[0].row, same[0].basis
        name = str(same[0]) if row.basis.cases and same[0].case else row.id
        yield _line(name, row.api, basis)
    for basis in check_bases(release).values():
        yield _line(f"check {basis.key}", "all APIs", basis)


def _line(name: str, where: str, basis: Basis) -> str:
    words = f' "{basis.keyword}"' if basis.keyword else ""
    return f"{basis.strength.ljust(6)}  {name}  {where}  {basis.where}{words}  {basis.says}"


def checks_of(contract: Contract, release: str) -> list[Basis]:
    """The bases of the checks within cases that can be made for this API, their places filled in."""
    places = _places(contract)
    placed = (_placed(basis, places) for basis in check_bases(release).values())
    return [basis for basis in placed if _there(contract, basis)]


def _places(contract: Contract) -> Mapping[str, str]:
    """What the names in braces stand for; nothing for an API that only tells."""
    resource = resource_of(contract)
    if resource is None or contract.event_schema is None:
        return {}
    mapping = contract.resolved(contract.event_schema)[1]["discriminator"]["mapping"]
    return {
        "{resource}": resource.schema,
        "{event}": next(iter(mapping.values())),
        "{create}": contract.operations[resource.create].pointer,
        "{delete}": contract.operations[resource.delete].pointer,
        "{id}": resource.id,
    }


def _placed(basis: Basis, places: Mapping[str, str]) -> Basis:
    where, keyword = basis.where, basis.keyword
    for name, place in places.items():
        where, keyword = where.replace(name, place), keyword.replace(name, place)
    return replace(basis, where=where, keyword=keyword)


def _there(contract: Contract, basis: Basis) -> bool:
    """Whether the API has what the check looks at."""
    if not basis.where.startswith("#"):
        return not basis.where.startswith("{")
    try:
        contract.resolved(basis.where.removesuffix("/description"))
    except KeyError:
        return False
    return True


def document() -> str:
    """The page for the docs, of all releases."""
    users: dict[str, list[str]] = {}
    for release in contracts.releases():
        for row in (*rows(release), *generated_rules(release)):
            if row.kind == "rule":
                for key in (row.basis.key, *row.basis.cases.values()):
                    users.setdefault(key, []).append(row.id)
    rules = _table(bases, ("Rules",), lambda key: (", ".join(f"`{row_id}`" for row_id in dict.fromkeys(users[key])),))
    checks = _table(check_bases, (), lambda _: ())
    parts = (_INTRODUCTION, "## Rules", *rules, "", "## Checks within cases", *checks)
    return "\n".join(parts) + "\n"


def _table(
    read: Callable[[str], Mapping[str, Basis]], more: tuple[str, ...], cells: Callable[[str], tuple[str, ...]]
) -> Iterator[str]:
    yield ""
    names = ("Basis", "Strength", "Where", "Words there", "What they say", *more)
    yield f"| {' | '.join(names)} |"
    yield f"|{'---|' * len(names)}"
    for key in dict.fromkeys(key for release in contracts.releases() for key in read(release)):
        by_release = {release: read(release)[key] for release in contracts.releases() if key in read(release)}
        columns = (
            _varying({release: basis.strength for release, basis in by_release.items()}),
            _varying({release: f"`{basis.where}`" for release, basis in by_release.items()}),
            _varying({release: f"`{basis.keyword}`" for release, basis in by_release.items()}),
            _varying({release: basis.says for release, basis in by_release.items()}),
        )
        yield f"| {' | '.join((key, *columns, *cells(key)))} |"


def _varying(values: Mapping[str, str]) -> str:
    """One value, or each with the release from which on it holds."""
    changes = [next(group) for _, group in groupby(values.items(), lambda item: item[1])]
    return changes[0][1] if len(changes) == 1 else "<br>".join(f"{release}: {value}" for release, value in changes)


if __name__ == "__main__":
    sys.stdout.write(document())
