"""What the strategies read from the contract of a release."""

from typing import Any

from pytest_nac_qod.contracts import apis, contract

SESSIONS = "quality-on-demand"
PROFILES = "qos-profiles"


def provisioning(release: str) -> str:
    """The provisioning API of the release, which was renamed once."""
    return next(api for api in apis(release) if api.endswith("provisioning"))


def schema(release: str, name: str, api: str = SESSIONS) -> Any:  # noqa: ANN401 - a schema
    """A schema of the release by name, references followed."""
    return contract(release, api).resolved(f"#/components/schemas/{name}")[1]


def has_schema(release: str, name: str, api: str = SESSIONS) -> bool:
    """Whether the release has a schema of that name."""
    return name in contract(release, api).document["components"]["schemas"]
