"""Legal behaviours: what a correct server may do otherwise, each of which replaces exactly one decision."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from functools import cache

from pytest_nac_qod import contracts
from pytest_nac_qod.catalogue.basis import Basis, of_release
from pytest_nac_qod.catalogue.names import scenario_name
from pytest_nac_qod.foundation.jsontypes import JsonObject
from pytest_nac_qod.foundation.problems import UnusableError
from pytest_nac_qod.foundation.releases import order
from pytest_nac_qod.reference.overrides import NamedOverride, entries, modules, near


class UnknownLegalError(UnusableError):
    """A legal behaviour that does not exist, or is none in the release; the message says what there is."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Legal(NamedOverride):
    """A behaviour that the published documents allow.

    Attributes:
        does: what the server does, in words.
        basis: where the words stand that allow it.
        lenient_only: another text of the release is against it, so that only the lenient mode tolerates it.
        unlike: behaviours that a server cannot have at the same time.
    """

    does: str
    basis: Basis
    lenient_only: bool = False
    unlike: tuple[str, ...] = ()


@cache
def legal(release: str) -> Mapping[str, Legal]:
    """The legal behaviours of `release` by name: those of each *.toml here."""
    return {
        what["name"]: _legal(release, what, entry)
        for module in modules(__package__)
        for what, entry in entries(__package__, module)
        if _holds(release, entry)
    }


def releases(name: str) -> tuple[str, ...]:
    """The releases in which a behaviour is legal; none if it does not exist."""
    return tuple(release for release in contracts.releases() if name in legal(release))


def names() -> tuple[str, ...]:
    """Every behaviour that is legal in some release."""
    return tuple(dict.fromkeys(name for release in contracts.releases() for name in legal(release)))


def named(name: str, release: str) -> Legal:
    """The legal behaviour of that name.

    Raises:
        UnknownLegalError: there is none, or it is not legal in `release`.
    """
    if name in legal(release):
        return legal(release)[name]
    if name in names():
        raise UnknownLegalError(f"{name} is not legal in {release}; it is in {', '.join(releases(name))}")
    raise UnknownLegalError(f"unknown legal behaviour {name!r}; {near(name, names(), 'nac-qod legal')}")


def together(release: str, among: Collection[str] | None = None) -> tuple[str, ...]:
    """As many of the behaviours, of all or of some, as a server can have at once, first come first served."""
    chosen: list[Legal] = []
    for behaviour in legal(release).values():
        wanted = among is None or behaviour.name in among
        if wanted and not any(behaviour.name in other.unlike or other.name in behaviour.unlike for other in chosen):
            chosen.append(behaviour)
    return tuple(behaviour.name for behaviour in chosen)


def _holds(release: str, entry: JsonObject) -> bool:
    since, until = entry.get("since", release), entry.get("until", release)
    return order(since) <= order(release) <= order(until)


def _legal(release: str, what: JsonObject, entry: JsonObject) -> Legal:
    where, keyword = (of_release(release, entry[name]) for name in ("where", "keyword"))
    where = scenario_name(release, where)
    basis = Basis(key=what["name"], where=where, keyword=keyword, says=entry["does"], strength="may")
    unlike = tuple(entry.get("unlike", ()))
    return Legal(**what, does=entry["does"], basis=basis, lenient_only=entry.get("lenient_only", False), unlike=unlike)
