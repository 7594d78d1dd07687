"""Codes of errors: those that all operations document, and what single ones have otherwise."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from pytest_nac_qod.foundation.jsontypes import JsonObject

Codes = Mapping[int, list[str]]


@dataclass(frozen=True, slots=True)
class Usual:
    """Codes by status of all operations, and of those that take a device."""

    all: Codes
    device: Codes


def usual(stated: Mapping[str, JsonObject], before: JsonObject) -> Usual:
    """What most operations of all APIs document; the order of codes stays where they are the same."""
    operations = [facts for of_api in stated.values() for facts in of_api.values()]
    callbacks = [facts["callback"] for facts in operations if "callback" in facts]
    of_device = [facts for facts in operations if facts.get("device")]
    everything = [facts["errors"] for facts in (*operations, *callbacks)]
    common = {status: codes for status, codes in _most(everything, before["all"]).items() if codes}
    devices = _most([facts["errors"] for facts in of_device], before["device"])
    return Usual(common, {status: codes for status, codes in devices.items() if codes and common.get(status) != codes})


def _most(errors: list[Codes], before: Codes) -> dict[int, list[str]]:
    """For each status the codes that most have; empty where most have none."""
    if not errors:
        return dict(before)
    chosen: dict[int, list[str]] = {}
    for status in sorted({*before, *(status for codes in errors for status in codes)}):
        counts = Counter(tuple(sorted(codes.get(status, ()))) for codes in errors)
        most, number = counts.most_common(1)[0]
        known = before.get(status, [])
        if tuple(sorted(known)) == most:
            chosen[status] = known
        elif number * 2 > len(errors):
            chosen[status] = list(most)
        else:
            chosen[status] = known
    return chosen


def own_errors(facts: JsonObject, common: Usual, *, device: bool = True) -> JsonObject:
    """The errors that the operation or callback has to state itself, with an empty list for what it does not have."""
    given = {**common.all, **(common.device if device and facts.get("device") else {})}
    own = {
        status: codes
        for status, codes in facts["errors"].items()
        if sorted(given.get(status, [])) != sorted(codes) and codes
    }
    return own | {status: [] for status in _missing(given, facts["errors"])}


def _missing(given: Codes, documented: Codes) -> Iterable[int]:
    return [status for status in given if not documented.get(status)]
