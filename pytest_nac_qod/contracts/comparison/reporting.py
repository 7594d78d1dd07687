"""What `nac-qod contract` prints."""

from collections.abc import Iterator

import yaml

from pytest_nac_qod.contracts.comparison.diff import diff
from pytest_nac_qod.contracts.comparison.grouping import changes, counted, lines, summary
from pytest_nac_qod.contracts.comparison.prose import changed_prose
from pytest_nac_qod.contracts.comparison.requirements import requirements
from pytest_nac_qod.contracts.facts import apis, former_name, releases
from pytest_nac_qod.contracts.loading import MISLEADING, document, load, misled
from pytest_nac_qod.contracts.stating import ContractError
from pytest_nac_qod.foundation.jsontypes import Json, JsonObject


class _Plain(yaml.SafeDumper):
    """Writes shared parts out instead of as anchors."""

    def ignore_aliases(self, data: Json) -> bool:  # noqa: ARG002 - the base's signature
        return True


def show(release: str, api: str) -> str:
    """The document of `api` in `release` as YAML; raises ContractError when there is none."""
    return yaml.dump(document(release, api), Dumper=_Plain, sort_keys=False, width=120, allow_unicode=True)


def diff_report(a: str, b: str, *, full: bool = False) -> tuple[str, int]:
    """The comparison of two documents, or of two releases, by reference: text, and exit status 1 when they differ.

    Args:
        a: file, ours as `RELEASE:quality-on-demand`, or a release, which is all its APIs.
        b: as `a`.
        full: each difference by its pointer, wherever it comes from, instead of each change once.

    Raises:
        ContractError: one of them cannot be had.
    """
    differences = [difference for left, right in _pairs(a, b) for difference in diff(left, right)]
    if not differences:
        return f"{a} and {b} require the same", 0
    if full:
        return "\n".join([f"{_count(len(differences), 'difference')}: - {a}, + {b}", *map(str, differences)]), 1
    made = changes(differences)
    heading = f"{_count(len(made), 'change')} from {a} to {b}: {summary(counted(made))}"
    return "\n".join([heading, *lines(made)]), 1


def prose_report(a: str, b: str) -> tuple[str, int]:
    """What two documents say in words, where they differ: text, and exit status 1 when they do.

    Raises:
        ContractError: one of them cannot be had, or is one of ours, which have no words.
    """
    left, right = _worded(a), _worded(b)
    said = changed_prose(left, right)
    if not said:
        return f"{a} and {b} say the same", 0
    heading = f"{_count(len(said), 'description')} changed: - {a}, + {b}"
    return "\n".join([heading, *(line for item in said for line in item.lines())]), 1


def _pairs(a: str, b: str) -> Iterator[tuple[JsonObject, JsonObject]]:
    both = (a, b)
    if not all(reference in releases() for reference in both):
        yield _comparable(a), _comparable(b)
        return
    for api in apis(b):
        before = former_name(a, b, api)
        yield (_comparable(f"{a}:{before}") if before else _NOTHING), _comparable(f"{b}:{api}")
    for gone in apis(a):
        if gone not in [former_name(a, b, api) for api in apis(b)]:
            yield _comparable(f"{a}:{gone}"), _NOTHING


_NOTHING: JsonObject = {"paths": {}}


def _worded(reference: str) -> JsonObject:
    if reference.partition(":")[0] in releases():
        raise ContractError(f"{reference}: has no descriptions, as no contract of ours has; give the published file")
    return load(reference)


def _comparable(reference: str) -> JsonObject:
    loaded = load(reference)
    try:
        requirements(loaded)
    except MISLEADING:
        raise misled(reference) from None
    return loaded


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"
