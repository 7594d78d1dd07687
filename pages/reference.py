"""Reference pages: commands, options, fixtures, markers, verdicts, causes, contradictions, faults."""

import argparse
import ast
import inspect
import os
import re
from collections.abc import Iterator, Mapping
from types import ModuleType

from pages.markdown import block, cell, code, page, plain, table
from pytest_nac_qod import catalogue, contracts, fixtures, plugin
from pytest_nac_qod.cli import parser
from pytest_nac_qod.proof.explain.rows import named_rows
from pytest_nac_qod.proof.explain.tables import table as explained
from pytest_nac_qod.reference.faults import faults, generated_faults
from pytest_nac_qod.reference.legal import legal, names, releases
from pytest_nac_qod.run.options import OPTIONS
from pytest_nac_qod.sdk.cases import client_cases

Pages = Mapping[str, str]


def pages() -> Pages:
    """Each page by its name."""
    return {
        "reference/commands.md": _commands(),
        "reference/options.md": _options(),
        "reference/fixtures.md": _fixtures(),
        "reference/verdicts.md": _verdicts(),
        "reference/causes.md": _causes(),
        "reference/contradictions.md": _contradictions(),
        "reference/faults.md": _faults(),
        "reference/client-cases.md": _client_cases(),
    }


def _commands() -> str:
    os.environ["COLUMNS"] = "100"
    top = parser()
    (subparsers,) = (action for action in top._actions if isinstance(action, argparse._SubParsersAction))  # noqa: SLF001
    sections = [
        f"## nac-qod {name}\n\n{block(command.format_help().splitlines())}"
        for name, command in subparsers.choices.items()
    ]
    return page("Commands", "What `nac-qod COMMAND --help` prints.", *sections)


def _options() -> str:
    rows = [
        (
            cell(f"--{option.name}{f' {option.metavar}' if option.metavar else ''}"),
            cell(f"--qod-{option.name}"),
            cell(option.key),
            plain(option.help),
        )
        for option in OPTIONS
    ]
    said = "Options of `nac-qod check`, of pytest, and keys of the ini file. Those of `several` may be repeated."
    return page(
        "Options", said.split(" Those", maxsplit=1)[0], table(("nac-qod check", "pytest", "ini file", "does"), rows)
    )


def _fixtures() -> str:
    rows = [(code(name), scope, plain(told)) for name, scope, told in declared(fixtures)]
    marks = [(code(mark.partition(":")[0]), plain(mark.partition(":")[2].strip())) for mark in markers()]
    return page(
        "Fixtures and markers",
        "Installing the package activates the plugin; what a fixture needs is imported when a test uses it.",
        table(("fixture", "scope", "gives"), rows),
        "## Markers",
        table(("marker", "means"), marks),
    )


def declared(module: ModuleType) -> Iterator[tuple[str, str, str]]:
    """Name, scope and docstring of each fixture of a module, as its source has them."""
    for node in ast.parse(inspect.getsource(module)).body:
        if isinstance(node, ast.FunctionDef) and node.decorator_list and not node.name.startswith("_"):
            words = [ast.unparse(mark) for mark in node.decorator_list]
            if any("fixture" in word for word in words):
                scope = re.search(r"scope=.(\w+)", " ".join(words))
                yield node.name, scope[1] if scope else "function", (ast.get_docstring(node) or "")


def markers() -> list[str]:
    """Each marker that the plugin registers, with what it means."""
    source = inspect.getsource(plugin)
    texts = re.findall(r'addinivalue_line\("markers", f?"([^"]+)"\)', source)
    return [text.replace("{PURPOSE}", "qod_purpose") for text in texts]


def _verdicts() -> str:
    entries = explained("verdicts.toml", "pytest_nac_qod").items()
    rows = [(code(name), *(plain(entry[key]) for key in ("means", "counts", "mend"))) for name, entry in entries]
    exits = (
        ("0", "nothing required is broken"),
        ("1", "a requirement is broken, or an expectation is stale"),
        ("2", "an option, the target file or the contract is unusable"),
        ("3", "no judgement is possible: an error, an inconclusive case, or nothing was executed"),
    )
    return page(
        "Verdicts and exit status",
        table(("verdict", "means", "counts", "what to do"), rows),
        "## Exit status",
        table(("exit status", "means"), exits),
    )


def _causes() -> str:
    rows = [
        (code(name), plain(entry["means"]), plain(entry["mend"]), code(entry.get("fault", "")))
        for name, entry in explained("causes.toml").items()
    ]
    return page(
        "Causes",
        "A cause is one thing that is wrong with a target, with all cases that fail because of it. Its id is the same "
        "in each run; `{…}` stands for a name of the run. `nac-qod explain` takes the id as it is printed.",
        table(("id", "means", "how to mend", "fault that shows it"), rows),
    )


def _contradictions() -> str:
    used: dict[str, list[str]] = {}
    for key, versions in named_rows().items():
        for row in versions.values():
            reasons = (item.reason for item in (*row.lenient, *row.inapplicable))
            for name in dict.fromkeys((*(reading.key for reading in row.readings), *reasons)):
                used.setdefault(name, []).append(key)
    sections = [
        f"## {key}\n\n{plain(reading.texts)}\n\n**Judged:** {plain(reading.decision)}\n\n{_links(used.get(key, []))}"
        for key, reading in catalogue.readings().items()
    ]
    said = "Where published texts disagree, or leave open what is right: which reading the suite judges by."
    return page("Published contradictions", said, *sections)


def _links(ids: list[str]) -> str:
    links = [f"[{item}](../rows/{item}.md)" for item in dict.fromkeys(ids)]
    return f"Rows: {', '.join(links)}" if links else "No row of its own: a check within other cases is judged by it."


def _faults() -> str:
    broken = [(cell(name), plain(fault.breaks)) for name, fault in {**faults(), **generated_faults()}.items()]
    allowed = [(cell(name), plain(legal(releases(name)[-1])[name].does), ", ".join(releases(name))) for name in names()]
    return page(
        "Faults and legal behaviours",
        "What the embedded server can do wrong (`--fault NAME`), and what it can do otherwise without being wrong "
        f"(`--legal NAME`); {len(contracts.RELEASES)} releases.",
        "## Faults",
        table(("fault", "breaks"), broken),
        "## Legal behaviours",
        table(("behaviour", "does", "releases"), allowed),
    )


def _client_cases() -> str:
    rows = [(cell(case.id), plain(case.requires), plain(case.clause)) for case in client_cases().values()]
    return page("Cases for clients", table(("case", "requires", "clause"), rows))
