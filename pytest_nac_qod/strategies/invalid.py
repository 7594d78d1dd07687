"""Bodies with one thing wrong, labelled with what it is and what a provider may answer."""

import re
import tomllib
from collections.abc import Collection, Sequence
from copy import deepcopy
from dataclasses import dataclass, replace
from functools import cache, partial
from importlib.resources import files

from hypothesis import strategies as st
from hypothesis.strategies import DrawFn, SearchStrategy

from pytest_nac_qod.catalogue import Outcome
from pytest_nac_qod.contracts import CURRENT, Contract, contract
from pytest_nac_qod.foundation.jsontypes import Json, JsonObject
from pytest_nac_qod.strategies.releases import SESSIONS
from pytest_nac_qod.strategies.seeds import full_bodies, request_pointer, right_body, slimmed
from pytest_nac_qod.strategies.sites import Site, breaking, put, sites
from pytest_nac_qod.target import Target

_DEFAULT = ("400 INVALID_ARGUMENT",)
_BODIES = 50  # right bodies that constraints are broken in


@dataclass(frozen=True, slots=True, kw_only=True)
class Invalid:
    """A body with one thing wrong.

    Attributes:
        body: as it is sent.
        path: JSONPath of what is wrong.
        what: the keyword of JSON Schema that is broken, or in words what is wrong although the schema lets it pass.
        clause: API and JSON pointer of the constraint, or the text that says so.
        accepted: the answers that the release allows.
    """

    body: Json
    path: str
    what: str
    clause: str
    accepted: tuple[Outcome, ...]


def schema_invalid_bodies(  # noqa: PLR0913 - each is named by the caller
    *,
    release: str = CURRENT,
    api: str = SESSIONS,
    operation: str = "createSession",
    target: Target | None = None,
    document: Contract | None = None,
    what: Collection[str] = (),
    path: str = "",
    large: bool = False,
) -> SearchStrategy[Invalid]:
    """Bodies that break one constraint of the contract, at one place.

    Args:
        release: whose contract is broken.
        api: that has the operation.
        operation: by its operationId.
        target: whose device, profile and application server stand where nothing is wrong.
        document: a contract of one's own instead of the one of the release.
        what: only these keywords of JSON Schema; all of them when empty.
        path: only at this JSONPath; everywhere when empty.
        large: whether constraints come up that only thousands of elements break.

    Raises:
        LookupError: the operation takes no body, or nothing of that kind can be broken.

    >>> from hypothesis import find
    >>> bad = find(schema_invalid_bodies(what=["minimum"], path="$.duration"), lambda bad: True)
    >>> bad.body["duration"], str(bad.accepted[0])
    (0, '400 INVALID_ARGUMENT')
    """
    judged = document or contract(release, api)
    wanted = [
        (full, site)
        for full, site in constraint_sites(judged, release, operation)
        if (large or not site.large) and path in ("", site.path) and (not what or site.keyword in what)
    ]
    if not wanted:
        raise LookupError(f"{release} {api}: {operation}: no constraint of that kind, or not there")
    return _broken(judged, operation, wanted, target)


@cache
def constraint_sites(judged: Contract, release: str, operation: str) -> list[tuple[JsonObject, Site]]:
    """Every constraint that bodies of the operation can break, each with a body that meets it."""
    pointer = request_pointer(judged, operation)
    by_place: dict[tuple[str, str], tuple[JsonObject, Site]] = {}
    for full in full_bodies(release, judged.api, operation):
        for site in sites(judged, pointer, full):
            by_place.setdefault((site.clause, site.path), (full, site))
    return list(by_place.values())


def _broken(
    judged: Contract, operation: str, wanted: Sequence[tuple[JsonObject, Site]], target: Target | None
) -> SearchStrategy[Invalid]:
    """Each constraint as often as any other, and each once before the rest is repeated.

    Three of four examples are a plain body that is decided by its constraint alone. Hypothesis tries nothing twice, so
    these run out, and all constraints have come up, after not many more examples than there are constraints. No two
    choices are of one kind, since Hypothesis would spend most examples on exchanging them.
    """
    right = partial(right_body, judged.api, operation, target)

    @cache
    def ways(index: int, number: int) -> list[Invalid]:
        return broken_at(judged, operation, right(number), *wanted[index])

    @st.composite
    def example(draw: DrawFn) -> Invalid:
        part = draw(parts)
        if part < len(thirds):
            bad = ways(thirds[part][draw(within[part])], 0)[0]
        else:
            number, index = divmod(draw(anything), len(wanted))
            broken = ways(index, number % _BODIES)
            bad = broken[number // _BODIES % len(broken)]
        return replace(bad, body=deepcopy(bad.body))

    thirds = [indices for first in range(3) if (indices := range(first, len(wanted), 3))]
    within = [st.integers(0, len(indices) - 1) for indices in thirds]
    parts, anything = st.sampled_from(range(len(thirds) + 1)), st.integers(0, 100 * _BODIES * len(wanted) - 1)
    return example()


def broken_at(judged: Contract, operation: str, right: JsonObject, full: JsonObject, site: Site) -> list[Invalid]:
    """The ways to break one constraint, simplest first.

    Args:
        judged: the contract.
        operation: that takes the body.
        right: a body with nothing wrong.
        full: one that has a value at the place, too.
        site: the constraint, and its place.
    """
    body = right
    if site.steps:
        name = str(site.steps[0])
        body = {**body, name: slimmed(full[name], site.steps)}
        if name == "sinkCredential":
            body["sink"] = full["sink"]
    return [
        Invalid(
            body=deepcopy(put(body, site.steps, bad)),
            path=site.path,
            what=site.keyword,
            clause=f"{judged.api}{site.clause}",
            accepted=accepted(judged, operation, site),
        )
        for bad in breaking(judged, request_pointer(judged, operation), body, site)
    ]


def accepted(judged: Contract, operation: str, site: Site) -> tuple[Outcome, ...]:
    """What may be answered when this constraint is broken."""
    for rule in _rules()["schema"]:
        if re.fullmatch(rule["path"], site.path) and site.keyword in rule.get("keywords", [site.keyword]):
            return documented(judged, operation, rule["accepted"])
    return documented(judged, operation, _DEFAULT)


def documented(judged: Contract, operation: str, outcomes: Sequence[str]) -> tuple[Outcome, ...]:
    """Those of the outcomes that the contract documents; all of them for statuses that it shows no codes for."""
    errors = judged.operations[operation].errors
    parsed = [Outcome.parse(text) for text in outcomes]
    return tuple(
        outcome
        for outcome in parsed
        if outcome.status in errors and outcome.code in (errors[outcome.status] or (outcome.code,))
    )


@cache
def _rules() -> JsonObject:
    return tomllib.loads(files(__package__).joinpath("outcomes.toml").read_text(encoding="utf-8"))
