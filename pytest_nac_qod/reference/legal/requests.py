"""Requests that are read or refused otherwise."""

import json
from collections.abc import Callable, Mapping

from pytest_nac_qod.contracts import Contract, SchemaError
from pytest_nac_qod.foundation.jsontypes import Json, JsonObject
from pytest_nac_qod.reference import flows
from pytest_nac_qod.reference.decisions import Tolerated
from pytest_nac_qod.reference.faults.answers import answering, returning
from pytest_nac_qod.reference.oauth import Issuer, bearer
from pytest_nac_qod.reference.offers import OfferedProfile
from pytest_nac_qod.reference.overrides import Override
from pytest_nac_qod.reference.refusals import Refusal
from pytest_nac_qod.reference.rules import Rules
from pytest_nac_qod.reference.world import Grant, KnownDevice, World

Body = Callable[[bytes, str | None], Json]
Schema = Callable[[Json, Contract, str, Tolerated], None]
Identified = Callable[[World, Grant, JsonObject | None], KnownDevice]


def _id_not_validated(right: Callable[[str], str]) -> Callable[[str], str]:
    def other(text: str) -> str:
        try:
            return right(text)
        except Refusal:
            return text  # an id that nothing has

    return other


def _empty_without_device(right: Schema) -> Schema:
    """An empty object that creates something lacks the device first of all."""

    def other(answer: Json, contract: Contract, operation: str, tolerated: Tolerated) -> None:
        if answer == {} and contract.operations[operation].method == "POST" and "201" in _answers(contract, operation):
            raise Refusal(422, "MISSING_IDENTIFIER")
        right(answer, contract, operation, tolerated)

    return other


def _answers(contract: Contract, operation: str) -> JsonObject:
    answers: JsonObject = contract.resolved(contract.operations[operation].pointer)[1]["responses"]
    return answers


def _empty_retrieval(right: Callable[[Refusal, str], Refusal]) -> Callable[[Refusal, str], Refusal]:
    """A retrieval that names no device is an invalid argument."""

    def other(refusal: Refusal, operation: str) -> Refusal:
        answer = right(refusal, operation)
        if answer.code == "MISSING_IDENTIFIER" and operation.startswith("retrieve"):
            answer.status, answer.code = 400, "INVALID_ARGUMENT"
        return answer

    return other


def _phone_numbers_only(right: Identified) -> Identified:
    def other(world: World, grant: Grant, given: JsonObject | None) -> KnownDevice:
        if grant.device is not None or given is None:
            return right(world, grant, given)
        if "phoneNumber" not in given:
            raise Refusal(422, "UNSUPPORTED_IDENTIFIER")
        return right(world, grant, given)

    return other


def _authenticated_anew(right: Callable[[Issuer, str | None], Grant]) -> Callable[[Issuer, str | None], Grant]:
    """A token that has expired asks for a new authentication."""

    def other(issuer: Issuer, authorization: str | None) -> Grant:
        try:
            return right(issuer, authorization)
        except Refusal as refusal:
            if issuer.grant(bearer(authorization)) is None:
                raise
            raise Refusal(refusal.status, "AUTHENTICATION_REQUIRED") from None

    return other


def _unsupported_first(right: Schema) -> Schema:
    """A device without phone number is not looked at any further."""

    def other(answer: Json, contract: Contract, operation: str, tolerated: Tolerated) -> None:
        device = answer.get("device") if isinstance(answer, dict) else None
        if isinstance(device, dict) and device and "phoneNumber" not in device:
            raise Refusal(422, "UNSUPPORTED_IDENTIFIER")
        right(answer, contract, operation, tolerated)

    return other


def _other_media_types_as_415(right: Body) -> Body:
    def other(raw: bytes, content_type: str | None) -> Json:
        if raw and (content_type or "").partition(";")[0].strip().lower() != "application/json":
            raise Refusal(415, "UNSUPPORTED_MEDIA_TYPE")
        return right(raw, content_type)

    return other


def _read_generously(right: Body) -> Body:
    """As many parsers read: the last of several values counts, NaN is a number, other charsets are converted."""

    def other(raw: bytes, content_type: str | None) -> Json:
        try:
            return right(raw, content_type)
        except Refusal:
            try:
                answer, _ = json.JSONDecoder().raw_decode(raw.decode(json.detect_encoding(raw)).lstrip())
            except (ValueError, RecursionError):
                raise Refusal(400, "INVALID_ARGUMENT") from None
            return answer

    return other


def _addresses_unchecked(_: Callable[[JsonObject, Rules], None]) -> Callable[[JsonObject, Rules], None]:
    """Of ranges and of addresses of a device nothing is asked beyond the schema."""

    def other(answer: JsonObject, rules: Rules) -> None:
        if "applicationServer" in answer:
            flows.sound_server(answer["applicationServer"], rules)

    return other


def _any_sink(right: Callable[[SchemaError], bool]) -> Callable[[SchemaError], bool]:
    return lambda error: right(error) or (error.path == "$.sink" and error.clause.endswith("format"))


def _network_full(
    right: Callable[[OfferedProfile, KnownDevice | None], bool],
) -> Callable[[OfferedProfile, KnownDevice | None], bool]:
    """Of the profiles that are listed as ACTIVE, some cannot be had for any device."""
    return lambda profile, device: right(profile, device) and not profile.name.startswith("DOWNLINK_L")


def _client_not_entitled(
    right: Callable[[OfferedProfile, KnownDevice | None], bool],
) -> Callable[[OfferedProfile, KnownDevice | None], bool]:
    """Of the profiles that are listed as ACTIVE, some need a contract of their own."""

    def other(profile: OfferedProfile, device: KnownDevice | None) -> bool:
        if profile.name.startswith("DOWNLINK_"):
            raise Refusal(403, "PERMISSION_DENIED")
        return right(profile, device)

    return other


OVERRIDES: Mapping[str, tuple[str, Override]] = {
    "malformed_ids_not_found": ("session_id", _id_not_validated),
    "ports_as_invalid_argument": ("refused", answering(400, "OUT_OF_RANGE", instead_code="INVALID_ARGUMENT")),
    "durations_as_invalid_argument": (
        "refused",
        answering(400, "QUALITY_ON_DEMAND.DURATION_OUT_OF_RANGE", instead_code="INVALID_ARGUMENT"),
    ),
    "durations_as_out_of_range": (
        "refused",
        answering(400, "QUALITY_ON_DEMAND.DURATION_OUT_OF_RANGE", instead_code="OUT_OF_RANGE"),
    ),
    "token_type_as_invalid_argument": ("refused", answering(400, "INVALID_TOKEN", instead_code="INVALID_ARGUMENT")),
    "sink_as_invalid_argument": ("refused", answering(400, "INVALID_SINK", instead_code="INVALID_ARGUMENT")),
    "quota_as_too_many_requests": ("refused", answering(429, "QUOTA_EXCEEDED", instead_code="TOO_MANY_REQUESTS")),
    "rate_limit_as_quota": ("refused", answering(429, "TOO_MANY_REQUESTS", instead_code="QUOTA_EXCEEDED")),
    "expired_token_needs_authentication": ("authenticate", _authenticated_anew),
    "empty_creation_lacks_its_device": ("schema", _empty_without_device),
    "empty_retrieval_is_invalid": ("refused", _empty_retrieval),
    "phone_numbers_only": ("identified", _phone_numbers_only),
    "unsupported_identifiers_first": ("schema", _unsupported_first),
    "other_media_types_as_415": ("body", _other_media_types_as_415),
    "unknown_methods_as_404": (
        "refused",
        answering(405, "METHOD_NOT_ALLOWED", instead_status=404, instead_code="NOT_FOUND"),
    ),
    "unknown_methods_as_501": ("refused", answering(405, "METHOD_NOT_ALLOWED", instead_status=501)),
    "json_read_generously": ("body", _read_generously),
    "addresses_of_devices_unchecked": ("semantics", _addresses_unchecked),
    "unknown_properties_refused": ("strict", returning(True)),  # noqa: FBT003 - the decision's value
    "any_text_is_a_sink": ("tolerated", _any_sink),
    "active_profile_not_for_the_device": ("available", _network_full),
    "active_profile_not_for_the_client": ("available", _client_not_entitled),
}
