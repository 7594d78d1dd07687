"""junit.xml: the results in the one format that every CI system shows.

There are two common schemas of it, that of Ant (windyroad/JUnit-Schema) and that of Jenkins (junit-10.xsd of its xUnit
plugin); the file is valid by both. So only suites have properties and output, one property for each of their cases.
"""

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
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
    """The results as JUnit XML, a suite for each operation; what is known of a case is a property of its suite."""
    results = document["results"]
    root = ET.Element("testsuites")
    for api, operation in dict.fromkeys((result["api"], result["operation"]) for result in results):
        of_operation = [result for result in results if (result["api"], result["operation"]) == (api, operation)]
        root.append(_suite(document, len(root), (api, operation), of_operation))
    if not document["complete"]:
        root.append(_unfinished(document, len(root)))
    ET.indent(root)
    written: bytes = ET.tostring(root, encoding="utf-8", xml_declaration=True)
    return written + b"\n"


def _suite(
    document: ResultsDocument, number: int, operation: tuple[str, str], results: Sequence[CaseRecord]
) -> ET.Element:
    kinds = [_ELEMENTS.get(result["verdict"], "") for result in results]
    counts = {kind: kinds.count(kind) for kind in ("failure", "error", "skipped")}
    suite = _empty_suite(document, number, " ".join(operation), operation[0])
    suite.set("tests", str(len(results)))
    suite.set("failures", str(counts["failure"]))
    suite.set("errors", str(counts["error"]))
    suite.set("skipped", str(counts["skipped"]))
    suite.set("time", f"{sum(result['seconds'] for result in results):.3f}")
    releases = [release_of(document, result) for result in results]
    for name, value in [*_circumstances(document), *map(_facts, results, releases)]:
        ET.SubElement(suite[0], "property", name=one_line(name), value=one_line(value))
    suite.extend(map(_case, results, releases))
    notes = [failure.text(*case) for case in zip(results, releases, strict=True) if _noted(case[0])]
    return _with_output(suite, "\n".join(notes))


def _empty_suite(document: ResultsDocument, number: int, name: str, package: str) -> ET.Element:
    suite = ET.Element("testsuite", name=one_line(name), package=one_line(package), id=str(number))
    suite.set("timestamp", _began(document))
    suite.set("hostname", "localhost")  # whose machine it was is nobody's business
    ET.SubElement(suite, "properties")
    return suite


def _began(document: ResultsDocument) -> str:
    """When the run began, in UTC, to the second and without a time zone, as the schema of Ant wants it."""
    starts = [document["run"]["started"]] if "run" in document else []
    starts += [exchange["started"] for result in document["results"] for exchange in result["exchanges"][:1]]
    for start in starts:
        try:
            return datetime.fromisoformat(start).astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S")
        except (ValueError, OverflowError):
            continue
    return "1970-01-01T00:00:00"


def _circumstances(document: ResultsDocument) -> Iterator[tuple[str, str]]:
    yield from (("judged_by", sentence) for sentence in standard.sentences(document))
    yield "suite", f"{document['suite']['name']} {document['suite']['version']}"
    yield "release", document["release"]
    yield "mode", document["mode"]
    yield "target", document["target"]["name"]
    yield "complete", "true" if document["complete"] else "false"
    if part := parts.said(document.get("run", {}).get("part")):
        yield "part", part


def _facts(result: CaseRecord, release: str) -> tuple[str, str]:
    """What is known of a case, such as `scenario; RELEASE; fail; cause ID; clause POINTER`, under its title."""
    causes = [f"cause {cause}" for cause in result.get("causes", [])]
    clauses = [f"clause {clause}" for clause in dict.fromkeys(item["clause"] for item in result["violations"])]
    return failure.title(result), "; ".join([result["kind"], release, result["verdict"], *causes, *clauses])


def _case(result: CaseRecord, release: str) -> ET.Element:
    case = ET.Element(
        "testcase",
        name=one_line(failure.title(result)),
        classname=one_line(f"{release}.{result['api']}.{result['operation']}"),
        time=f"{result['seconds']:.3f}",
    )
    if element := _ELEMENTS.get(result["verdict"]):
        _, *rest = failure.lines(result, release)
        case.append(ET.Element(element, message=one_line(_message(result)), type=result["verdict"]))
        case[-1].text = visible("\n".join(rest))
    return case


def _noted(result: CaseRecord) -> bool:
    if result["verdict"] in _ELEMENTS:
        return False
    return result["verdict"] == "warn" or any(item.get("severity") == "may" for item in result["violations"])


def _message(result: CaseRecord) -> str:
    broken = [item for item in result["violations"] if item.get("severity", "must") == "must"] or result["violations"]
    if broken:
        return f"expected {broken[0]['expected']}; actual {broken[0]['actual']}"
    return str(result["reason"] or result["verdict"])


def _with_output(suite: ET.Element, output: str) -> ET.Element:
    ET.SubElement(suite, "system-out").text = visible(output)
    ET.SubElement(suite, "system-err")
    return suite


def _unfinished(document: ResultsDocument, number: int) -> ET.Element:
    suite = _empty_suite(document, number, "run", "run")
    suite.attrib.update(tests="1", failures="0", errors="1", skipped="0", time="0.000")
    case = ET.SubElement(suite, "testcase", name="the run is complete", classname="run", time="0.000")
    ET.SubElement(case, "error", message=one_line(complete(document).removeprefix("no: ")), type="incomplete")
    return _with_output(suite, "")
