"""From bytes to a request that the rest can rely on."""

from collections.abc import Callable

from pytest_nac_qod.contracts import Contract, SchemaError
from pytest_nac_qod.foundation.jsontypes import Json, JsonObject
from pytest_nac_qod.foundation.values import is_uuid
from pytest_nac_qod.reference import flows
from pytest_nac_qod.reference.refusals import Refusal
from pytest_nac_qod.reference.rules import Rules
from pytest_nac_qod.wire.exchange import NotJsonError, parse_json

CORRELATOR = "#/components/parameters/x-correlator/schema"
PROFILE_NAME = "#/components/schemas/QosProfileName"
_UTF8 = ("", "utf-8", "utf8", "us-ascii")


def correlator(value: str | None, contract: Contract, rules: Rules) -> str | None:
    """The x-correlator to echo; None when there is none that may be.

    Raises:
        Refusal: 400 when it breaks its pattern, and the release refuses that.
    """
    if not value or not contract.validate(value, CORRELATOR, direction="request"):
        return value or None
    if rules.malformed_correlator == "refused":
        raise Refusal(400, "INVALID_ARGUMENT", "x-correlator has characters that it may not have, or too many.")
    return None


def session_id(text: str) -> str:
    """The id of a session or an assignment in its canonical form.

    Raises:
        Refusal: 400 when it is no UUID.
    """
    if not is_uuid(text):
        raise Refusal(400, "INVALID_ARGUMENT", "The id in the path is no UUID.")
    return text.lower()


def profile_name(text: str, contract: Contract) -> str:
    """The name of a profile.

    Raises:
        Refusal: 400 when no profile can have it.
    """
    if errors := contract.validate(text, PROFILE_NAME, direction="request"):
        raise Refusal(400, "INVALID_ARGUMENT", f"The name in the path has to be {errors[0].expected}.")
    return text


def body(raw: bytes, content_type: str | None) -> Json:
    """The JSON value of a body.

    Raises:
        Refusal: 400 when there is none, or it is not one JSON text in UTF-8.
    """
    media, _, parameters = (content_type or "").partition(";")
    charset = parameters.partition("charset=")[2].strip().strip('"').lower()
    if not raw:
        raise Refusal(400, "INVALID_ARGUMENT", "The body is missing.")
    if media.strip().lower() != "application/json" or charset not in _UTF8:
        raise Refusal(400, "INVALID_ARGUMENT", "The body has to be application/json in UTF-8.")
    try:
        return parse_json(raw.decode("utf-8"))
    except (UnicodeDecodeError, NotJsonError):
        raise Refusal(400, "INVALID_ARGUMENT", "The body is not one JSON text in UTF-8.") from None


def credential_kind(content: Json, rules: Rules) -> None:
    """Return when the sink credential, if any, is of a kind that can be used.

    Raises:
        Refusal: 400 INVALID_CREDENTIAL for the kinds that the schema knows but nobody may use.
    """
    credential = content.get("sinkCredential") if isinstance(content, dict) else None
    if isinstance(credential, dict) and credential.get("credentialType") in rules.unusable_credentials:
        raise Refusal(400, "INVALID_CREDENTIAL")


def schema(content: Json, contract: Contract, operation: str, tolerated: Callable[[SchemaError], bool]) -> None:
    """Return when the body follows its schema, but for what is tolerated.

    Raises:
        Refusal: 400 with the code that fits what is wrong best.
    """
    pointer = contract.request_pointer(operation)
    if pointer is None:
        return
    errors = [error for error in contract.validate(content, pointer, direction="request") if not tolerated(error)]
    if errors:
        codes = {code_for(error) for error in errors}
        code = codes.pop() if len(codes) == 1 else "INVALID_ARGUMENT"
        raise Refusal(400, code, f"{errors[0].path} has to be {errors[0].expected}.")


def code_for(error: SchemaError) -> str:
    """The code for one broken constraint."""
    keyword = error.clause.rpartition("/")[2]
    if error.path == "$.sink" and keyword == "pattern":
        return "INVALID_SINK"
    if error.path == "$.sinkCredential.accessTokenType" and keyword == "enum":
        return "INVALID_TOKEN"
    if error.clause.startswith("#/components/schemas/Port/") and keyword in ("minimum", "maximum"):
        return "OUT_OF_RANGE"
    return "INVALID_ARGUMENT"


def semantics(content: JsonObject, rules: Rules) -> None:
    """Return when the body makes sense beyond its schema: addresses, ranges of ports, the device.

    Raises:
        Refusal: 400.
    """
    flows.sound_device(content.get("device"))
    if "applicationServer" in content:
        flows.sound_server(content["applicationServer"], rules)
    flows.sound_ports(content.get("devicePorts"))
    flows.sound_ports(content.get("applicationServerPorts"))
