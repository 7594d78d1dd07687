"""Rules that one exchange shows by itself."""

from collections.abc import Iterator

from pytest_nac_qod.checks import answer as checks
from pytest_nac_qod.checks.requests import undeclared
from pytest_nac_qod.contracts import SchemaError
from pytest_nac_qod.foundation.jsontypes import JsonObject
from pytest_nac_qod.traffic.seen import MASKED, ApiCall
from pytest_nac_qod.traffic.tally import Tally
from pytest_nac_qod.verdicts import Violation

_OF_ANY_API = frozenset({404, 405, 406, 408, 411, 412, 413, 414, 415, 417, 421, 425, 426, 428, 429, 431, 451})
_ON_THE_WAY = frozenset({407, 502, 503, 504})  # what a machine in between answers
_USABLE = ("ACCESSTOKEN", "PRIVATE_KEY_JWT")  # kinds of sink credentials
_REDACTED = "<redacted:"
_KEYS = ("key", "cookie", "token", "secret", "signature")  # in names of headers that may stand for a token


def look(call: ApiCall, tally: Tally, *, authorised: bool) -> None:
    """Judge an exchange by itself.

    Args:
        call: the exchange.
        tally: gets what is found.
        authorised: whether other requests of the same recording carry a token.
    """
    if call.status in _ON_THE_WAY:
        _code_of_another_status(call, tally)
    if not call.status or call.status in _ON_THE_WAY or call.status < 200 or 300 <= call.status < 400:
        return
    _status(call, tally)
    if call.seen.told and call.seen.headed:
        tally.look("nac_seen_answer_follows_schema", call, call.contract, _body(call))
    if call.seen.headed:
        _headers(call, tally)
        _challenge(call, tally)
    if call.seen.headed and authorised:
        _token(call, tally)
    if call.seen.asked:
        _request(call, tally)


def _status(call: ApiCall, tally: Tally) -> None:
    operation = call.operation
    wrong = Violation(
        clause=f"{call.contract.api}{operation.pointer}/responses",
        expected=" or ".join(map(str, operation.success)),
        actual=checks.described(call.exchange) if call.seen.told else str(call.status),
        path="$.code",
    )
    if call.success:
        fits = call.status in operation.success
        tally.look("nac_seen_success_as_documented", call, call.contract, [] if fits else [wrong])
    else:
        fits = call.status in operation.errors or call.status in _OF_ANY_API
        expected = f"an error that is documented: {', '.join(map(str, operation.errors))}"
        wrong = Violation(clause=wrong.clause, expected=expected, actual=wrong.actual, path="$")
        tally.look("nac_seen_error_as_documented", call, call.contract, [] if fits else [wrong])


def _code_of_another_status(call: ApiCall, tally: Tally) -> None:
    """An answer that may be of a machine in between is of the API if it has one of its codes; that has its status."""
    errors = call.operation.errors
    code = checks.outcome_of(checks.answered(call.exchange)).code if call.seen.told else ""
    own = [status for status, codes in errors.items() if code in codes]
    if own and call.status not in own:
        expected = f"{' or '.join(map(str, own))} with the code {code}"
        wrong = Violation(clause="", expected=expected, actual=checks.described(call.exchange), path="$.status")
        tally.look("nac_seen_error_as_documented", call, call.contract, [wrong])


def _body(call: ApiCall) -> Iterator[Violation]:
    """What is wrong with body and media type, each place once, but for what comes back as it was sent."""
    sent = {(error.path, str(error.value)) for error in _errors(call)}
    found = [*checks.media_type(call.exchange, call.contract), *checks.body(call.exchange, call.contract)]
    found = [item for item in found if (item.path, str(item.value)) not in sent]
    yield from {item.path or item.clause: item for item in reversed(found)}.values()


def _headers(call: ApiCall, tally: Tally) -> None:
    sent = call.exchange.request.header(checks.CORRELATOR)
    if not sent or _REDACTED in sent:
        return
    pointer = "#/components/headers/x-correlator/schema"
    malformed = call.contract.validate_as(sent, pointer, direction="request")
    if not malformed:
        tally.look(
            "nac_seen_correlator_comes_back", call, call.contract, checks.correlator(call.exchange, call.contract)
        )
        return
    expected = "400 INVALID_ARGUMENT, since the x-correlator is malformed"
    wrong = [_accepted(call, expected)] if call.success else []
    tally.look("nac_seen_malformed_correlator_refused", call, call.contract, wrong)


def _challenge(call: ApiCall, tally: Tally) -> None:
    response = call.exchange.response
    if call.status == 401 and response is not None:
        wrong = Violation(clause="", expected="WWW-Authenticate in an answer 401", actual="none", path="$")
        told = response.header("www-authenticate")
        tally.look("nac_seen_challenge", call, call.contract, [] if told else [wrong])


def _token(call: ApiCall, tally: Tally) -> None:
    """What a request without a token comes to, where nothing else may stand for one, or with one that will not do."""
    _rights(call, tally)
    names = [name.lower() for name, _ in call.exchange.request.headers]
    if call.token or "authorization" in names or any(word in name for name in names for word in _KEYS):
        return
    wrong = [_accepted(call, "401 UNAUTHENTICATED, since there is no Authorization")] if call.success else []
    tally.look("nac_seen_token_needed", call, call.contract, wrong, sure=False)
    if call.status in (401, 403):
        refused = Violation(clause="", expected="401", actual=checks.described(call.exchange), path="$.code")
        tally.look(
            "nac_seen_refused_for_its_token", call, call.contract, [] if call.status == 401 else [refused], sure=False
        )


def _rights(call: ApiCall, tally: Tally) -> None:
    """What a request comes to whose token says of itself that it has expired, or that it lacks the scope."""
    if call.seen.lapsed:
        wrong = [_accepted(call, "401, since the access token is not valid")] if call.success else []
        tally.look("nac_seen_expired_token_refused", call, call.contract, wrong, sure=False)
    granted = call.seen.scopes
    if granted is not None and call.operation.scopes and not set(call.operation.scopes) & granted:
        wrong = (
            [_accepted(call, f"403, since the access token lacks {call.operation.scopes[0]}")] if call.success else []
        )
        tally.look("nac_seen_scope_needed", call, call.contract, wrong, sure=False)


def _request(call: ApiCall, tally: Tally) -> None:
    """What a request that breaks its schema comes to."""
    pointer = call.contract.request_pointer(call.operation.id)
    if pointer is None:
        return
    if not call.exchange.request.body:
        if call.contract.resolved(f"{call.operation.pointer}/requestBody")[1].get("required"):
            wrong = [_accepted(call, "400 INVALID_ARGUMENT, since there is no body")] if call.success else []
            tally.look("nac_seen_broken_request_refused", call, call.contract, wrong)
        return
    _credential(call, tally)
    errors = _errors(call)
    if errors:
        wrong = [_accepted(call, f"400, since {errors[0].message}")] if call.success else []
        format_only = all(error.clause.endswith("/format") for error in errors)
        tally.look("nac_seen_broken_request_refused", call, call.contract, wrong, sure=not format_only)
        if call.status in (404, 409, 500) and not call.key:
            looked_up = _accepted(call, f"400, since {errors[0].message}")
            tally.look("nac_seen_broken_request_refused", call, call.contract, [looked_up], sure=False)
        return
    unknown = next(undeclared(call.sent, pointer, call.contract), "")
    if unknown:
        wrong = [_accepted(call, f"400 INVALID_ARGUMENT, since {unknown} is not declared")] if call.success else []
        tally.look("nac_seen_undeclared_property_refused", call, call.contract, wrong)


def _errors(call: ApiCall) -> list[SchemaError]:
    """What is wrong with the body of the request."""
    pointer = call.contract.request_pointer(call.operation.id)
    if pointer is None or not call.seen.asked or not call.exchange.request.body:
        return []
    errors = call.contract.validate(call.sent, pointer, direction="request")
    return [error for error in errors if _REDACTED not in str(error.value)]


def _credential(call: ApiCall, tally: Tally) -> None:
    """A sink credential is of a kind that can be used."""
    credential = call.sent.get("sinkCredential")
    kind = credential.get("credentialType") if isinstance(credential, dict) else None
    if isinstance(kind, str) and kind not in _USABLE:
        wrong = [_accepted(call, f"400, since a sink credential cannot be {kind}")] if call.success else []
        tally.look("nac_seen_unusable_credential_refused", call, call.contract, wrong)


def _accepted(call: ApiCall, expected: str) -> Violation:
    return Violation(clause="", expected=expected, actual=checks.described(call.exchange), path="$.code")


def sent_token(sent: JsonObject) -> str:
    """The access token of the sink credential in a request, redacted; empty where it has none, or none is known."""
    credential = sent.get("sinkCredential")
    token = credential.get("accessToken") if isinstance(credential, dict) else None
    return token if isinstance(token, str) and token != MASKED else ""
