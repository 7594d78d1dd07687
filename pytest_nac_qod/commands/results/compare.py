"""nac-qod compare: say what got better and worse between two runs."""

import argparse
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from pytest_nac_qod.commands import Subparsers

if TYPE_CHECKING:
    from pytest_nac_qod.report.records import ResultsDocument

EXAMPLE = "nac-qod compare before after"


def add(subparsers: Subparsers) -> None:
    """Declare the command."""
    compare = subparsers.add_parser(
        "compare", help="say what got better and worse; exit status 1 when something is worse"
    )
    compare.add_argument(
        "runs", nargs="+", type=Path, metavar="RESULTS", help="results.json of a run, or its folder; the earlier first"
    )
    compare.add_argument("--html", action="store_true", help="write a page with two or more of them side by side")
    compare.add_argument(
        "-o", "--output", type=Path, default=Path("compare.html"), metavar="FILE", help="that page (compare.html)"
    )
    compare.add_argument(
        "--threshold",
        type=_share,
        default=0.2,
        metavar="SHARE",
        help="of load tests: by what share a figure has to change to be better or worse (default 0.2)",
    )


def _share(text: str) -> float:
    try:
        value = float(text)
    except ValueError:
        value = -1.0
    if not 0 <= value < 1:
        raise argparse.ArgumentTypeError(f"expected a number from 0 up to 1, got {text!r}")
    return value


def run(args: argparse.Namespace) -> int:
    """Print the differences of two runs, or write a page of any number."""
    from pytest_nac_qod.foundation.problems import UnusableError
    from pytest_nac_qod.report import results

    if len(args.runs) < 2 or (len(args.runs) > 2 and not args.html):
        raise UnusableError("give two runs; --html takes more")
    documents = [results.read(path) for path in args.runs]
    return _page(args, documents) if args.html else _differences(documents[0], documents[1], args.threshold)


def _page(args: argparse.Namespace, documents: "Sequence[ResultsDocument]") -> int:
    from pytest_nac_qod.foundation.exits import EXIT_OK
    from pytest_nac_qod.foundation.outputs import check_file
    from pytest_nac_qod.report.page import side

    check_file("--output", args.output)
    runs = [side.Named(str(path), document) for path, document in zip(args.runs, documents, strict=True)]
    args.output.write_text(side.html(runs), encoding="utf-8")
    print(args.output)
    return EXIT_OK


def _differences(old: "ResultsDocument", new: "ResultsDocument", threshold: float) -> int:
    from pytest_nac_qod.foundation.exits import EXIT_BROKEN
    from pytest_nac_qod.report import comparing, comparing_loads

    loads = comparing_loads.of_loads(old, new)
    changes = comparing.compare(old, new)
    for line in comparing.lines(changes, complete=new["complete"]):
        print(line)
    if not loads:
        return changes.status
    figures = list(comparing_loads.changes(old["load"], new["load"], threshold))
    for line in comparing_loads.lines(figures):
        print(line)
    return EXIT_BROKEN if any(figure.worse for figure in figures) else changes.status
