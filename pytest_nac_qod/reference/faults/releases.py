"""Defects of what releases ask for differently: devices and tokens, credentials, correlators, unknown properties."""

from collections.abc import Callable, Mapping
from typing import Any

from pytest_nac_qod.contracts import SchemaError
from pytest_nac_qod.foundation.jsontypes import JsonObject
from pytest_nac_qod.reference.faults.answers import answering, returning, tolerating
from pytest_nac_qod.reference.refusals import Refusal
from pytest_nac_qod.reference.world import Grant, KnownDevice, World

Override = Callable[[Any], Callable[..., Any]]
Identified = Callable[[World, Grant, JsonObject | None], KnownDevice]
Tolerated = Callable[[SchemaError], bool]
_LIST = "$.applicationServer.ipAddresses"


def _first_identifier_counts(right: Identified) -> Identified:
    """Take the first identifier alone, so that no other is compared with it."""

    def wrong(world: World, grant: Grant, given: JsonObject | None) -> KnownDevice:
        try:
            return right(world, grant, given)
        except Refusal as refusal:
            if refusal.code != "IDENTIFIER_MISMATCH" or given is None:
                raise
            name = next(iter(given))
            return right(world, grant, {name: given[name]})

    return wrong


def _device_of_token_alone(right: Identified) -> Identified:
    """Leave a device that contradicts the token unread."""

    def wrong(world: World, grant: Grant, given: JsonObject | None) -> KnownDevice:
        try:
            return right(world, grant, given)
        except Refusal as refusal:
            if refusal.code != "INVALID_TOKEN_CONTEXT":
                raise
            return right(world, grant, None)

    return wrong


def _addresses(keyword: str) -> Override:
    """Let pass what a list of addresses must not be."""

    def override(right: Tolerated) -> Tolerated:
        return lambda error: right(error) or (error.path.startswith(_LIST) and error.clause.endswith(keyword))

    return override


OVERRIDES: Mapping[str, tuple[str, Override]] = {
    "identifiers_of_different_devices_accepted": ("identified", _first_identifier_counts),
    "device_of_another_token_accepted": ("identified", _device_of_token_alone),
    "token_context_as_permission": (
        "refused",
        answering(403, "INVALID_TOKEN_CONTEXT", instead_code="PERMISSION_DENIED"),
    ),
    "identifier_mismatch_as_400": ("refused", answering(422, "IDENTIFIER_MISMATCH", instead_status=400)),
    "unusable_credential_of_another_code": (
        "refused",
        answering(400, "INVALID_CREDENTIAL", instead_code="INVALID_SINK_CREDENTIAL"),
    ),
    "malformed_correlator_accepted": ("correlator", returning(None)),
    "key_that_was_never_shared_accepted": ("usable_credential", returning(None)),
    "key_that_was_never_shared_as_400": (
        "refused",
        answering(422, "PRIVATE_KEY_JWT_NOT_CONFIGURED", instead_status=400),
    ),
    "used_up_quota_ignored": ("within_quota", returning(None)),
    "rate_limit_as_forbidden": ("refused", answering(429, "TOO_MANY_REQUESTS", instead_status=403)),
    "addresses_of_both_kinds_accepted": ("tolerated", tolerating("$.applicationServer", "/oneOf")),
    "empty_list_of_addresses_accepted": ("tolerated", _addresses("minItems")),
    "seventeen_addresses_accepted": ("tolerated", _addresses("maxItems")),
    "repeated_addresses_accepted": ("tolerated", _addresses("uniqueItems")),
    "unsupported_credential_kind_accepted": ("tolerated", tolerating("$.sinkCredential.credentialType")),
}
