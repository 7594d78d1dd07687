"""Matches the operations of a document with those of a release, by method and path, never by name."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from pytest_nac_qod.contracts.operations import Operation

PARAMETER = re.compile(r"\{[^{}/]*\}")


@dataclass(frozen=True, slots=True)
class Alignment:
    """The operations of a document beside those of a release.

    Attributes:
        operations: of the document, by the operationId of the release, and with the release's path.
        missing: of the release, which the document does not have.
        extra: of the document, which the release does not have; without what stands before the paths of the release.
    """

    operations: Mapping[str, Operation]
    missing: tuple[Operation, ...]
    extra: tuple[Operation, ...]


def align(document: Iterable[Operation], release: Iterable[Operation]) -> Alignment:
    """Find the operations of a release in a document.

    Names of operations and of path parameters may differ. So may what stands before the paths, as long as it is the
    same before all of them: a document may have the base path of the API in its servers or in its paths.
    """
    own, wanted = tuple(document), tuple(release)
    by_shape = {(operation.method, shape(operation.own_path)): operation for operation in own}
    prefix = max(_prefixes(by_shape, wanted), key=lambda prefix: len(_matches(by_shape, wanted, prefix)))
    matches = _matches(by_shape, wanted, prefix)
    aligned = {
        operation.id: replace(matches[operation.id], id=operation.id, family=operation.family, path=operation.path)
        for operation in wanted
        if operation.id in matches
    }
    used = {operation.pointer for operation in aligned.values()}
    return Alignment(
        operations=aligned,
        missing=tuple(operation for operation in wanted if operation.id not in aligned),
        extra=tuple(
            replace(operation, path=operation.own_path.removeprefix(prefix))
            for operation in own
            if operation.pointer not in used
        ),
    )


def shape(path: str) -> str:
    """A path template without the names of its parameters."""
    return PARAMETER.sub("{}", path)


def _prefixes(own: Iterable[tuple[str, str]], wanted: Iterable[Operation]) -> list[str]:
    """What may stand before the paths of the release; nothing comes first."""
    ends = {shape(operation.path) for operation in wanted}
    return ["", *sorted({path.removesuffix(end) for _, path in own for end in ends if path.endswith(end)} - {""})]


def _matches(
    own: Mapping[tuple[str, str], Operation], wanted: Iterable[Operation], prefix: str
) -> dict[str, Operation]:
    keys = {operation.id: (operation.method, prefix + shape(operation.path)) for operation in wanted}
    return {name: own[key] for name, key in keys.items() if key in own}
