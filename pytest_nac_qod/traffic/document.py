"""results.json of judged traffic."""

import platform
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime

from pytest_nac_qod import __version__, contracts
from pytest_nac_qod.foundation.jsontypes import Json
from pytest_nac_qod.foundation.values import written
from pytest_nac_qod.report.fitting import Room
from pytest_nac_qod.report.records import About, CaseRecord, Kind, ResultsDocument
from pytest_nac_qod.report.results import document
from pytest_nac_qod.traffic.court import Court
from pytest_nac_qod.wire.secret_forms import origin


def of_court(court: Court, options: Mapping[str, Json] | None = None) -> ResultsDocument:
    """The results of a court; nothing more can be seen after this."""
    results, base_urls = court.results()
    document = of(results, base_urls, (court.first, court.last), options)
    return {**document, "judged_by": list(court.judged_by)} if court.judged_by else document


def of(
    results: Sequence[CaseRecord],
    base_urls: Mapping[str, str],
    times: tuple[str, str],
    options: Mapping[str, Json] | None = None,
    *,
    kind: Kind = "judge",
) -> ResultsDocument:
    """Results with what they are about.

    Args:
        results: one for each rule.
        base_urls: of the APIs by name.
        times: of the first and of the last exchange; empty texts where there was none.
        options: of the command.
        kind: who sent the requests.
    """
    room = Room()
    kept = [room.fitted(result) for result in results]
    return document({**about(results, base_urls, times, options), "kind": kind}, kept, complete=True)


def about(
    results: Sequence[CaseRecord],
    base_urls: Mapping[str, str],
    times: tuple[str, str],
    options: Mapping[str, Json] | None = None,
) -> About:
    """What results of traffic say beside the results: the target by its address, and when it was recorded."""
    began, ended = (datetime.fromisoformat(time) if time else datetime.now(UTC) for time in times)
    origins = dict.fromkeys(origin(url) for url in base_urls.values())
    return {
        "suite": {"name": "pytest-nac-qod", "version": __version__},
        "kind": "judge",
        "release": results[0].get("release", contracts.CURRENT) if results else contracts.CURRENT,
        "mode": "lenient",
        "target": {"name": ", ".join(origins) or "no target", "apis": dict(base_urls)},
        "run": {
            "started": written(began),
            "ended": written(ended),
            "python": platform.python_version(),
            "platform": platform.platform(),
            "packages": {},
            "seed": None,
            "options": dict(options or {}),
            "unsupported": {},
        },
    }
