"""Rows of published scenarios as the files of the releases have them; a draft has its file in a folder of its own."""

from importlib.resources import files
from importlib.resources.abc import Traversable

from pytest_nac_qod.catalogue.checking import shape_problem
from pytest_nac_qod.contracts import facts
from pytest_nac_qod.foundation import toml
from pytest_nac_qod.foundation.jsontypes import JsonObject
from pytest_nac_qod.foundation.problems import UnusableError
from pytest_nac_qod.foundation.releases import is_release, order


class CatalogueError(UnusableError):
    """A file of rows that cannot be used; the message names file, row and what to do."""


def entries(release: str) -> dict[str, list[JsonObject]]:
    """The rows of `release` by API, in published order.

    Raises:
        FileNotFoundError: the catalogue has no such release.
        CatalogueError: its file is no TOML, or has a key that means nothing.
    """
    for folder in _folders():
        path = folder.joinpath(f"{release}.toml")
        if path.is_file():
            return _parsed(path, ours=folder == files(__package__))
    raise FileNotFoundError(f"{release}.toml")


def _parsed(path: Traversable, *, ours: bool) -> dict[str, list[JsonObject]]:
    try:
        content = toml.parsed(path.read_text(encoding="utf-8"))
    except ValueError as error:
        raise CatalogueError(f"{path}: not TOML: {error}") from None
    if ours:  # a test holds it to the schema
        return content
    if told := shape_problem(content, "rows"):
        raise CatalogueError(f"{path}: {told}")
    return content


def releases() -> tuple[str, ...]:
    """The releases that the catalogue covers, oldest first."""
    names = {entry.name.removesuffix(".toml") for folder in _folders() for entry in folder.iterdir() if _is_rows(entry)}
    return tuple(sorted(names, key=order))


def _is_rows(entry: Traversable) -> bool:
    return entry.name.endswith(".toml") and is_release(entry.name.removesuffix(".toml"))


def _folders() -> list[Traversable]:
    """Where files of rows stand: those of the package apart from its files of facts."""
    own = files(__package__)
    return [own if folder is facts.PACKAGE else folder for folder in facts.FOLDERS]
