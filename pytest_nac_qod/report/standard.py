"""What a run was judged by: a published release, a draft of one, or a document of somebody's own."""

from collections.abc import Iterator
from typing import Final

from pytest_nac_qod.foundation.visible import one_line
from pytest_nac_qod.report.records import About, ResultsDocument, RunRecord, StandardRecord
from pytest_nac_qod.report.results import level_of

OWN: Final = "own document"
_DIGITS = 12  # of a sum, where there is little room


def label(about: About | ResultsDocument) -> str:
    """What was judged by, as a heading has it: `CAMARA RELEASE`, unless it was something else."""
    others = about.get("judged_by", [])
    published = [] if any(_covers(about, other) for other in others) else [f"CAMARA {about['release']}"]
    return " and ".join([*map(_named, others), *published])


def short(about: About | ResultsDocument) -> str:
    """As `label`, for one line among others."""
    others = about.get("judged_by", [])
    named = [f"{_named(other)}, SHA-256 {other['sha256'][:_DIGITS]}…" for other in others]
    return "; ".join(named) if others else str(about["release"])


def title(about: About | ResultsDocument) -> str:
    """What follows the headline: nothing of a published release."""
    return f", judged by {label(about)}" if about.get("judged_by") else ""


def sentences(about: About | ResultsDocument) -> Iterator[str]:
    """What a reader has to know of what was judged by, unless it is a published release."""
    for other in about.get("judged_by", []):
        if other["kind"] == OWN:
            yield (
                f"{' and '.join(other['apis'])}: judged by the own document {one_line(other['name'])} "
                f"(SHA-256 {other['sha256']}), not by CAMARA {other['release']}; against that: {changes(other)}."
            )
        else:
            yield f"{other['name']} is a draft (SHA-256 {other['sha256']}), not a published release."
        if untested := other.get("untested"):
            yield f"No published scenario tests {', '.join(untested)}."


def document_line(standard: StandardRecord) -> str:
    """The document with its sum, and how it differs from the release."""
    return f"{standard['name']}: SHA-256 {standard['sha256']}; against {standard['release']}: {changes(standard)}"


def changes(standard: StandardRecord) -> str:
    """How it differs from the release, such as `2 looser, 1 other`."""
    counts = [f"{number} {weight}" for weight, number in standard["changes"].items() if number]
    return ", ".join(counts) or "it requires the same"


def level(about: About | ResultsDocument, run: RunRecord) -> str:
    """The level of the run, which is never the release's when an own document was judged by."""
    own = any(other["kind"] == OWN for other in about.get("judged_by", []))
    return OWN if own else level_of(run)


def _named(standard: StandardRecord) -> str:
    if standard["kind"] == OWN:
        return f"own document {one_line(standard['name'])}"
    return f"draft of {standard['name']}"


def _covers(about: About | ResultsDocument, standard: StandardRecord) -> bool:
    """Whether nothing was judged by the published release beside it."""
    return standard["kind"] == "draft" or set(about["target"]["apis"]) <= set(standard["apis"])
