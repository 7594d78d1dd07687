"""What operations, APIs and their answers are called in a release."""

import re
from collections.abc import Mapping
from functools import cache

from pytest_nac_qod import contracts
from pytest_nac_qod.catalogue.drafts import folder_of
from pytest_nac_qod.foundation.jsontypes import JsonObject

_SCENARIO = re.compile(r"([a-z_]+)_([A-Za-z0-9]+)_(?=[C0-9])")  # API and operation, at the start of an id


def is_scenario(known: str) -> bool:
    """Whether a text reads as the id of a published scenario."""
    return _SCENARIO.match(known) is not None


@cache
def scenario_name(release: str, known: str) -> str:
    """The id of a scenario in `release`, where its API or its operation has another name there.

    Args:
        release: in which it is looked for.
        known: its id in any release; what is none stays as it is.
    """
    match = _SCENARIO.match(known)
    if match is None:
        return known
    names = family_names(release)
    api = match[1].replace("_", "-")
    return f"{names.get(api, api).replace('-', '_')}_{names.get(match[2], match[2])}_{known[match.end() :]}"


@cache
def family_names(release: str) -> Mapping[str, str]:
    """What operations and APIs are called in `release`, by the names that they have in any release or in this suite."""
    own = {api: contracts.operation_names(release, api) for api in contracts.apis(release)}
    names: dict[str, str] = {}
    for other in contracts.releases():
        for api, operations in own.items():
            former = contracts.former_name(other, release, api)
            if former is None:
                continue
            names |= {former: api, **({"provisioning": api} if api.endswith("provisioning") else {})}
            its = contracts.operation_names(other, former)
            names |= {its[family]: name for family, name in operations.items() if family in its}
    return names | {family: name for of_api in own.values() for family, name in of_api.items()}


def as_documented(release: str, api: str, columns: JsonObject) -> JsonObject:
    """The columns of a rule, with the status of success that a draft documents where it has another one."""
    if folder_of(release) is None or api not in contracts.apis(release):
        return columns
    operation = contracts.contract(release, api).operations.get(columns["operation"])
    known = [str(status) for status in operation.success] if operation else []
    fine = [text for text in columns["accepted"] if text < "4" and text not in known]
    if not fine or not known:
        return columns
    return {
        **columns,
        "accepted": list(dict.fromkeys(known[0] if text in fine else text for text in columns["accepted"])),
    }
