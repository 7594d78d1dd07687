"""What the documents allow costs a correct server nothing: no failure, and no case that is left open."""

import zlib
from collections.abc import Iterator, Sequence
from contextlib import ExitStack

import httpx
import pytest

from pytest_nac_qod import catalogue, contracts
from pytest_nac_qod.proof.bench import FaultBench, bench
from pytest_nac_qod.proof.fairness import concerned, costs, lines, tolerated
from pytest_nac_qod.reference import ReferenceServer
from pytest_nac_qod.reference.legal import UnknownLegalError, legal, named, names, releases, together
from pytest_nac_qod.suite.run import Mode

Benches = dict[tuple[str, Mode], FaultBench]
SOME = 50  # cases that each behaviour is run with here; the slow tests run all that it can change
MODES: tuple[Mode, ...] = ("lenient", "strict")


class _Benches(dict[tuple[str, Mode], FaultBench]):
    """Starts a server when it is asked for."""

    def __init__(self, stack: ExitStack) -> None:
        super().__init__()
        self._stack = stack

    def __missing__(self, key: tuple[str, Mode]) -> FaultBench:
        self[key] = self._stack.enter_context(bench(*key))
        return self[key]


@pytest.fixture(scope="module")
def benches() -> Iterator[Benches]:
    """Servers that are up already, by release and mode."""
    with ExitStack() as stack:
        yield _Benches(stack)


def home(name: str) -> str:
    """The release in which a behaviour is run here, another for each; the slow tests run it in all."""
    possible = releases(name)
    return possible[zlib.crc32(name.encode()) % len(possible)]


def narrowest(name: str, release: str) -> Mode:
    """The narrowest mode that has to tolerate it: what passes in strict does in lenient, which only excuses more."""
    return "lenient" if named(name, release).lenient_only else "strict"


@pytest.mark.parametrize("name", names())
def test_behaviour_costs_nothing(name: str, benches: Benches) -> None:
    found = benches[home(name), narrowest(name, home(name))]
    assert lines(list(costs(found, [name], concerned(home(name), name, SOME)))) == []


@pytest.mark.slow
@pytest.mark.parametrize(("release", "name"), [(release, name) for name in names() for release in releases(name)])
def test_behaviour_costs_nothing_in_any_release(release: str, name: str, benches: Benches) -> None:
    found = benches[release, narrowest(name, release)]
    assert lines(list(costs(found, [name], concerned(release, name)))) == []


def test_all_at_once_cost_nothing(benches: Benches) -> None:
    release = contracts.CURRENT
    found = benches[release, "lenient"]
    everything = {
        (case.row.api, case.row.purpose.key): case for case in catalogue.cases(release, contracts.apis(release))
    }
    assert lines(list(costs(found, together(release), list(everything.values())))) == []


@pytest.mark.slow
@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("release", contracts.RELEASES)
def test_all_at_once_cost_nothing_in_any_release(release: str, mode: Mode, benches: Benches) -> None:
    found = benches[release, mode]
    chosen = [name for name in together(release) if tolerated(name, found)]
    everything = list(catalogue.cases(release, contracts.apis(release)))
    assert lines(list(costs(found, chosen, everything))) == []


@pytest.mark.parametrize("name", names())
def test_behaviour_can_change_a_case(name: str) -> None:
    assert concerned(home(name), name)


def test_there_are_at_least_thirty_in_each_release() -> None:
    for release in contracts.RELEASES:
        assert len(legal(release)) >= 30
        assert len(together(release)) >= 30


def test_unlike_behaviours_exist() -> None:
    for release in contracts.RELEASES:
        unlike = {other for one in legal(release).values() for other in one.unlike}
        assert unlike <= set(names())


GUESSABLE = "ids_of_time_and_place"  # legal, and warned of: others can be told from one of them


def security_warnings(found: FaultBench, behaviours: Sequence[str]) -> list[str]:
    """Lines of the security rules that do not pass; all of them are recommendations, so that none would fail."""
    release = found.run.target.release
    cases = [case for case in catalogue.cases(release, contracts.apis(release)) if "nac_security_" in case.row.id]
    assert len(cases) >= 50
    known = {"ids_not_guessable"} if GUESSABLE in behaviours else set()
    asked = [case for case in cases if case.row.purpose.key not in known]
    return lines([ended for ended in found.cases(asked, legal=behaviours) if ended.verdict != "pass"])


def test_all_at_once_break_no_security_rule(benches: Benches) -> None:
    assert security_warnings(benches[contracts.CURRENT, "lenient"], together(contracts.CURRENT)) == []


@pytest.mark.slow
@pytest.mark.parametrize(("release", "name"), [(release, name) for name in names() for release in releases(name)])
def test_behaviour_breaks_no_security_rule(release: str, name: str, benches: Benches) -> None:
    assert security_warnings(benches[release, narrowest(name, release)], [name]) == []


def test_a_generous_reader_refuses_what_is_too_deep() -> None:
    release, name = contracts.CURRENT, "json_read_generously"
    with ReferenceServer(release=release, legal=[name]) as server, httpx.Client() as http:
        deep = b'{"device": ' * 5_000 + b"1" + b"}" * 5_000
        token = server.target().tokens["two_legged"].resolve(http)
        headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}
        answer = http.post(f"{server.base_url()}/retrieve-sessions", content=deep, headers=headers)
    assert answer.status_code == 400


def test_unknown_behaviour_names_near_ones() -> None:
    with pytest.raises(UnknownLegalError) as caught:
        named("whole_second_time", "r3.2")
    assert str(caught.value) == "unknown legal behaviour 'whole_second_time'; did you mean whole_second_times?"


def test_behaviour_of_other_releases_says_which() -> None:
    with pytest.raises(UnknownLegalError) as caught:
        named("whole_device_returned", "r3.2")
    assert str(caught.value) == "whole_device_returned is not legal in r3.2; it is in r1.3, r2.2"
