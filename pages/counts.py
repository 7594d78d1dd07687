"""Counts in pages that people write: `python -m pages.counts` brings each of them up to date."""

import re
import sys
from collections import Counter
from collections.abc import Callable, Mapping
from pathlib import Path

from pytest_nac_qod import catalogue, contracts
from pytest_nac_qod.reference.faults import concurrent_faults, faults, generated_faults
from pytest_nac_qod.reference.legal import names

ROOT = Path(__file__).parent.parent
Said = Callable[[re.Match[str]], str]
_WORDS = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve")


def stale(root: Path = ROOT) -> dict[Path, str]:
    """The pages that count otherwise than there is, each as it should read.

    Raises:
        LookupError: a page has no sentence any more in which a count stood.
    """
    pages = {root / name: (root / name).read_text(encoding="utf-8") for name in _places()}
    right = {path: counted(path.relative_to(root).as_posix(), text) for path, text in pages.items()}
    return {path: text for path, text in right.items() if text != pages[path]}


def counted(name: str, text: str) -> str:
    """The text of a page with its counts as they are; `name` is its path from the top of the repository."""
    for pattern, said in _places()[name].items():
        text, number = re.subn(pattern, said, text, flags=re.MULTILINE)
        if not number:
            raise LookupError(f"{name}: nothing reads like {pattern!r}; mend the sentence, or take it out of counts.py")
    return text


def _places() -> Mapping[str, Mapping[str, Said]]:
    """By page, what a count reads like, and what it should read like."""
    every = len(faults()) + len(generated_faults())
    return {
        "README.md": {
            r"^\| (r[\d.]+) (\([^)]*\)) \| \d+ \| \d+ \| \d+ \| \d+ \|": _release,
            r"each of \d+ faults": lambda _: f"each of {every} faults",
        },
        "docs/proof.md": {
            r"has \d+ named defects, \d+ of which": lambda _: (
                f"has {every} named defects, {len(generated_faults())} of which"
            ),
            r"can have \d+ such behaviours": lambda _: f"can have {len(names())} such behaviours",
        },
        "docs/comparison.md": {r"\d+ to \d+ scenarios for each release": _scenarios},
        "docs/load.md": {
            r"lists \w+ defects of the embedded server that only these find": lambda _: (
                f"lists {_word(len(concurrent_faults()))} defects of the embedded server that only these find"
            )
        },
        "docs/running.md": {
            r"^((?:qos|qod|quality)\S+ \S+ +)\d+( +0 +0)$": _operation,
            r"^(all +)\d+( +0 +0)$": lambda line: _filled(line, _cases().total()),
            r"nothing required is broken \(\d+ cases\)": lambda _: (
                f"nothing required is broken ({_cases().total()} cases)"
            ),
        },
    }


def _release(line: re.Match[str]) -> str:
    """The row of a release: scenarios, cases of scenarios, rules, rules that generate requests."""
    release, apis = line[1], contracts.apis(line[1])
    kinds = Counter(row.kind for row in catalogue.rows(release))
    cases = sum(case.row.kind == "scenario" for case in catalogue.cases(release, apis))
    counts = (kinds["scenario"], cases, kinds["rule"], len(catalogue.generated_rules(release)))
    return f"| {release} {line[2]} | {' | '.join(map(str, counts))} |"


def _scenarios(_: re.Match[str]) -> str:
    counts = [sum(map(len, catalogue.entries(release).values())) for release in contracts.RELEASES]
    return f"{min(counts)} to {max(counts)} scenarios for each release"


def _cases() -> Counter[str]:
    """How many cases each operation of the current release has."""
    release = contracts.CURRENT
    offered = catalogue.offered(release, contracts.apis(release), generated=True)
    return Counter(f"{case.row.api} {case.row.operation}" for case in offered)


def _operation(line: re.Match[str]) -> str:
    return _filled(line, _cases()[line[1].strip()])


def _filled(line: re.Match[str], count: int) -> str:
    """The line with another count, as wide as before."""
    before, after = line[1], line[2]
    width = len(line[0]) - len(after)
    return f"{before.rstrip()}{str(count).rjust(width - len(before.rstrip()))}{after}"


def _word(count: int) -> str:
    return _WORDS[count] if count < len(_WORDS) else str(count)


if __name__ == "__main__":
    for page, right in stale().items():
        page.write_text(right, encoding="utf-8")
        sys.stdout.write(f"{page.relative_to(ROOT)}: counts brought up to date\n")
