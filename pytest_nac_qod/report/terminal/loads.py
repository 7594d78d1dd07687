"""The figures of a load test in words."""

from collections.abc import Iterator

from pytest_nac_qod.report.page.latency import duration
from pytest_nac_qod.report.records import LoadRecord, RateRecord


def lines(load: LoadRecord) -> Iterator[str]:
    """What was sent, how fast it was answered, and how often wrong."""
    sent = f"{load['requests']} requests of {load['users']} users in {load['seconds']:.0f} s"
    yield f"{sent}, {load['per_second']:g} a second from {_processes(load['workers'])}"
    width = max((len(item["operation"]) for item in load["operations"]), default=0)
    for item in load["operations"]:
        shares = "  ".join(f"{name} {duration(item[name]):>8}" for name in ("p50", "p90", "p95", "p99"))
        yield f"  {item['operation']:{width}}  {item['number']:7}  {shares}"
    yield f"wrong answers: {load['wrong']}, {load['wrong_per_million']:g} for each million requests"
    told = ", ".join(f"{number} {kind}" for kind, number in load["errors"].items())
    yield f"errors: {told or 'none'}"
    yield f"two creations at once for one flow: {_rate(load['races'])}"
    yield f"histories of sessions: {_rate(load['histories'])}"
    events = load["events"]
    parts = (f"{name} {_rate(events[name])}" for name in ("lost", "doubled", "reordered"))
    yield f"events: {events['come']} came; {', '.join(parts)}"
    if knee := load["knee"]:
        yield f"knee: {knee['at_once']:g} requests at once, {knee['per_second']:g} a second; beyond, time grows faster"
    else:
        yield "knee: not reached by this load"


def _processes(number: int) -> str:
    return "one process" if number == 1 else f"{number} processes"


def _rate(rate: RateRecord) -> str:
    return f"{rate['wrong']} of {rate['of']} wrong"
