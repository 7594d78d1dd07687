"""What is wrong with a target file: every problem as one line, with its key and what to do."""

import difflib
import ipaddress
import json
import math
import re
import string
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from importlib.resources import files
from typing import Any

from jsonschema import Draft202012Validator
from jsonschema.exceptions import ValidationError

from pytest_nac_qod import contracts
from pytest_nac_qod.catalogue.names import family_names
from pytest_nac_qod.contracts.validation.wording import expectation
from pytest_nac_qod.foundation.jsontypes import Json, JsonObject
from pytest_nac_qod.target import NO_USERINFO, assertions, hooks
from pytest_nac_qod.wire import field_values
from pytest_nac_qod.wire.secret_forms import without_userinfo

_KINDS = {
    "array": "a list",
    "boolean": "true or false",
    "integer": "a whole number",
    "number": "a number",
    "object": "a table",
    "string": "a text",
}
_HINTS = {
    "^https?://[^/].*": "an address with http:// or https://",
    "^https://.+": "an address with https://",
}
_TOKEN_KINDS = "value, env, or token_url with client_id and client_secret"  # noqa: S105 - names of keys
_OF_ASSERTIONS = ("private_key", "key_id", "algorithm", "audience", "assertion_lifetime")
_OF_ENDPOINTS = ("auth_method", *_OF_ASSERTIONS)


_VARIABLE = re.compile(r"[A-Za-z_]\w{0,63}", re.ASCII)


@cache
def schema() -> JsonObject:
    """The JSON Schema (2020-12) of the target file; editors can use it too."""
    text = files(__package__).joinpath("schema.json").read_text(encoding="utf-8")
    parsed: JsonObject = json.loads(text)
    return parsed


def problems(content: JsonObject, environ: Mapping[str, str], release: str) -> list[str]:
    """Each problem of a parsed target file as `key: what is wrong; what to do`, in the order of the file's schema."""
    shape = [*_numbers(content), *_shape(content)]
    if shape:  # what follows relies on the shape
        return [*shape, *_environment(content, environ)]
    return [
        *_release(content, release),
        *_environment(content, environ),
        *_tokens(content["tokens"], environ),
        *field_values.of_target(content, environ),
        *_devices(content["devices"], release),
        *_pool(content["devices"]),
        *_identifiers(content),
        *_profiles(content["profiles"]),
        *_hooks(content.get("hooks", {})),
        *_operations(content.get("unsupported", {}).get("operations", {}), release),
    ]


def _numbers(value: Json, key: str = "") -> Iterator[str]:
    """Numbers that TOML has and nobody can count with."""
    if isinstance(value, dict):
        for name, item in value.items():
            yield from _numbers(item, _joined(key, name))
    elif isinstance(value, float) and math.isnan(value):
        yield f"{key}: nan is no number; give one"


def _shape(content: JsonObject) -> Iterator[str]:
    validator = Draft202012Validator(schema())
    for error in sorted(
        validator.iter_errors(content), key=lambda failure: [str(step) for step in failure.absolute_path]
    ):
        yield from _worded(error)


def _worded(error: ValidationError) -> Iterator[str]:
    key = ".".join(str(step) for step in error.absolute_path)
    instance: Any = error.instance
    value: Any = error.validator_value
    if error.validator == "additionalProperties":
        known = list(error.schema.get("properties", {}))  # type: ignore[union-attr] # additionalProperties is in an object
        for name in sorted(set(instance) - set(known)):
            yield f"{_joined(key, name)}: unknown key; {_meant(name, known)}"
    elif error.validator == "required":
        for name in value:
            if name not in instance and repr(name) in error.message:
                yield f"{_joined(key, name)}: missing; add it"
    else:
        secret = key.split(".")[0] in ("tokens", "headers")
        got = f"a {type(instance).__name__}" if secret else without_userinfo(json.dumps(instance, default=str))
        yield f"{key or 'the file'}: expected {_expected(error)}, got {got}"


def _expected(error: ValidationError) -> str:
    value: Any = error.validator_value
    if error.validator == "type":
        return " or ".join(_KINDS.get(kind, str(kind)) for kind in ([value] if isinstance(value, str) else value))
    if error.validator == "pattern":
        return _HINTS.get(value, expectation("pattern", value))
    if error.validator == "anyOf":
        return "an address, or a list of words" if "hooks" in error.absolute_path else 'a text, or { env = "VARIABLE" }'
    if error.validator == "exclusiveMinimum":
        return f"a number of seconds greater than {value}"
    if error.validator in ("minItems", "minProperties", "minLength"):
        return "at least one entry"
    return expectation(str(error.validator), value)


def _meant(name: str, known: Iterable[str]) -> str:
    known = list(known)
    near = difflib.get_close_matches(name, known, n=1)
    return f'did you mean "{near[0]}"?' if near else f"known here: {', '.join(known)}"


def _joined(key: str, name: str) -> str:
    return f"{key}.{name}" if key else name


def _release(content: JsonObject, release: str) -> Iterator[str]:
    if release not in contracts.releases():
        yield f"release: unknown release {release!r}; known: {', '.join(contracts.releases())}"
        return
    for api, url in content["apis"].items():
        if api not in contracts.apis(release):
            yield f"apis.{api}: no API of {release}; {_meant(api, contracts.apis(release))}"
        elif without_userinfo(url) != url:
            yield f"apis.{api}: {NO_USERINFO}"


def _environment(content: JsonObject, environ: Mapping[str, str]) -> Iterator[str]:
    for section in ("tokens", "headers"):
        entries = content.get(section)
        for name, entry in entries.items() if isinstance(entries, dict) else ():
            for key in ("env", "client_secret_env"):
                variable = entry.get(key) if isinstance(entry, dict) else None
                if not isinstance(variable, str) or environ.get(variable):
                    continue
                if not _VARIABLE.fullmatch(variable):  # perhaps the secret itself, which must not be shown
                    yield f"{section}.{name}.{key}: expected the name of an environment variable"
                else:
                    yield f"{section}.{name}.{key}: environment variable {variable} is not set; export it"


def _tokens(tokens: JsonObject, environ: Mapping[str, str]) -> Iterator[str]:
    for role, entry in tokens.items():
        kinds = [kind for kind in ("value", "env", "token_url") if kind in entry]
        if len(kinds) != 1:
            yield f"tokens.{role}: has {' and '.join(kinds) or 'none of its kinds'}; give one of {_TOKEN_KINDS}"
        elif kinds == ["token_url"]:
            if "client_id" not in entry:
                yield f"tokens.{role}.client_id: missing; token_url needs it"
            for problem in _authentication(entry, environ):
                yield f"tokens.{role}.{problem}"
        else:
            for unused in (key for key in _OF_ENDPOINTS if key in entry):
                yield f"tokens.{role}.{unused}: goes with token_url only; remove it"


def _authentication(entry: JsonObject, environ: Mapping[str, str]) -> Iterator[str]:
    """What is wrong with the way in which a client authenticates at its token endpoint."""
    method = entry.get("auth_method", "client_secret_basic")
    secrets = [key for key in ("client_secret", "client_secret_env") if key in entry]
    if method == "private_key_jwt":
        if "private_key" not in entry:
            yield "private_key: missing; private_key_jwt needs the client's key, as a file in PEM format"
        for secret in secrets:
            yield f"{secret}: private_key_jwt does not use a secret; remove it"
    elif len(secrets) != 1:
        yield "client_secret: give either client_secret or client_secret_env, not both"
    if method not in assertions.SIGNING:
        for key in (key for key in _OF_ASSERTIONS if key in entry):
            fit = "private_key_jwt" if "private_key" in entry else "client_secret_jwt or private_key_jwt"
            yield f"{key}: {method} does not use it; remove it, or set auth_method to {fit}"
        return
    if not assertions.installed():
        yield f"auth_method: {method} needs Authlib; pip install 'pytest-nac-qod[oauth]'"
    if method == "client_secret_jwt":
        yield from _shared(entry, environ)


def _shared(entry: JsonObject, environ: Mapping[str, str]) -> Iterator[str]:
    """What is wrong with a secret that assertions are signed with."""
    if "private_key" in entry:
        yield "private_key: client_secret_jwt does not use it; remove it, or set auth_method to private_key_jwt"
    algorithm = entry.get("algorithm", "HS256")
    secret = entry.get("client_secret") or environ.get(entry.get("client_secret_env", ""), "")
    if algorithm not in assertions.SECRET_BYTES:
        known = ", ".join(assertions.SECRET_BYTES)
        yield f"algorithm: {algorithm} does not go with client_secret_jwt; known: {known}"
    elif secret and len(secret.encode()) < assertions.SECRET_BYTES[algorithm]:
        least = assertions.SECRET_BYTES[algorithm]
        yield f"client_secret: too short for {algorithm}, which needs {least} bytes (RFC 7518 section 3.2)"


def _devices(devices: JsonObject, release: str) -> Iterator[str]:
    if release not in contracts.releases():
        return
    contract = contracts.contract(release, contracts.apis(release)[0])
    for role, device in _by_role(devices):
        for error in contract.validate(device, "#/components/schemas/Device", direction="request"):
            yield f"devices.{role}{error.path[1:]}: expected {error.expected}, got {error.actual}"
        for name in ("publicAddress", "privateAddress"):
            address = device.get("ipv4Address", {}).get(name)
            if address and _is(address, "0.0.0.0"):  # noqa: S104 - compared with, not bound to
                yield f"devices.{role}.ipv4Address.{name}: no device has the address {address}"
    for name, value in devices.get("alias", {}).items():
        if name in devices["default"]:
            yield f"devices.alias.{name}: devices.default has one too; give identifiers of other kinds"
        elif devices.get("several", {}).get(name, value) != value:
            yield f"devices.alias.{name}: not that of devices.several, which is the same device; give one for both"


def _by_role(devices: JsonObject) -> Iterator[tuple[str, JsonObject]]:
    yield from ((role, device) for role, device in devices.items() if role != "pool")
    yield from ((f"pool[{number}]", device) for number, device in enumerate(devices.get("pool", ())))


def _pool(devices: JsonObject) -> Iterator[str]:
    """A device of the pool that is another one as well, so that two cases would be in each other's way."""
    taken = {
        (name, repr(value)): f"devices.{role}"
        for role, device in devices.items()
        if role != "pool"
        for name, value in device.items()
    }
    for number, device in enumerate(devices.get("pool", ())):
        for name, value in device.items():
            other = taken.setdefault((name, repr(value)), f"devices.pool[{number}]")
            if other != f"devices.pool[{number}]":
                yield f"devices.pool[{number}].{name}: that of {other}; each device of the pool is one of its own"


def _identifiers(content: JsonObject) -> Iterator[str]:
    """A default device that no request could name."""
    types = content.get("supports", {}).get("identifier_types")
    device = content["devices"]["default"]
    if types and not device.keys() & set(types):
        has = ", ".join(device)
        yield f"devices.default: has {has}, and supports.identifier_types declares {', '.join(types)}; give one of them"


def _is(address: str, other: str) -> bool:
    try:
        return ipaddress.ip_address(address) == ipaddress.ip_address(other)
    except ValueError:
        return False


def _profiles(profiles: JsonObject) -> Iterator[str]:
    for role, profile in profiles.items():
        shortest, longest = profile.get("min_duration", 1), profile.get("max_duration")
        if longest is not None and shortest > longest:
            yield f"profiles.{role}: min_duration {shortest} is greater than max_duration {longest}; swap them"


def operation_named(name: str, release: str) -> str | None:
    """The operationId that `release` has for an operation, by the name of any release; None when it has none."""
    known = [name for api in contracts.apis(release) for name in contracts.contract(release, api).operations]
    return next((candidate for candidate in (name, family_names(release).get(name)) if candidate in known), None)


def _operations(given: Mapping[str, str], release: str) -> Iterator[str]:
    if release not in contracts.releases():
        return
    known = [name for api in contracts.apis(release) for name in contracts.contract(release, api).operations]
    for name in given:
        if operation_named(name, release) is None:
            yield f"unsupported.operations.{name}: no operation of {release}; {_meant(name, known)}"


def _hooks(given: Mapping[str, Json]) -> Iterator[str]:
    for name, hook in given.items():
        known = hooks.ARGUMENTS[name]
        for word in hook if isinstance(hook, list) else ():
            try:
                fields = [field for _, field, _, _ in string.Formatter().parse(word) if field is not None]
            except ValueError as error:
                yield f"hooks.{name}: {word!r}: {error}; write {{{{ and }}}} for braces"
                continue
            for field in fields:
                if field not in known:
                    has = ", ".join(f"{{{argument}}}" for argument in known) or "none"
                    yield f"hooks.{name}: unknown placeholder {{{field}}}; it has {has}"
