"""What ends a run of pytest on the terminal: the causes, then the verdict table."""

from collections.abc import Sequence

import pytest

from pytest_nac_qod.report.records import About, CaseRecord
from pytest_nac_qod.report.terminal import causes, painting, table


def show(
    reporter: pytest.TerminalReporter, about: About, results: Sequence[CaseRecord], *, unfinished: str = ""
) -> None:
    """Print both; in colours where people look at it."""
    writer = reporter.config.get_terminal_writer()
    coloured = painting.wanted(terminal=bool(reporter.isatty), markup=writer.hasmarkup)
    if told := list(causes.lines(results, verbose=reporter.config.get_verbosity() > 0)):
        reporter.section("QoD causes")
        for line in painting.painted(told) if coloured else told:
            reporter.line(line)
    reporter.section("QoD conformance")
    width = writer.fullwidth if coloured else None
    for line in table.lines(about, results, unfinished=unfinished, coloured=width):
        reporter.line(line)
