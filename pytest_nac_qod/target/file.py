"""Target files: read, checked, made into a target; and written for those who begin."""

import json
import os
import re
from collections.abc import Iterator, Mapping
from dataclasses import asdict
from importlib.resources import files
from pathlib import Path
from types import MappingProxyType

import tomli_w

from pytest_nac_qod import contracts
from pytest_nac_qod.catalogue import drafts
from pytest_nac_qod.catalogue.scenarios import CatalogueError
from pytest_nac_qod.foundation import toml
from pytest_nac_qod.foundation.jsontypes import Json, JsonObject
from pytest_nac_qod.target import (
    ADDRESS_FAMILIES,
    DISJOINT_SERVER,
    EXAMPLE_SERVER,
    UNKNOWN_PROFILE,
    Polling,
    Profile,
    SinkSettings,
    Target,
    TargetError,
    keeping_to,
    of_nobody,
)
from pytest_nac_qod.target.assertions import LIFETIME, SIGNING, Signer
from pytest_nac_qod.target.hooks import Hook
from pytest_nac_qod.target.paths import file_problems
from pytest_nac_qod.target.problems import operation_named, problems
from pytest_nac_qod.target.tokens import ClientCredentials, StaticToken, TokenSource
from pytest_nac_qod.wire import certificates as sink_files
from pytest_nac_qod.wire.redaction import remember


def load_target(path: Path, environ: Mapping[str, str] | None = None, *, release: str | None = None) -> Target:
    """The target that a file describes.

    Args:
        path: the TOML file.
        environ: where its `env` keys are looked up; the process's environment by default.
        release: instead of the file's own.

    Raises:
        TargetError: a line for each problem of the file, each with file, key and what to do.
    """
    environ = os.environ if environ is None else environ
    content = _with_draft(_parsed(path), path)
    remember(_secrets(content))
    held_to = release or content.get("release", contracts.CURRENT)
    wrong = problems(content, environ, str(held_to))
    wrong += file_problems(content, path.parent)
    if wrong:
        raise TargetError("\n".join(f"{path}: {problem}" for problem in wrong))
    return _target(content, environ, held_to, path)


def states_release(path: Path) -> bool:
    """Whether a target file says which release to test against; raises TargetError when it cannot be read."""
    return "release" in _parsed(path)


def _with_draft(content: JsonObject, path: Path) -> JsonObject:
    """The content with the name of its release; a folder that it names for a draft is used from now on."""
    told = content.get("release")
    if not isinstance(told, dict):
        return content
    if not isinstance(told.get("dir"), str) or not told.keys() <= {"dir", "name"}:
        raise TargetError(f"{path}: release: as a table it has dir, the folder of a draft, and perhaps name; mend it")
    folder = path.parent / told["dir"]
    try:
        drafts.use(folder)
        return {**content, "release": told.get("name") or drafts.only_release(folder)}
    except CatalogueError as error:
        raise TargetError(f"{path}: release.dir: {error}") from None


def _secrets(content: JsonObject) -> Iterator[tuple[str, str]]:
    """The apparent secrets of a file that is not checked yet, by labels that may be shown."""
    for section in ("tokens", "headers"):
        entries = content.get(section)
        for name, entry in entries.items() if isinstance(entries, dict) else ():
            parts = entry if isinstance(entry, dict) else {"value": entry}
            for key in ("value", "client_secret"):
                if isinstance(parts.get(key), str):
                    yield f"{section}.{name}", parts[key]


def _parsed(path: Path) -> JsonObject:
    try:
        return toml.parsed(path.read_bytes().decode("utf-8"))
    except FileNotFoundError:
        raise TargetError(f"{path}: no such file; nac-qod init {path} writes one to fill in") from None
    except OSError as error:
        raise TargetError(f"{path}: cannot be read: {error.strerror}") from None
    except UnicodeDecodeError as error:
        raise TargetError(f"{path}: byte {error.start}: not UTF-8; save it as UTF-8") from None
    except ValueError as error:
        raise TargetError(f"{path}: not valid TOML: {error}; mend it there") from None


def _target(content: JsonObject, environ: Mapping[str, str], release: str, path: Path) -> Target:
    supports = content.get("supports", {})
    servers = {"default": EXAMPLE_SERVER, "disjoint": DISJOINT_SERVER} | content.get("application_servers", {})
    profiles = {"unknown": {"name": UNKNOWN_PROFILE}} | content["profiles"]
    unsupported = content.get("unsupported", {})
    devices = {role: device for role, device in content["devices"].items() if role != "pool"}
    target = Target(
        name=content.get("name", path.stem),
        release=release,
        apis={api: url.rstrip("/") for api, url in content["apis"].items()},
        tokens={role: _token(role, entry, environ, path.parent) for role, entry in content["tokens"].items()},
        devices={"not_found": of_nobody(devices["default"])} | _several(devices) | devices,
        pool=tuple(content["devices"].get("pool", ())),
        profiles={role: Profile(**entry) for role, entry in profiles.items()},
        application_servers=servers,
        address_families=frozenset(supports.get("address_families", ADDRESS_FAMILIES)),
        sink=_sink(content.get("sink", {}), path.parent),
        polling=Polling(**content.get("polling", {})),
        timeout=content.get("timeout", 10.0),
        yes=content.get("yes", False),
        x_correlator=content.get("x_correlator", "require"),
        headers={name: _header(entry, environ) for name, entry in content.get("headers", {}).items()},
        variables=_variables(content),
        hooks={name: _hook(name, entry) for name, entry in content.get("hooks", {}).items()},
        ca_file=path.parent / content["ca_file"] if "ca_file" in content else None,
        unsupported={name: reason for name, reason in unsupported.items() if name != "operations"},
        unserved={
            operation_named(name, release) or name: reason for name, reason in unsupported.get("operations", {}).items()
        },
    )
    types = supports.get("identifier_types")
    return keeping_to(target, frozenset(types)) if types else target


def _token(role: str, entry: JsonObject, environ: Mapping[str, str], folder: Path) -> TokenSource:
    if "token_url" not in entry:
        return StaticToken(entry["value"] if "value" in entry else environ[entry["env"]])
    method = entry.get("auth_method", "client_secret_basic")
    secret = "" if "private_key" in entry else entry.get("client_secret") or environ[entry["client_secret_env"]]
    return ClientCredentials(
        role=role,
        token_url=entry["token_url"],
        client_id=entry["client_id"],
        client_secret=secret,
        post=method == "client_secret_post",
        signer=_signer(method, entry, secret, folder) if method in SIGNING else None,
        scope=entry.get("scope", ""),
    )


def _signer(method: str, entry: JsonObject, secret: str, folder: Path) -> Signer:
    return Signer(
        method=method,
        key=secret or (folder / entry["private_key"]).read_text(encoding="ascii"),
        algorithm=entry.get("algorithm", ""),
        key_id=entry.get("key_id", ""),
        audience=entry.get("audience", ""),
        lifetime=entry.get("assertion_lifetime", LIFETIME),
    )


def _several(devices: JsonObject) -> JsonObject:
    return {"several": {**devices["default"], **devices["alias"]}} if "alias" in devices else {}


def _sink(section: JsonObject, folder: Path) -> SinkSettings:
    files = {name: folder / section[name] for name in sink_files.NAMES if name in section}
    return SinkSettings(**{**section, **files})


def _header(entry: Json, environ: Mapping[str, str]) -> str:
    return entry if isinstance(entry, str) else environ[entry["env"]]


def _variables(content: JsonObject) -> dict[str, str]:
    """The variables of the environment that tokens and headers come from."""
    return {
        f"{section}.{name}": entry["env"]
        for section in ("tokens", "headers")
        for name, entry in content.get(section, {}).items()
        if isinstance(entry, dict) and "env" in entry
    }


def _hook(name: str, entry: Json) -> Hook:
    return Hook(name, url=entry) if isinstance(entry, str) else Hook(name, command=tuple(entry))


def template() -> str:
    """The commented target file that `nac-qod init` writes."""
    return files(__package__).joinpath("template.toml").read_text(encoding="utf-8")


def init_target(
    path: Path,
    *,
    apis: Mapping[str, str] = MappingProxyType({}),
    variable: str = "",
    device: str = "",
    schema: str = "",
) -> None:
    """Write the commented target file, with what is known already filled in.

    Args:
        path: where to.
        apis: base URLs.
        variable: of the environment that has the token.
        device: phone number of the default device.
        schema: file that editors check it by.

    Raises:
        TargetError: there is a file already, or it cannot be written.
    """
    text = template()
    for key, value in (*apis.items(), ("env", variable), ("phoneNumber", device)):
        text = _filled(text, key, value) if value else text
    try:
        with path.open("x", encoding="utf-8") as file:
            file.write(f"#:schema {schema}\n{text}" if schema else text)
    except FileExistsError:
        raise TargetError(f"{path}: already exists; give another name, or move it away") from None
    except OSError as error:
        raise TargetError(f"{path}: cannot be written: {error.strerror}") from None


def _filled(text: str, key: str, value: str) -> str:
    """The template with the first line of a key, be it commented out, saying `value`."""
    line = f"{key} = {json.dumps(value, ensure_ascii=False)}"
    return re.sub(rf'^(?:# )?{re.escape(key)} = "[^"]*"', lambda _: line, text, count=1, flags=re.MULTILINE)


def render_target(target: Target) -> str:
    """A target file for `target`, its secrets included: for a server of our own, whose secrets are none."""
    profiles = {role: _present(asdict(profile)) for role, profile in target.profiles.items()}
    content = {
        "name": target.name,
        "release": _release_entry(target.release),
        "apis": target.apis,
        "tokens": {role: _token_entry(source) for role, source in target.tokens.items()},
        "devices": {**target.devices, **({"pool": list(target.pool)} if target.pool else {})},
        "profiles": profiles,
        "application_servers": target.application_servers,
        "polling": asdict(target.polling),
        "hooks": {name: hook.url or list(hook.command) for name, hook in target.hooks.items()},
    }
    return tomli_w.dumps(content)


def _release_entry(release: str) -> Json:
    folder = drafts.folder_of(release)
    return {"name": release, "dir": str(folder)} if folder else release


def _present(values: JsonObject) -> JsonObject:
    return {name: value for name, value in values.items() if value is not None}


def _token_entry(source: TokenSource) -> JsonObject:
    if isinstance(source, StaticToken):
        return {"value": source.value}
    return {"token_url": source.token_url, "client_id": source.client_id, "client_secret": source.client_secret}
