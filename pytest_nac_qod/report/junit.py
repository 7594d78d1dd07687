"""junit.xml: the results in the one format that every CI system shows."""

from collections.abc import Iterator, Sequence
from xml.etree import ElementTree as ET

from pytest_nac_qod.foundation.visible import one_line, visible
from pytest_nac_qod.report import parts, standard
from pytest_nac_qod.report.records import CaseRecord, ResultsDocument
from pytest_nac_qod.report.results import release_of
from pytest_nac_qod.report.statement import complete
from pytest_nac_qod.report.terminal import failure

FILE = "junit.xml"
_ELEMENTS = {
    "fail": "failure",
    "stale": "failure",
    "error": "error",
    "inconclusive": "error",
    "not_tested": "skipped",
    "not_applicable": "skipped",
    "known": "skipped",
}


def xml(document: ResultsDocument) -> bytes:
    """The results as JUnit XML, a suite for each operation; scenario id, release, verdict and clauses as properties."""
    results = document["results"]
    root = ET.Element("testsuites", _counts(results), name=document["suite"]["name"])
    for api, operation in dict.fromkeys((result["api"], result["operation"]) for result in results):
        of_operation = [result for result in results if (result["api"], result["operation"]) == (api, operation)]
        root.append(_suite(document, f"{api} {operation}", of_operation))
    if not document["complete"]:
        root.append(_unfinished(document))
    ET.indent(root)
    written: bytes = ET.tostring(root, encoding="utf-8", xml_declaration=True)
    return written + b"\n"


def _counts(results: Sequence[CaseRecord]) -> dict[str, str]:
    kinds = [_ELEMENTS.get(result["verdict"], "") for result in results]
    return {
        "tests": str(len(results)),
        "failures": str(kinds.count("failure")),
        "errors": str(kinds.count("error")),
        "skipped": str(kinds.count("skipped")),
        "time": f"{sum(result['seconds'] for result in results):.3f}",
    }


def _suite(document: ResultsDocument, name: str, results: Sequence[CaseRecord]) -> ET.Element:
    suite = ET.Element("testsuite", _counts(results), name=one_line(name))
    if started := document.get("run", {}).get("started"):
        suite.set("timestamp", one_line(started))
    _properties(
        suite,
        [
            *(("judged_by", sentence) for sentence in standard.sentences(document)),
            ("release", document["release"]),
            ("mode", document["mode"]),
            ("target", document["target"]["name"]),
            ("complete", "true" if document["complete"] else "false"),
            *([("part", part)] if (part := parts.said(document.get("run", {}).get("part"))) else []),
        ],
    )
    suite.extend(_case(result, release_of(document, result)) for result in results)
    return suite


def _case(result: CaseRecord, release: str) -> ET.Element:
    case = ET.Element(
        "testcase",
        name=one_line(failure.title(result)),
        classname=one_line(f"{release}.{result['api']}.{result['operation']}"),
        time=f"{result['seconds']:.3f}",
    )
    _properties(case, _facts(result, release))
    if element := _ELEMENTS.get(result["verdict"]):
        _, *rest = failure.lines(result, release)
        case.append(ET.Element(element, message=one_line(_message(result)), type=result["verdict"]))
        case[-1].text = visible("\n".join(rest))
    elif result["verdict"] == "warn" or any(item.get("severity") == "may" for item in result["violations"]):
        ET.SubElement(case, "system-out").text = visible(failure.text(result, release))
    return case


def _facts(result: CaseRecord, release: str) -> Iterator[tuple[str, str]]:
    yield result["kind"], result["id"]
    if result["case"]:
        yield "case", result["case"]
    yield "release", release
    yield "verdict", result["verdict"]
    for cause in result.get("causes", []):
        yield "cause", cause
    for clause in dict.fromkeys(violation["clause"] for violation in result["violations"]):
        yield "clause", clause


def _message(result: CaseRecord) -> str:
    broken = [item for item in result["violations"] if item.get("severity", "must") == "must"] or result["violations"]
    if broken:
        return f"expected {broken[0]['expected']}; actual {broken[0]['actual']}"
    return str(result["reason"] or result["verdict"])


def _properties(parent: ET.Element, facts: Sequence[tuple[str, str]] | Iterator[tuple[str, str]]) -> None:
    properties = ET.SubElement(parent, "properties")
    for name, value in facts:
        ET.SubElement(properties, "property", name=name, value=one_line(value))


def _unfinished(document: ResultsDocument) -> ET.Element:
    suite = ET.Element("testsuite", name="run", tests="1", failures="0", errors="1", skipped="0", time="0.000")
    case = ET.SubElement(suite, "testcase", name="the run is complete", classname="run", time="0.000")
    ET.SubElement(case, "error", message=one_line(complete(document).removeprefix("no: ")), type="incomplete")
    return suite
