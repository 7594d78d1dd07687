"""Judges any traffic, whoever sent the requests: recorded, passing by, or under load."""

from collections.abc import Iterable, Mapping
from heapq import merge

from pytest_nac_qod.contracts import Contract
from pytest_nac_qod.report.records import ResultsDocument
from pytest_nac_qod.wire.exchange import Exchange


def judge(
    exchanges: Iterable[Exchange],
    events: Iterable[Exchange] = (),
    contracts: Mapping[str, Contract] | None = None,
    *,
    complete: bool = False,
) -> ResultsDocument:
    """Hold traffic against every rule that an exchange, or the order of exchanges and events, can show.

    Args:
        exchanges: calls of one target in the order in which they were sent, redacted.
        events: deliveries to sinks in the order in which they came; they may stand among the exchanges as well.
        contracts: of the target's APIs, by name; told by the URLs when None.
        complete: whether this is all that there was, of every client, until nothing more could come; only then is what
            was not seen held against the target.

    Returns:
        The content of results.json, with a result for each rule; what was never seen is `not_tested`, and says what
        would show it.
    """
    from pytest_nac_qod.traffic import document
    from pytest_nac_qod.traffic.court import Court
    from pytest_nac_qod.traffic.judging import Judge, release_of
    from pytest_nac_qod.traffic.seen import seconds_of
    from pytest_nac_qod.traffic.tokens import seen_of

    traffic = (seen_of(exchange) for exchange in merge(exchanges, events, key=seconds_of))
    if contracts is None:
        court = Court(complete=complete)
        for seen in traffic:
            court.see(seen)
        return document.of_court(court)
    one = Judge(release_of(contracts.values()), contracts, complete=complete)
    first = last = ""
    for seen in traffic:
        if one.see(seen):
            first, last = first or seen.exchange.started, seen.exchange.started
    return document.of(list(one.results()), one.base_urls, (first, last))


__all__ = ["judge"]
