"""Defects of answers: headers, error objects, codes, and requests that should have been refused."""

from collections.abc import Callable, Mapping
from typing import Any

from pytest_nac_qod.contracts import SchemaError
from pytest_nac_qod.foundation.jsontypes import Json, JsonObject
from pytest_nac_qod.reference.refusals import Refusal

Override = Callable[[Any], Callable[..., Any]]


def changed(**values: Json) -> Override:
    """The decision's object with these values; None takes a name away."""

    def override(right: Callable[..., JsonObject]) -> Callable[..., JsonObject]:
        def wrong(*arguments: object) -> JsonObject:
            content = {**right(*arguments), **values}
            return {name: value for name, value in content.items() if value is not None}

        return wrong

    return override


def returning(value: Json) -> Override:
    """A decision that is always this."""
    return lambda _: lambda *_: value


def without_dashes(*, sessions: bool) -> Override:
    """Ids of sessions, or of assignments, that are no UUIDs."""

    def override(right: Callable[[str], str]) -> Callable[[str], str]:
        def wrong(api: str) -> str:
            identifier = right(api)
            return identifier.replace("-", "") if (api == "quality-on-demand") is sessions else identifier

        return wrong

    return override


def answering(
    status: int, code: str, *, instead_status: int = 0, instead_code: str = "", operation: str = ""
) -> Override:
    """Another status or code in place of one, everywhere or for one operation."""

    def override(right: Callable[[Refusal, str], Refusal]) -> Callable[[Refusal, str], Refusal]:
        def wrong(refusal: Refusal, called: str) -> Refusal:
            decided = right(refusal, called)
            if (decided.status, decided.code) == (status, code) and operation in ("", called):
                decided.status = instead_status or status
                decided.code = instead_code or code
            return decided

        return wrong

    return override


def tolerating(path: str, keyword: str = "") -> Override:
    """Let pass what breaks a constraint at this path, `$.` and all below it when it ends in a dot."""

    def override(right: Callable[[SchemaError], bool]) -> Callable[[SchemaError], bool]:
        def wrong(error: SchemaError) -> bool:
            here = error.path == path or (path.endswith(".") and error.path.startswith(path))
            return right(error) or (here and error.clause.endswith(keyword))

        return wrong

    return override


def on_success(operation: str, change: Callable[[int, Json], tuple[int, Json]]) -> Override:
    """Another answer of one operation when all went well."""

    def override(right: Callable[[int, Json, str], tuple[int, Json]]) -> Callable[[int, Json, str], tuple[int, Json]]:
        def wrong(status: int, body: Json, called: str) -> tuple[int, Json]:
            answer = right(status, body, called)
            return change(*answer) if called == operation else answer

        return wrong

    return override


def _only(statuses: Callable[[int], bool], value: Json) -> Override:
    """The right decision but for answers with such a status, where it is this."""

    def override(right: Callable[..., Json]) -> Callable[..., Json]:
        def wrong(*arguments: Any) -> Json:  # noqa: ANN401 - whatever the decision takes; the status comes last
            return value(*arguments) if statuses(arguments[-1]) else right(*arguments)

        return wrong

    return override


def _crash_on_malformed_id(right: Callable[[str], str]) -> Callable[[str], str]:
    def wrong(text: str) -> str:
        try:
            return right(text)
        except Refusal as refusal:
            raise Refusal(500, refusal.code) from None

    return wrong


OVERRIDES: Mapping[str, tuple[str, Override]] = {
    "correlator_dropped_on_errors": ("echoed", _only(lambda status: status >= 400, lambda *_: None)),
    "correlator_dropped_on_success": ("echoed", _only(lambda status: status < 400, lambda *_: None)),
    "correlator_replaced_on_unauthenticated": ("echoed", _only(lambda status: status == 401, lambda *_: "gateway-1")),
    "errors_as_plain_text": ("media_type", _only(lambda status: status >= 400, lambda *_: "text/plain")),
    "success_as_problem_json": ("media_type", _only(lambda status: status < 400, lambda *_: "application/hal+json")),
    "error_without_status": ("error_view", changed(status=None)),
    "error_without_message": ("error_view", changed(message=None)),
    "error_message_blank": ("error_view", changed(message=" ")),
    "error_status_as_text": (
        "error_view",
        lambda right: lambda refusal: {**right(refusal), "status": str(refusal.status)},
    ),
    "error_nested": ("error_view", lambda right: lambda refusal: {"error": right(refusal)}),
    "code_lowercase_for_unauthenticated": (
        "refused",
        answering(401, "UNAUTHENTICATED", instead_code="unauthenticated"),
    ),
    "unauthenticated_as_forbidden": ("refused", answering(401, "UNAUTHENTICATED", instead_status=403)),
    "conflict_as_bad_request": ("refused", answering(409, "CONFLICT", instead_status=400)),
    "unknown_device_as_not_found": ("refused", answering(404, "IDENTIFIER_NOT_FOUND", instead_code="NOT_FOUND")),
    "unknown_session_is_410": ("refused", answering(404, "NOT_FOUND", instead_status=410, operation="getSession")),
    "bad_extension_is_500": (
        "refused",
        answering(400, "INVALID_ARGUMENT", instead_status=500, operation="extendQosSessionDuration"),
    ),
    "delete_answers_200_with_body": ("succeeded", on_success("deleteSession", lambda *_: (200, {}))),
    "create_answers_200": ("succeeded", on_success("createSession", lambda _, body: (200, body))),
    "extend_answers_202": ("succeeded", on_success("extendQosSessionDuration", lambda _, body: (202, body))),
    "empty_list_as_404": (
        "succeeded",
        on_success(
            "retrieveSessionsByDevice",
            lambda status, body: (
                (status, body) if body else (404, {"status": 404, "code": "NOT_FOUND", "message": "None."})
            ),
        ),
    ),
    "list_wrapped_in_object": (
        "succeeded",
        on_success("retrieveSessionsByDevice", lambda status, body: (status, {"sessions": body})),
    ),
    "phone_number_pattern_unchecked": ("tolerated", tolerating("$.device.phoneNumber")),
    "empty_device_port_set_accepted": ("tolerated", tolerating("$.devicePorts", "minProperties")),
    "empty_server_port_set_accepted": ("tolerated", tolerating("$.applicationServerPorts", "minProperties")),
    "device_port_maximum_unchecked": ("tolerated", tolerating("$.devicePorts.ports[0]", "maximum")),
    "device_range_start_unchecked": ("tolerated", tolerating("$.devicePorts.ranges[0].from", "minimum")),
    "device_range_end_unchecked": ("tolerated", tolerating("$.devicePorts.ranges[0].to", "maximum")),
    "server_port_minimum_unchecked": ("tolerated", tolerating("$.applicationServerPorts.ports[0]", "minimum")),
    "server_range_start_unchecked": ("tolerated", tolerating("$.applicationServerPorts.ranges[0].from", "minimum")),
    "server_range_end_unchecked": ("tolerated", tolerating("$.applicationServerPorts.ranges[0].to", "maximum")),
    "public_port_unchecked": ("tolerated", tolerating("$.device.ipv4Address.publicPort", "maximum")),
    "access_token_type_unchecked": ("tolerated", tolerating("$.sinkCredential.accessTokenType")),
    "credential_kind_unchecked": ("credential_kind", returning(None)),
    "missing_body_is_empty_object": (
        "body",
        lambda right: lambda raw, media: right(raw or b"{}", media or "application/json"),
    ),
    "malformed_session_id_is_500": ("session_id", _crash_on_malformed_id),
}
