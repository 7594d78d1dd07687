"""Releases in a folder outside the package: their files of facts and rows, and what they ask of the embedded server."""

import hashlib
import sys
import tomllib
from collections.abc import Mapping
from functools import cache
from importlib.resources.abc import Traversable
from pathlib import Path

from pytest_nac_qod.catalogue.scenarios import CatalogueError
from pytest_nac_qod.contracts import facts
from pytest_nac_qod.foundation.jsontypes import JsonObject
from pytest_nac_qod.foundation.releases import is_release

SERVER = "server.toml"
DRAFT = "draft.toml"
REQUESTS = "requests.toml"


def use(folder: Path) -> None:
    """Have the releases in `folder` before those of the package; raises CatalogueError when there are none."""
    folder = folder.resolve()
    if not releases_in(folder):
        raise CatalogueError(f"{folder}: no file of a release in it (RELEASE.yaml); nac-qod release new drafts one")
    if folder not in facts.FOLDERS:
        facts.FOLDERS.insert(0, folder)
        _forget()


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
    return settings(folder, REQUESTS) if folder else {}


def settings(folder: Path, name: str) -> JsonObject:
    """A TOML file of the folder; empty where there is none; raises CatalogueError when it is none."""
    path = folder / name
    if not path.is_file():
        return {}
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except ValueError as error:
        raise CatalogueError(f"{path}: not TOML: {error}") from None
