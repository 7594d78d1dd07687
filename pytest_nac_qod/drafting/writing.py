"""A release drafted into a folder."""

from collections.abc import Iterable
from dataclasses import fields
from pathlib import Path

import tomli_w
import yaml

from pytest_nac_qod import contracts
from pytest_nac_qod.catalogue import drafts
from pytest_nac_qod.contracts import ContractError
from pytest_nac_qod.contracts.comparison.diff import Difference, diff
from pytest_nac_qod.drafting import published
from pytest_nac_qod.drafting.differing import differences
from pytest_nac_qod.drafting.published import Published
from pytest_nac_qod.drafting.rows import drafted
from pytest_nac_qod.foundation.jsontypes import JsonObject
from pytest_nac_qod.foundation.releases import is_release
from pytest_nac_qod.reference.rules import UNDECIDED, Rules

# keys of server.toml that a release is to be looked through for
ASKED = tuple(item.name for item in fields(Rules) if item.name != "served")
_SERVER = """# What {name} asks of a provider beyond its schemas, where that is not as in {follows};
# reference/releases.toml says what each key means. Look the descriptions through for each key in `undecided`, state it
# if it is otherwise, and take it out.
#
# [served]  operations that only this release has, by the operation that the embedded server serves them as

undecided = [{keys}]
"""
_FACTS = """# {name}: what is not as in {follows}. Drafted from the published documents;
# docs/adding-a-release.md says what the keys mean.

"""
_ROWS = """# {name}: each published scenario in published order. Drafted: a row with `guess` is not certain.
# Look at the published steps, mend the row, and take `guess` out.

"""


def draft(  # what the command takes
    name: str, source: Path, follows: str, folder: Path, before: Path | None = None
) -> list[str]:
    """Draft a release into `folder`; what was drafted, and what is to be looked at, line by line.

    Args:
        name: of the release.
        source: folder with what is published of it.
        follows: the release that it is most like.
        folder: to write to.
        before: folder with what is published of `follows`; by default the one of that name beside `source`.

    Raises:
        ContractError: a name is none, there is a draft already, or what is published cannot be read.
    """
    _check(name, follows, folder)
    new = published.read(source)
    beside = before or source.resolve().parent / follows
    old = published.read(beside) if before or beside.is_dir() else None
    facts, paired = differences(new.documents, follows)
    rows = list(drafted(new, paired, follows, old))
    guesses = [guess for pair in paired for guess in pair.guesses]
    _write(name, follows, folder, facts, rows)
    about = {
        "follows": follows,
        "published": str(source.resolve()),
        **({"before": str(old.folder.resolve())} if old else {}),
        "guesses": guesses,
        "sums": dict(new.sums),
        "decided": {},
    }
    (folder / drafts.DRAFT).write_text(tomli_w.dumps(about), encoding="utf-8")
    drafts.use(folder)
    return [*_told(name, new, rows, guesses), *_next(name, folder, old)]


def _check(name: str, follows: str, folder: Path) -> None:
    if not is_release(name):
        raise ContractError(f"{name}: no name of a release: r, a version, and perhaps a hyphen and more")
    if follows not in contracts.releases():
        raise ContractError(f"--follows: no release {follows!r}; there are {', '.join(contracts.releases())}")
    if (folder / f"{name}.yaml").exists():
        raise ContractError(f"{folder}: has a draft of {name} already; take it away, or name another --release-dir")


def _write(name: str, follows: str, folder: Path, facts: JsonObject, rows: Iterable[JsonObject]) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    by_api: dict[str, list[JsonObject]] = {}
    for row in rows:
        by_api.setdefault(row["api"], []).append({key: value for key, value in row.items() if key != "api"})
    stated = yaml.safe_dump(facts, sort_keys=False, width=120, allow_unicode=True)
    keys = ", ".join(f'"{key}"' for key in ASKED)
    names = {"name": name, "follows": follows}
    (folder / f"{name}.yaml").write_text(_FACTS.format(**names) + stated, encoding="utf-8")
    (folder / f"{name}.toml").write_text(_ROWS.format(**names) + tomli_w.dumps(by_api), encoding="utf-8")
    if not (folder / drafts.SERVER).exists():
        (folder / drafts.SERVER).write_text(_SERVER.format(**names, keys=keys), encoding="utf-8")


def unlike(name: str, new: Published) -> dict[str, list[Difference]]:
    """For each published API where the draft requires something else."""
    known = contracts.apis(name)
    compared = {api: diff(contracts.document(name, api), new.documents[api]) for api in new.documents if api in known}
    return {api: found for api, found in compared.items() if found}


def _told(name: str, new: Published, rows: list[JsonObject], guesses: list[str]) -> Iterable[str]:
    other = unlike(name, new)
    for api in new.documents:
        yield f"{name}:{api} {'is not as published' if api in other else 'requires the same as published'}"
        yield from (f"  {item.pointer}: {item.left} → {item.right}"[:200] for item in other.get(api, [])[:10])
    marked = [row for row in rows if "guess" in row]
    yield f"{len(rows)} rows drafted, {len(marked)} of them guessed"
    yield from (f"guess: {guess}" for guess in guesses)


def _next(name: str, folder: Path, old: Published | None) -> Iterable[str]:
    if old is None:
        yield "the steps of the release before are not there (--follows-from DIR), so that every row is a guess"
    yield f"next: nac-qod release status {name} --release-dir {folder}"


__all__ = ["ASKED", "UNDECIDED", "draft", "unlike"]
