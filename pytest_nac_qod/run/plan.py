"""What a run is about, decided from the options before anything is sent."""

import os
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Literal

import pytest

from pytest_nac_qod import catalogue, contracts
from pytest_nac_qod.catalogue import RowCase, drafts
from pytest_nac_qod.catalogue.levels import DEFAULT
from pytest_nac_qod.catalogue.selection import Selection, select
from pytest_nac_qod.contracts import Contract
from pytest_nac_qod.foundation.problems import UnusableError, brief, reason
from pytest_nac_qod.report.records import StandardRecord
from pytest_nac_qod.report.terminal.last_resort import safe
from pytest_nac_qod.run import manners, own_contracts, resuming, standards
from pytest_nac_qod.run.known import expectations
from pytest_nac_qod.run.known.expectations import Expectation
from pytest_nac_qod.run.options import TOKEN_VARIABLE
from pytest_nac_qod.run.own_contracts import OwnDocument
from pytest_nac_qod.run.settings import Settings, as_typed, read_settings
from pytest_nac_qod.suite.effort import Effort, request_budget, requests_a_second
from pytest_nac_qod.target import Target, target_from_url
from pytest_nac_qod.target.file import load_target, states_release
from pytest_nac_qod.wire.field_values import address_problem, token_problem
from pytest_nac_qod.wire.redaction import Redactor
from pytest_nac_qod.wire.secret_forms import in_environment


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """Target, release, APIs, contracts and mode of a run.

    Attributes:
        target: None for the embedded server, which starts only when a test asks for it.
        faults: defects to start the embedded server with.
        legal: behaviours that the documents allow to start it with.
        selection: what the options leave in.
        offered: number of cases of the release, for all APIs that the target serves.
        cases: the selected cases, in published order.
        done: API, id and case of those that an interrupted run has done already.
        expectations: failures that are known.
        effort: how much is generated, from which seed, and how many cases run at a time.
        rate: requests a second at most; None for no limit.
        budget: requests in all; None for no limit.
        notes: what the reader of the run has to know before it starts, a line each.
        judged_by: what is judged by, where that is no published release.
        redactor: knows the secrets of target file and environment, and learns those that the run obtains.
    """

    settings: Settings
    target: Target | None
    release: str
    contracts: Mapping[str, Contract]
    mode: Literal["lenient", "strict"]
    faults: tuple[str, ...]
    legal: tuple[str, ...]
    selection: Selection
    offered: int
    cases: tuple[RowCase, ...]
    done: frozenset[tuple[str, str, str]]
    expectations: tuple[Expectation, ...]
    effort: Effort
    rate: float | None
    budget: int | None = None
    notes: tuple[str, ...] = ()
    judged_by: tuple[StandardRecord, ...] = ()
    redactor: Redactor = field(default_factory=Redactor, repr=False)

    def left(self) -> tuple[RowCase, ...]:
        """The selected cases that are still to be run."""
        return tuple(case for case in self.cases if (case.row.api, case.row.id, case.case) not in self.done)


_PLAN = pytest.StashKey[Plan]()


def plan_for(config: pytest.Config) -> Plan:
    """The plan of this pytest run; made once.

    Raises:
        pytest.UsageError: an option, the target file or the contract is unusable; says which and what to do.
    """
    if _PLAN not in config.stash:
        try:
            config.stash[_PLAN] = plan(read_settings(config))
        except pytest.UsageError as error:
            raise pytest.UsageError(brief(as_typed(safe(str(error)), config))) from None
    return config.stash[_PLAN]


def plan(settings: Settings) -> Plan:
    """What these settings come to.

    Raises:
        pytest.UsageError: an option, the target file or the contract is unusable; says which and what to do.
    """
    try:
        return _plan(settings)
    except UnusableError as error:
        raise pytest.UsageError(str(error)) from None
    except OSError as error:  # such as a name that is too long
        raise pytest.UsageError(f"{error.filename}: {reason(error)}; give another path") from None


def _plan(settings: Settings) -> Plan:
    _check_choice(settings)
    own, settings = _own(_drafts(settings))
    target = _target(settings)
    release = _release(settings, target)
    served = tuple(target.apis) if target else contracts.apis(release)
    chosen = _contracts(settings, release, served, own)
    selection = _selection(settings)
    effort = Effort.parse(settings.max_examples, settings.seed, settings.jobs)
    own_cases = own_contracts.cases(chosen, release) if effort.max_examples else ()
    offered = catalogue.offered(release, tuple(chosen), generated=bool(effort.max_examples))
    cases = select((*offered, *own_cases), selection)
    if settings.contract:
        own_contracts.require(chosen, settings.contract, cases)
    return Plan(
        settings=settings,
        target=target,
        release=release,
        contracts=chosen,
        mode=settings.mode,
        faults=_faults(settings),
        legal=_legal(settings, release),
        selection=selection,
        cases=cases,
        notes=own_contracts.notes(chosen, settings.contract) if settings.contract else (),
        judged_by=(*standards.draft(release), *([own_contracts.record(chosen, own, release)] if own else [])),
        offered=len(catalogue.offered(release, served, generated=True)) + len(own_cases),
        done=resuming.earlier(settings.resume).done() if settings.resume else frozenset(),
        expectations=expectations.read(settings.expectations) if settings.expectations else (),
        effort=effort,
        rate=requests_a_second(settings.rate) or (manners.RATE if manners.live(target) else None),
        budget=_budget(settings, target, cases, effort),
        redactor=_redactor(target),
    )


def _redactor(target: Target | None) -> Redactor:
    redactor = Redactor()
    redactor.register_all((target.secrets() if target else {}) | in_environment(os.environ))
    return redactor


def _drafts(settings: Settings) -> Settings:
    """The settings with the release of the folder that they name, unless they or the target file say which."""
    if settings.release_dir is None:
        return settings
    drafts.use(settings.release_dir)
    if settings.release or (settings.target and states_release(settings.target) and _several(settings.release_dir)):
        return settings
    return replace(settings, release=drafts.only_release(settings.release_dir))


def _several(folder: Path) -> bool:
    return len(drafts.releases_in(folder)) > 1


def _own(settings: Settings) -> tuple[OwnDocument | None, Settings]:
    """The own document, and the settings with its release if nothing else says which."""
    if settings.contract is None:
        return None, settings
    own = own_contracts.read(settings.contract)
    if settings.release or (settings.target and states_release(settings.target)):
        return own, settings
    return own, replace(settings, release=own_contracts.release_of(own))


def _check_choice(settings: Settings) -> None:
    """One target at most, no behaviour of the embedded server for another, and a key that can sign."""
    _check_signing(settings)
    given = [f"--qod-{name}" for name in ("target", "url") if getattr(settings, name)]
    if len(given) > 1:
        raise pytest.UsageError(f"{' and '.join(given)} contradict each other; give one of them")
    for name in ("fault", "legal"):
        if getattr(settings, name) and given:
            raise pytest.UsageError(f"--qod-{name} works with the embedded server only; leave it out, or {given[0]}")


def _selection(settings: Settings) -> Selection:
    return Selection(
        operations=settings.operation,
        scenarios=settings.scenario,
        level=settings.level or DEFAULT,
        mandatory=settings.mandatory,
    )


def _budget(settings: Settings, target: Target | None, cases: tuple[RowCase, ...], effort: Effort) -> int | None:
    given = request_budget(settings.budget)
    if given is None and target is not None and manners.live(target):
        return manners.most_requests(cases, effort, target)
    return given


def _release(settings: Settings, target: Target | None) -> str:
    release = settings.release or (target.release if target else contracts.CURRENT)
    if release not in contracts.releases():
        known = ", ".join(contracts.releases())
        raise pytest.UsageError(f"--qod-release: unknown release {release!r}; known: {known}")
    if release not in catalogue.releases():
        known = ", ".join(catalogue.releases())
        raise pytest.UsageError(f"--qod-release: no scenarios of {release} yet; known: {known}")
    return release


def _check_signing(settings: Settings) -> None:
    if settings.sign:
        from pytest_nac_qod.report.signing.attestation import SigningKeyError, private_key

        if not settings.report:
            raise pytest.UsageError("--qod-sign: nothing to sign without --qod-report; give both")
        try:
            private_key(settings.sign)
        except SigningKeyError as error:
            raise pytest.UsageError(f"--qod-sign: {error}") from None


def _target(settings: Settings) -> Target | None:
    if settings.target:
        target = load_target(settings.target, release=settings.release)
    elif settings.url:
        if not settings.token:
            raise pytest.UsageError("--qod-url needs a token; export QOD_TOKEN or give --qod-token")
        if (problem := token_problem(settings.token)) and settings.token == os.environ.get(TOKEN_VARIABLE):
            raise pytest.UsageError(f"{TOKEN_VARIABLE}: {problem}")
        exported = TOKEN_VARIABLE if os.environ.get(TOKEN_VARIABLE) == settings.token else None
        release = settings.release or contracts.CURRENT
        target = target_from_url(settings.url, settings.token, release=release, variable=exported)
    else:
        return None
    if settings.sink_url:
        told = "" if settings.sink_url.lower().startswith("https://") else "expected an address with https://"
        if problem := told or address_problem(settings.sink_url):
            raise pytest.UsageError(f"--qod-sink-url: {problem}")
        target = replace(target, sink=replace(target.sink, url=settings.sink_url))
    return target


def _contracts(
    settings: Settings, release: str, served: tuple[str, ...], own: OwnDocument | None
) -> Mapping[str, Contract]:
    unknown = [api for api in settings.api if api not in served]
    if unknown:
        raise pytest.UsageError(f"--qod-api: the target does not serve {unknown[0]!r}; it serves {', '.join(served)}")
    chosen = {api: contracts.contract(release, api) for api in settings.api or served}
    return own_contracts.instead(chosen, own, release) if own else chosen


def _faults(settings: Settings) -> tuple[str, ...]:
    if settings.fault:
        from pytest_nac_qod.reference.faults import UnknownFaultError, named

        try:
            for name in settings.fault:
                named(name)
        except UnknownFaultError as error:
            raise pytest.UsageError(f"--qod-fault: {error}") from None
    return settings.fault


def _legal(settings: Settings, release: str) -> tuple[str, ...]:
    if settings.legal:
        from pytest_nac_qod.reference.legal import UnknownLegalError, named

        try:
            for name in settings.legal:
                named(name, release)
        except UnknownLegalError as error:
            raise pytest.UsageError(f"--qod-legal: {error}") from None
    return settings.legal
