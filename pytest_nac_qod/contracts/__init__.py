"""Contracts: the OpenAPI documents of the family, and their judgement."""

from dataclasses import replace
from functools import cache

from pytest_nac_qod.contracts.assemble import assemble
from pytest_nac_qod.contracts.comparison.reporting import diff_report, prose_report, show
from pytest_nac_qod.contracts.contract import Contract, SchemaError
from pytest_nac_qod.contracts.facts import apis, followed, former_name, operation_names, releases
from pytest_nac_qod.contracts.loading import document, load
from pytest_nac_qod.contracts.mending import mended
from pytest_nac_qod.contracts.operations import Operation
from pytest_nac_qod.contracts.stating import ContractError
from pytest_nac_qod.foundation.jsontypes import JsonObject
from pytest_nac_qod.foundation.releases import CURRENT

RELEASES = releases()


@cache
def contract(release: str, api: str) -> Contract:
    """The contract of `api` in `release`, as answers are judged by; raises ContractError when there is none."""
    return Contract(mended(document(release, api)), api)


def contract_of(document: JsonObject, release: str, api: str) -> Contract:
    """The contract that a document of somebody's own is of `api` in `release`, as answers are judged by."""
    own = Contract(document, api, contract(release, api))
    schemas = "#/components/schemas/"
    return replace(own, document=mended(document, lambda name: own.place(schemas + name).removeprefix(schemas)))


__all__ = [
    "CURRENT",
    "RELEASES",
    "Contract",
    "ContractError",
    "Operation",
    "SchemaError",
    "apis",
    "assemble",
    "contract",
    "contract_of",
    "diff_report",
    "document",
    "followed",
    "former_name",
    "load",
    "mended",
    "operation_names",
    "prose_report",
    "releases",
    "show",
]
