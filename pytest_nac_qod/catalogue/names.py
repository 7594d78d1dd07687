"""What operations and APIs are called in a release."""

from collections.abc import Mapping
from functools import cache

from pytest_nac_qod import contracts


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
