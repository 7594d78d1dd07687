"""report.html: the results for people who would rather look than read, in one file that needs no network."""

import base64
import hashlib
import json
from functools import cache
from importlib.resources import files

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from pytest_nac_qod.foundation.jsontypes import Json, JsonObject
from pytest_nac_qod.foundation.visible import visible
from pytest_nac_qod.report import causes, curl, fitting, standard
from pytest_nac_qod.report.page import coverage, exercise, latency, load, matrix
from pytest_nac_qod.report.records import CaseRecord, ResultsDocument
from pytest_nac_qod.report.statement import again, facts
from pytest_nac_qod.report.terminal import failure, loads
from pytest_nac_qod.report.terminal.headline import headline
from pytest_nac_qod.verdicts import VERDICTS

FILE = "report.html"
SYMBOLS = {
    "pass": "✓",
    "fail": "✗",
    "warn": "!",
    "inconclusive": "?",
    "not_applicable": "-",
    "not_tested": "○",
    "error": "⚠",
    "known": "≈",
    "stale": "↺",
    "note": "·",
}
WORDS = {verdict: verdict.replace("_", " ") for verdict in SYMBOLS}


def html(document: ResultsDocument) -> str:
    """The page; all text goes through the template's escaping, and no script runs but the one that its policy names."""
    results = document["results"]
    distributions = latency.distributions(results)
    limit = fitting.limit_for(results)
    axis = latency.scale(distributions) if distributions else None
    return rendered(
        FILE,
        _asset("report.js"),
        document=document,
        run=document.get("run", {}),
        level=standard.level(document, document["run"]) if "run" in document else "",
        judged_by=standard.label(document),
        briefly=standard.short(document),
        headline=headline(document),
        shares=_shares(document),
        causes=causes.causes(results),
        untested=causes.untested(results),
        matrices=matrix.matrices(document),
        plots=[_plot(item, axis) for item in distributions] if axis else [],
        ticks=[{"at": axis.at(tick), "text": latency.duration(tick)} for tick in axis.ticks()] if axis else [],
        width=latency.WIDTH,
        load=_load(document),
        cases=results,
        titles=[failure.title(result) for result in results],
        operations=sorted({f"{result['api']} {result['operation']}" for result in results}),
        facts=facts(document),
        coverage=coverage.of_operations(document),
        exercise=exercise.of_operations(document),
        unjudged=coverage.unjudged(results),
        kinds=coverage.by_kind(results),
        again=again(document),
        blocks=[_data(_shown(result, limit)) for result in results],
        symbols=SYMBOLS,
        words=WORDS,
    )


def rendered(template: str, script: str, **values: object) -> str:
    """A template with its style and, where there is one, its script."""
    style = _asset("report.css")
    return (
        _templates()
        .get_template(template)
        .render(
            style=Markup(style),  # noqa: S704 - ours
            style_hash=_hash(style),
            script=Markup(script),  # noqa: S704 - ours
            script_hash=_hash(script),
            **values,
        )
    )


@cache
def _templates() -> Environment:
    return Environment(
        loader=PackageLoader("pytest_nac_qod.report.page", "assets"),
        autoescape=True,
        undefined=StrictUndefined,
        finalize=lambda value: visible(value) if isinstance(value, str) and not isinstance(value, Markup) else value,
        trim_blocks=True,
        lstrip_blocks=True,
    )


@cache
def _asset(name: str) -> str:
    return files(__package__).joinpath("assets", name).read_text(encoding="utf-8")


def _hash(content: str) -> str:
    return f"sha256-{base64.b64encode(hashlib.sha256(content.encode('utf-8')).digest()).decode('ascii')}"


def _data(value: Json) -> Markup:
    """A JSON text for a script element: nothing in it ends the element or begins another."""
    text = json.dumps(value, ensure_ascii=True, separators=(",", ":"))
    for character in "<>&":
        text = text.replace(character, f"\\u{ord(character):04x}")
    return Markup(text)  # noqa: S704 - escaped as JSON


def _shown(result: CaseRecord, limit: int) -> JsonObject:
    """What the page shows of a case once it is opened, with so many characters of each body."""
    shown = next((violation["exchange"] for violation in result["violations"]), "")
    judged = next((item["id"] for item in reversed(result["exchanges"]) if item["role"] == "judged"), "")
    kept = {"accepted", "reason", "expectation", "violations", "exchanges"}
    lines = curl.lines(result["exchanges"], shown or judged) if shown or judged else []
    more = {"exchanges": fitting.fitted(result["exchanges"], limit), "curl": fitting.whole(lines, limit)}
    return {name: value for name, value in result.items() if name in kept} | more


def _shares(document: ResultsDocument) -> list[JsonObject]:
    """The verdicts that occurred, as parts of the whole in percent."""
    total = len(document["results"])
    shares: list[JsonObject] = []
    start = 0.0
    for verdict in VERDICTS:
        if number := document["summary"].get(verdict, 0):
            width = round(100 * number / total, 3)
            shares.append({"verdict": verdict, "count": number, "start": round(start, 3), "width": width})
            start += width
    return shares


def _load(document: ResultsDocument) -> JsonObject:
    """What the page shows of a load test; nothing of another run."""
    if "load" not in document:
        return {}
    figures = document["load"]
    return {
        "lines": [line.strip() for line in loads.lines(figures) if not line.startswith(" ")],
        "rows": load.rows(figures),
        "plots": load.plots(figures),
        "width": load.WIDTH,
        "height": load.HEIGHT,
    }


def _plot(distribution: latency.Distribution, axis: latency.Scale) -> JsonObject:
    first, median, third = (axis.at(seconds) for seconds in distribution.quartiles)
    return {
        "operation": distribution.operation,
        "number": len(distribution.seconds),
        "median": latency.duration(distribution.quartiles[1]),
        "p95": latency.duration(distribution.p95),
        "longest": latency.duration(distribution.seconds[-1]),
        "box": (first, round(third - first, 2)),
        "middle": median,
        "marks": latency.marks(distribution, axis),
    }
