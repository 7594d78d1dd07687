"""Releases in a folder outside the package: their files of facts and rows, and what they ask of the embedded server."""

import hashlib
import sys
from collections.abc import Iterable, Mapping
from functools import cache
from importlib.resources.abc import Traversable
from pathlib import Path

from pytest_nac_qod import contracts
from pytest_nac_qod.catalogue.checking import shape_problem
from pytest_nac_qod.catalogue.scenarios import CatalogueError
from pytest_nac_qod.contracts import facts
from pytest_nac_qod.foundation import toml
from pytest_nac_qod.foundation.alike import meant
from pytest_nac_qod.foundation.jsontypes import JsonObject
from pytest_nac_qod.foundation.releases import is_release

SERVER = "server.toml"
DRAFT = "draft.toml"
REQUESTS = "requests.toml"
_STAMPS: dict[Path, frozenset[tuple[str, int, int]]] = {}
"""Name, time of change and size of the files of each folder in use, as they were when they were read."""


def use(folder: Path) -> None:
    """Have the releases in `folder`, as its files are now, before those of the package.

    Raises:
        CatalogueError: there are none.
    """
    folder = folder.resolve()
    if not releases_in(folder):
        raise CatalogueError(f"{folder}: no file of a release in it (RELEASE.yaml); nac-qod release new drafts one")
    stamp = _stamp(folder)
    if folder in facts.FOLDERS and _STAMPS.get(folder) == stamp:
        return
    if folder not in facts.FOLDERS:
        facts.FOLDERS.insert(0, folder)
    _STAMPS[folder] = stamp
    _forget()


def _stamp(folder: Path) -> frozenset[tuple[str, int, int]]:
    files = (path for path in folder.iterdir() if path.is_file())
    return frozenset((path.name, path.stat().st_mtime_ns, path.stat().st_size) for path in files)


def in_use() -> tuple[Path, ...]:
    """The folders outside the package, for another process to use in this order."""
    return tuple(Path(str(folder)) for folder in reversed(facts.FOLDERS) if folder is not facts.PACKAGE)


def use_all(folders: Iterable[Path]) -> None:
    """Use each of them, the last before the others."""
    for folder in folders:
        use(folder)


def only_release(folder: Path) -> str:
    """The release that is meant where only a folder is named.

    Raises:
        CatalogueError: it has several.
    """
    names = releases_in(folder)
    if len(names) != 1:
        raise CatalogueError(f"{folder}: has {', '.join(names)}; say which release is meant")
    return names[0]


def leave(folder: Path) -> None:
    """Use the folder no more."""
    if folder.resolve() in facts.FOLDERS:
        facts.FOLDERS.remove(folder.resolve())
        _forget()


def releases_in(folder: Path) -> list[str]:
    """The releases that have a file of facts in the folder."""
    return [path.stem for path in sorted(folder.glob("*.yaml")) if is_release(path.stem)] if folder.is_dir() else []


def _forget() -> None:
    """Read all again: what is known of releases is kept in caches all over the package."""
    for name, module in list(sys.modules.items()):
        if name.startswith("pytest_nac_qod"):
            for value in list(vars(module).values()):
                if callable(clear := getattr(value, "cache_clear", None)):
                    clear()


def folder_of(release: str) -> Path | None:
    """The folder outside the package that has the release; None for a release of the package."""
    place, _ = facts.located(release, 0)
    folder: Traversable = facts.FOLDERS[place]
    return Path(str(folder)) if folder is not facts.PACKAGE else None


def checksum(release: str, folder: Path) -> str:
    """SHA-256 over the files that a draft consists of, each by its name and its own sum."""
    names = [f"{release}.yaml", f"{release}.toml", SERVER, REQUESTS]
    paths = [folder / name for name in names if (folder / name).is_file()]
    listed = "".join(f"{hashlib.sha256(path.read_bytes()).hexdigest()}  {path.name}\n" for path in paths)
    return hashlib.sha256(listed.encode()).hexdigest()


@cache
def added(release: str) -> Mapping[str, JsonObject]:
    """What a draft has requests carry besides, by operation in the family: properties that older releases lack."""
    folder = folder_of(release)
    stated = settings(folder, REQUESTS) if folder else {}
    known = {name for api in contracts.apis(release) for name in contracts.operation_names(release, api)}
    for name in stated.keys() - known:
        near = meant(name, known, f"there are {', '.join(sorted(known))}", 1)
        raise CatalogueError(f"{folder}/{REQUESTS}: {name}: no operation of the family; {near}")
    return stated


def settings(folder: Path, name: str) -> JsonObject:
    """A TOML file of the folder; empty where there is none.

    Raises:
        CatalogueError: it is no TOML, or has a key that means nothing.
    """
    path = folder / name
    if not path.is_file():
        return {}
    try:
        content = toml.parsed(path.read_text(encoding="utf-8"))
    except ValueError as error:
        raise CatalogueError(f"{path}: not TOML: {error}") from None
    if told := shape_problem(content, name.removesuffix(".toml")):
        raise CatalogueError(f"{path}: {told}")
    return content
