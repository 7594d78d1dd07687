"""Facts changed by patches, and patches changed by patches."""

from collections.abc import Mapping

from pytest_nac_qod.foundation.jsontypes import Json, JsonObject


def merged(base: Json, patch: Json) -> Json:
    """`base` changed by a JSON Merge Patch (RFC 7386); neither argument is touched.

    One thing more than the RFC has: an object whose names are whole numbers changes the items of an array at these
    positions, as in `allOf: { 2: { maxLength: 36 } }`.
    """
    return _merged(base, patch, keep=False)


def composed(first: JsonObject, second: JsonObject) -> JsonObject:
    """One patch for two patches of the same schemas, the second after the first.

    What the second takes away within a schema is taken away from what both are applied to. A schema that it takes away
    as a whole is the family's again.
    """
    both: JsonObject = _merged(first, second, keep=True)
    return {name: patch for name, patch in both.items() if patch is not None}


def _merged(base: Json, patch: Json, *, keep: bool) -> Json:
    """The merge; `keep`: nulls of the patch, since there may be something below that they take away."""
    if not isinstance(patch, dict):
        return patch
    if isinstance(base, list) and all(isinstance(position, int) for position in patch):
        items = merged(dict(enumerate(base)), patch)
        return [items[position] for position in sorted(items)]
    changed = dict(base) if isinstance(base, dict) else {}
    for name, value in patch.items():
        if value is None and not keep:
            changed.pop(name, None)
        else:
            changed[name] = _merged(changed.get(name), value, keep=keep)
    return changed


def difference(base: Json, wanted: Json) -> Json:
    """The patch that makes `wanted` of `base` when they are merged.

    Both have no nulls. An array is changed by position where that is shorter than to write it out.
    """
    if isinstance(base, dict) and isinstance(wanted, dict):
        gone: JsonObject = {name: None for name in base if name not in wanted}
        new = {name: value for name, value in wanted.items() if name not in base}
        both = [name for name in base if name in wanted and base[name] != wanted[name]]
        return {**gone, **{name: difference(base[name], wanted[name]) for name in both}, **new}
    if isinstance(base, list) and isinstance(wanted, list) and len(base) == len(wanted):
        changed = [place for place, item in enumerate(base) if item != wanted[place]]
        if all(isinstance(base[place], dict) and isinstance(wanted[place], dict) for place in changed):
            return {place: difference(base[place], wanted[place]) for place in changed}
    return wanted


def renamed(value: Json, names: Mapping[str, str]) -> Json:
    """`value` with each key and each whole string that is in `names` replaced, but for names in the family."""
    if isinstance(value, list):
        return [renamed(item, names) for item in value]
    if isinstance(value, dict):
        return {names.get(key, key): item if key == "family" else renamed(item, names) for key, item in value.items()}
    return names.get(value, value) if isinstance(value, str) else value
