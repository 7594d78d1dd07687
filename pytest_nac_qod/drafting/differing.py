"""The difference file of a release, drafted from its published documents."""

from collections.abc import Mapping
from typing import Any

from pytest_nac_qod.contracts import Contract
from pytest_nac_qod.contracts.comparison.requirements import shape_of
from pytest_nac_qod.contracts.facts import api_facts, family
from pytest_nac_qod.contracts.patches import difference, merged, renamed
from pytest_nac_qod.drafting.codes import Usual, own_errors, usual
from pytest_nac_qod.drafting.pairing import Pairs, pairs
from pytest_nac_qod.drafting.stating import operation_facts
from pytest_nac_qod.drafting.stripping import bare
from pytest_nac_qod.foundation.jsontypes import JsonObject

_NEW_API: JsonObject = {"operations": {}, "schemas": {}}


def differences(documents: Mapping[str, JsonObject], follows: str) -> tuple[JsonObject, list[Pairs]]:
    """What the file of the release states, and which API and operation was taken for which."""
    paired = pairs(documents, follows)
    shared = family(follows)
    stated = {pair.api: _stated(documents[pair.api], pair) for pair in paired}
    common = usual(stated, shared["errors"])
    apis = {pair.api: _api(documents[pair.api], pair, follows, stated[pair.api], common) for pair in paired}
    family_patch = _lifted(apis, documents, paired, follows)
    codes = "enum" if any(_enumerates(documents[api]) for api in documents) else "examples"
    if codes != shared["codes"]:
        family_patch = {"codes": codes, **family_patch}
    if errors := difference(shared["errors"], {"all": dict(common.all), "device": dict(common.device)}):
        family_patch["errors"] = errors
    whole = {
        "follows": follows,
        "family": family_patch,
        "apis": {api: _without_empty(own) for api, own in apis.items()},
    }
    return whole, paired


def _without_empty(own: JsonObject) -> JsonObject:
    return {key: value for key, value in own.items() if value != {}}


def _stated(document: JsonObject, pair: Pairs) -> JsonObject:
    contract = Contract(document, pair.api)
    return {operation.id: operation_facts(contract, operation) for operation in contract.operations.values()}


def _enumerates(document: JsonObject) -> bool:
    return any(operation.enumerated for operation in Contract(document, "").operations.values())


def _api(document: JsonObject, pair: Pairs, follows: str, stated: JsonObject, common: Usual) -> JsonObject:
    base = api_facts(follows, pair.was) if pair.was else _NEW_API
    names = {old: new for old, new in pair.operations.items() if old != new}
    base = renamed(base, names)
    contract = Contract(document, pair.api)
    own: JsonObject = {"was": pair.was} if pair.was and pair.was != pair.api else {}
    own |= {"names": names} if names else {}
    facts = {"version": document["info"]["version"], "base": contract.base_path}
    own |= {key: value for key, value in facts.items() if base.get(key) != value}
    own |= _security(document, base, follows)
    operations = _operations(base["operations"], stated, common)
    own |= {"operations": operations} if operations else {}
    schemas = _schemas(document, base["schemas"], family(follows)["schemas"])
    return own | ({"schemas": schemas} if schemas else {})


def _security(document: JsonObject, base: JsonObject, follows: str) -> JsonObject:
    """The patch of the security schemes that the family knows."""
    shared, own = family(follows)["security"], base.get("security", {})
    effective = merged(shared, own)
    schemes = document.get("components", {}).get("securitySchemes", {})
    wanted = {name: bare(schemes[name]) for name in effective if name in schemes}
    known = {name: effective[name] for name in wanted}
    if difference(known, wanted) == {}:
        return {}
    patch = {name: difference(shared[name], wanted[name]) for name in wanted if shared[name] != wanted[name]}
    changed = difference(own, patch)
    return {"security": changed if patch else None}


def _operations(base: JsonObject, stated: JsonObject, common: Usual) -> JsonObject:
    patch: JsonObject = {name: None for name in base if name not in stated}
    for name, wanted in stated.items():
        before: Any = base.get(name, {})
        kept = {key: before[key] for key in ("family", "device") if key in before}
        whole = {**wanted, **kept}
        whole["errors"] = own_errors(whole, common)
        if callback := whole.get("callback"):
            whole["callback"] = {**callback, "errors": own_errors(callback, common, device=False)}
        if not whole["errors"]:
            del whole["errors"]
        if changed := difference(_sorted(before), _sorted(whole)):
            patch[name] = changed
    return patch


def _sorted(facts: JsonObject) -> JsonObject:
    """Facts with codes in an order of their own, since theirs means nothing."""
    ordered = dict(facts)
    if "errors" in facts:
        ordered["errors"] = {status: sorted(codes) for status, codes in facts["errors"].items()}
    if "callback" in facts:
        ordered["callback"] = _sorted(facts["callback"])
    return ordered


def _schemas(document: JsonObject, own: JsonObject, shared: JsonObject) -> JsonObject:
    effective = merged(shared, own)
    patch: JsonObject = {name: None for name in own if name not in document["components"]["schemas"]}
    for name, schema in document["components"]["schemas"].items():
        wanted = bare(schema)
        before = effective.get(name)
        if before is None:
            patch[name] = wanted
        elif shape_of(before) != shape_of(wanted):
            patch[name] = difference(before, wanted)
    return patch


def _lifted(apis: JsonObject, documents: Mapping[str, JsonObject], paired: list[Pairs], follows: str) -> JsonObject:
    """The part of the APIs' patches that is the family's: taken out of theirs, and returned."""
    cut = {pair.api: set(api_facts(follows, pair.was)["schemas"]) if pair.was else set() for pair in paired}
    lifted: JsonObject = {}
    for name in dict.fromkeys(name for own in apis.values() for name in own.get("schemas", {})):
        users = [api for api, document in documents.items() if name in document["components"]["schemas"]]
        patches = [apis[api].get("schemas", {}).get(name) for api in users]
        if len(users) > 1 and patches[0] and patches.count(patches[0]) == len(users):
            if any(name in cut[api] for api in users):
                continue
            lifted[name] = patches[0]
            for api in users:
                del apis[api]["schemas"][name]
    return {"schemas": lifted} if lifted else {}
