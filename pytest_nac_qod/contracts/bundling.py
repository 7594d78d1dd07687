"""Documents of several files, such as those on the main branches of CAMARA, made into one.

What another file defines comes among the components of the document under its own name, or under the next that is free.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import unquote, urlsplit

from pytest_nac_qod.contracts.pointers import escaped
from pytest_nac_qod.foundation.jsontypes import Json, JsonObject

Read = Callable[[Path], Json]
# what an object is when its place says nothing of it, by the property that holds it
_KINDS = {"parameters": "parameters", "responses": "responses", "headers": "headers", "requestBody": "requestBodies"}
_COMPONENTS = {*_KINDS.values(), "schemas", "examples", "securitySchemes", "links", "callbacks"}


class BundlingError(Exception):
    """A reference that cannot be followed.

    Attributes:
        reference: as the document has it, of however many lines.
        why: it cannot, and what to do.
    """

    def __init__(self, reference: str, why: str) -> None:
        super().__init__(f"$ref {reference}: {why}")
        self.reference, self.why = reference, why


def bundled(document: JsonObject, path: Path, read: Read) -> JsonObject:
    """The document at `path` with all that it refers to in other files; itself when there is nothing of the kind.

    Args:
        document: to be read only.
        path: where it stands; references are relative to it.
        read: gives the content of another file.

    Raises:
        BundlingError: a reference leads to another host, to no file, or to nothing in it.
    """
    return _Bundle(path.resolve(), document, read).made() if _leads_out(document) else document


def _leads_out(node: Json) -> bool:
    if isinstance(node, list):
        return any(map(_leads_out, node))
    if not isinstance(node, dict):
        return False
    reference = node.get("$ref")
    return (isinstance(reference, str) and not reference.startswith("#")) or any(map(_leads_out, node.values()))


@dataclass(slots=True)
class _Bundle:
    root: Path
    document: JsonObject
    read: Read
    files: dict[Path, Json] = field(default_factory=dict)
    names: dict[tuple[Path, str], str] = field(default_factory=dict)  # pointer in the bundle, by file and pointer
    added: dict[str, JsonObject] = field(default_factory=dict)  # components, by kind and name

    def made(self) -> JsonObject:
        self.files[self.root] = self.document
        whole = {key: self.copied(value, self.root, key) for key, value in self.document.items()}
        components = dict(whole.get("components") or {})
        for kind, more in self.added.items():
            components[kind] = {**components.get(kind, {}), **more}
        return {**whole, "components": components}

    def copied(self, node: Json, file: Path, holder: str) -> Json:
        """What stands in `file`, with its references as they are in the bundle; `holder`: property that has it."""
        if isinstance(node, list):
            return [self.copied(item, file, holder) for item in node]
        if not isinstance(node, dict):
            return node
        reference = node.get("$ref")
        if isinstance(reference, str):
            if holder == "paths":
                return self.path_item(reference, file)
            return {**node, "$ref": self.brought(reference, file, holder)}
        if holder == "discriminator" and isinstance(node.get("mapping"), dict):
            mapping = {value: self.brought(to, file, "") if "#/" in to else to for value, to in node["mapping"].items()}
            return {**node, "mapping": mapping}
        return {
            key: self.copied(value, file, holder if holder in _KINDS or holder == "paths" else key)
            if isinstance(value, dict) and "$ref" in value
            else self.copied(value, file, key)
            for key, value in node.items()
        }

    def path_item(self, reference: str, file: Path) -> Json:
        """A path with its operations, which are looked up where they stand."""
        there, pointer = self.place(reference, file)
        return self.copied(self.at(there, pointer, reference), there, "")

    def brought(self, reference: str, file: Path, holder: str) -> str:
        """The reference as it is in the bundle, which has what it leads to."""
        there, pointer = self.place(reference, file)
        node = self.at(there, pointer, reference)
        if there == self.root:
            return f"#{pointer}"
        if (there, pointer) not in self.names:
            kind, name = _component(there, pointer, holder)
            name = next(self.free(kind, name))
            self.names[there, pointer] = f"#/components/{kind}/{escaped(name)}"
            self.added.setdefault(kind, {})[name] = None  # taken, also while its own references are followed
            self.added[kind][name] = self.copied(node, there, kind)
        return self.names[there, pointer]

    def place(self, reference: str, file: Path) -> tuple[Path, str]:
        """The file and the pointer in it."""
        parts = urlsplit(reference)
        if parts.scheme or parts.netloc:
            raise BundlingError(reference, "only local files are read; bundle the document into one")
        return (file.parent / unquote(parts.path)).resolve() if parts.path else file, unquote(parts.fragment)

    def at(self, file: Path, pointer: str, reference: str) -> Json:
        """What stands there."""
        if file not in self.files:
            if not file.is_file():
                raise BundlingError(reference, "no such file; add it, or bundle the document into one")
            self.files[file] = self.read(file)
        node = self.files[file]
        for part in pointer.split("/")[1:]:
            key = part.replace("~1", "/").replace("~0", "~")
            if not isinstance(node, Mapping) or key not in node:
                raise BundlingError(reference, "leads nowhere; add what it names")
            node = node[key]
        return node

    def free(self, kind: str, name: str) -> Iterator[str]:
        """Names that nothing has yet, the one that is wanted first."""
        own = (self.document.get("components") or {}).get(kind) or {}
        taken = {*own, *self.added.get(kind, {})}
        number = 1
        while True:
            wanted = name if number == 1 else f"{name}_{number}"
            if wanted not in taken:
                yield wanted
            number += 1


def _component(file: Path, pointer: str, holder: str) -> tuple[str, str]:
    """Kind and name of a component: as its file has them, else as it is used and as its file is called."""
    *above, name = pointer.replace("~1", "/").replace("~0", "~").split("/")
    kind = above[-1] if above and above[-1] in _COMPONENTS else _KINDS.get(holder, "schemas")
    return kind, name or file.stem
