"""What `nac-qod contract` prints."""

import yaml

from pytest_nac_qod.contracts.comparison.diff import diff
from pytest_nac_qod.contracts.comparison.requirements import requirements
from pytest_nac_qod.contracts.loading import MISLEADING, document, load, misled
from pytest_nac_qod.foundation.jsontypes import Json, JsonObject


class _Plain(yaml.SafeDumper):
    """Writes shared parts out instead of as anchors."""

    def ignore_aliases(self, data: Json) -> bool:  # noqa: ARG002 - the base's signature
        return True


def show(release: str, api: str) -> str:
    """The document of `api` in `release` as YAML; raises ContractError when there is none."""
    return yaml.dump(document(release, api), Dumper=_Plain, sort_keys=False, width=120, allow_unicode=True)


def diff_report(a: str, b: str) -> tuple[str, int]:
    """The comparison of two documents by reference: text, and exit status 1 when they differ.

    Raises:
        ContractError: one of them cannot be had.
    """
    differences = diff(_comparable(a), _comparable(b))
    if not differences:
        return f"{a} and {b} require the same", 0
    count = "1 difference" if len(differences) == 1 else f"{len(differences)} differences"
    return "\n".join([f"{count}: - {a}, + {b}", *map(str, differences)]), 1


def _comparable(reference: str) -> JsonObject:
    loaded = load(reference)
    try:
        requirements(loaded)
    except MISLEADING:
        raise misled(reference) from None
    return loaded
