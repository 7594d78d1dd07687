"""Judges the traffic of any number of targets, each by the release that its URLs tell."""

from collections import OrderedDict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from urllib.parse import urlsplit

from pytest_nac_qod import contracts
from pytest_nac_qod.contracts import Contract
from pytest_nac_qod.foundation.releases import order
from pytest_nac_qod.report.records import CaseRecord, StandardRecord
from pytest_nac_qod.traffic.judging import Judge, event_of
from pytest_nac_qod.traffic.matching import event_types, releases
from pytest_nac_qod.traffic.seen import Seen
from pytest_nac_qod.wire.exchange import Exchange

_WAITING = 1000  # events that may come before the first call of their API
_REMEMBERED = 50_000  # exchanges of which a copy is known


@dataclass(slots=True)
class Court:
    """Gives each exchange to the judge of its target.

    Where a base path is that of several releases, each of them judges, and the one that finds least is right: a correct
    target must not suffer from what nobody can know.

    Attributes:
        release: the only one to judge by; empty for all.
        base_urls: where APIs are that do not stand under the base path of their document, by name.
        complete: as of Judge.
        own: contracts to judge by instead of those of `release`, by API.
        judged_by: what reports say of them, or of a release that is a draft.
        clients: names of API clients by what stands for their token, such as `1a2b3c4d`.
        calls: exchanges that are calls or events.
        others: exchanges that are none.
    """

    release: str = ""
    base_urls: Mapping[str, str] = field(default_factory=dict)
    complete: bool = False
    own: Mapping[str, Contract] = field(default_factory=dict)
    judged_by: tuple[StandardRecord, ...] = ()
    clients: Mapping[str, str] = field(default_factory=dict)
    calls: int = 0
    others: int = 0
    first: str = ""
    last: str = ""
    _judges: dict[str, dict[str, Judge]] = field(default_factory=dict)
    _seen_paths: dict[str, dict[str, None]] = field(default_factory=dict)
    _waiting: list[Seen] = field(default_factory=list)
    _known: OrderedDict[int, None] = field(default_factory=OrderedDict)

    def see(self, seen: Seen) -> None:
        """Take in an exchange; one that stands in two recordings, or twice in one, counts once."""
        if self._again(seen.exchange):
            return
        seen = self._named(seen)
        place = self._place(seen.exchange.request.url)
        if place is None:
            taken = self._tell(seen)
        else:
            root, path, known = place
            taken = [self._judge(root, release).see(seen) for release in known]
            if any(taken):
                self._seen_paths.setdefault(root, {})[path] = None
        if any(taken):
            self.calls += 1
            started = seen.exchange.started
            self.first, self.last = min(self.first or started, started), max(self.last, started)
        else:
            self.others += 1

    def results(self) -> tuple[list[CaseRecord], Mapping[str, str]]:
        """The results of all targets, and the base URL of each API; nothing more can be seen after this."""
        waiting, self._waiting = self._waiting, []
        for seen in waiting:
            self._give(seen, again=True)
        cases: list[CaseRecord] = []
        apis: dict[str, str] = {}
        several = len(self._judges) > 1
        for root, by_release in self._judges.items():
            ended = {release: list(judge.results(root if several else "")) for release, judge in by_release.items()}
            for judge in by_release.values():
                for api, url in judge.base_urls.items():
                    apis.setdefault(f"{api} of {root}" if several else api, url)
            cases += _right(ended, by_release, list(self._seen_paths.get(root, ())))
        return cases, apis

    def _again(self, exchange: Exchange) -> bool:
        """Whether the same exchange was there before."""
        request, response = exchange.request, exchange.response
        told = (response.status, response.body) if response else None
        key = hash((exchange.started, exchange.seconds, request.method, request.url, request.body, told))
        if key in self._known:
            return True
        self._known[key] = None
        if len(self._known) > _REMEMBERED:
            self._known.popitem(last=False)
        return False

    def _named(self, seen: Seen) -> Seen:
        """The exchange with the name of its client, if the caller gave it."""
        if not self.clients:
            return seen
        token = seen.exchange.request.header("authorization") or ""
        label = token.rpartition("<redacted:")[2].removesuffix(">")
        name = self.clients.get(label) or self.clients.get(seen.client)
        return replace(seen, client=name) if name else seen

    def _place(self, url: str) -> tuple[str, str, tuple[str, ...]] | None:
        """The root of the target, the base path of the API, and the releases that may be meant."""
        for api, base_url in self.base_urls.items():
            if url.startswith(f"{base_url.rstrip('/')}/"):
                release = self.release or contracts.CURRENT
                parts = urlsplit(base_url)
                return f"{parts.scheme}://{parts.netloc}", self._family(release)[api].base_path, (release,)
        found = releases(url, {contract.base_path: (self.release,) for contract in self.own.values()} or None)
        if found is None:
            return None
        root, path, known = found
        chosen = tuple(release for release in known if self.release in ("", release))
        return (root, path, chosen) if chosen else None

    def _judge(self, root: str, release: str) -> Judge:
        by_release = self._judges.setdefault(root, {})
        if release not in by_release:
            bases = frozenset(url.rstrip("/") for url in self.base_urls.values())
            by_release[release] = Judge(release, self._family(release), complete=self.complete, bases=bases)
        return by_release[release]

    def _family(self, release: str) -> Mapping[str, Contract]:
        return self.own or {api: contracts.contract(release, api) for api in contracts.apis(release)}

    def _tell(self, seen: Seen) -> list[bool]:
        """An event goes to the targets that it may be of; one before anything else waits."""
        if seen.exchange.request.method != "POST":
            return []
        if not self._judges and len(self._waiting) < _WAITING:
            self._waiting.append(seen)
            return []
        return self._give(seen)

    def _give(self, seen: Seen, *, again: bool = False) -> list[bool]:
        """Those that know what it is about have it; if there are none, those that know its type, or else all.

        One whose type is that of another release waits for the first call of that one.
        """
        judges = [judge for by_release in self._judges.values() for judge in by_release.values()]
        chosen = [judge for judge in judges if judge.knows(seen)] or [
            judge for judge in judges if judge.knows(seen, by_type=True)
        ]
        if not chosen and (event_of(seen) or {}).get("type") in event_types():
            if not again and len(self._waiting) < _WAITING:
                self._waiting.append(seen)
            return []
        return [judge.tell(seen, sole=len(self._judges) == 1) for judge in chosen or judges]


def _right(
    ended: Mapping[str, list[CaseRecord]], judges: Mapping[str, Judge], paths: list[str]
) -> Iterable[CaseRecord]:
    """The results by the release that is meant: first the one that has most of the APIs, then for what is left."""
    left, told = set(paths), list[CaseRecord]()
    while True:
        best = min(ended, key=lambda release: _merit(ended[release], judges[release].contracts, left, release))
        covered = _covered(judges[best].contracts, left)
        if not covered:
            return told
        first = not told
        left -= covered
        apis = {api for api, contract in judges[best].contracts.items() if first or contract.base_path in covered}
        told += [result for result in ended[best] if result["api"] in apis]


def _covered(family: Mapping[str, Contract], paths: set[str]) -> set[str]:
    return {contract.base_path for contract in family.values()} & paths


def _merit(
    results: list[CaseRecord], family: Mapping[str, Contract], paths: set[str], release: str
) -> tuple[int, int, int, bool, tuple[int, ...]]:
    """Sorts releases: how many APIs it lacks, what fails, what warns, whether it is another than the current one."""
    verdicts = [result["verdict"] for result in results]
    newest = tuple(-number for number in order(release))
    missing = len(paths) - len(_covered(family, paths))
    return missing, verdicts.count("fail"), verdicts.count("warn"), release != contracts.CURRENT, newest


def taken_in(court: Court, traffic: Iterable[Seen]) -> Iterator[int]:
    """Give a court its traffic; tells now and then how many exchanges it has had."""
    for number, seen in enumerate(traffic, 1):
        court.see(seen)
        if number % 1000 == 0:
            yield number
