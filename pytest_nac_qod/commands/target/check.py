"""nac-qod check: run the conformance suite, which is a run of pytest."""

import argparse
import os
import sys
from collections.abc import Collection
from pathlib import Path

from pytest_nac_qod.commands import Subparsers, add_options
from pytest_nac_qod.foundation.exits import EXIT_OK, EXIT_UNJUDGED, EXIT_USAGE
from pytest_nac_qod.foundation.releases import CURRENT
from pytest_nac_qod.run.options import OPTIONS

# pytest's own exit codes, where they mean something else than ours: interrupted, usage error, nothing collected
NOTHING = 5
_PLUGIN = "pytest_nac_qod.plugin"
_LISTING = frozenset({"list", "release", "api", "operation", "scenario", "level", "mandatory"})  # options
_WHOLE = frozenset({"release", "level", "mode", "report", "sign", "max-examples", "seed", "expectations", "jobs"})
_MOST = 8  # processes
_FROM_PYTEST = {2: EXIT_UNJUDGED, 4: EXIT_USAGE, NOTHING: EXIT_UNJUDGED}
# options of pytest that make use of what it writes down of a run
_CACHED = ("--lf", "--last-failed", "--ff", "--failed-first", "--nf", "--new-first", "--sw", "--stepwise", "--cache")
# pytest takes arguments and plugins from them, and a test that starts a run may itself be one of a worker's
_STEERING = ("PYTEST_ADDOPTS", "PYTEST_PLUGINS", "PYTEST_XDIST_WORKER", "PYTEST_XDIST_WORKER_COUNT")

EXAMPLE = "nac-qod check --target operator.toml --report out"


def add(subparsers: Subparsers) -> None:
    """Declare the command."""
    check = subparsers.add_parser(
        "check",
        help="run the conformance suite against the embedded server, a URL or a target file",
        epilog="All that follows -- goes to pytest. Exit status: 0 nothing required is broken, 1 a requirement is "
        "broken, 2 unusable options, target file or contract, 3 the run could not judge.",
    )
    check.add_argument("-v", "--verbose", action="store_true", help="show each case that fails, beside the causes")
    add_options(check, (option.name for option in OPTIONS))


def run(args: argparse.Namespace) -> int:
    """Run the suite; `args.rest` are the words for pytest."""
    if (lines := _listed(args)) is not None:
        print("\n".join(lines))
        return EXIT_OK
    import pytest

    from pytest_nac_qod.jobs.loop import JobLoop
    from pytest_nac_qod.jobs.quick_end import QuickEnd
    from pytest_nac_qod.report.terminal.progress import Progress

    # the suite asserts nothing, and pytest would rewrite every module of a plugin that is installed; one of its own
    # looks through all memory ten times at the end
    quick = ["--assert=plain", "-p", "no:unraisableexception"]
    if not args.rest:  # nobody asks for what is logged, which two hooks would gather around each phase of a case
        quick += ["-p", "no:logging"]
    # or it leaves a folder .pytest_cache
    traceless = () if any(word.startswith(_CACHED) for word in args.rest) else ("-p", "no:cacheprovider")
    brief = () if args.verbose else ("--tb=no", "-rN", "--no-header")  # the causes tell it
    processes = spread(args)
    plugins = _plugins(alone=not args.rest, needed=("xdist",) if processes else ())
    arguments = [*plugins, *processes, *quick, *traceless, *brief, *_alone(), *pytest_options(args), *args.rest]
    steering = {name: os.environ.pop(name) for name in _STEERING if name in os.environ}
    try:
        progress = Progress()
        more = [QuickEnd()] if processes else []
        status = int(pytest.main(arguments, plugins=[progress, JobLoop(progress.show), *more]))
    finally:
        os.environ.update(steering)
    if status == NOTHING:
        print("nothing was run: the arguments after -- leave out every case", file=sys.stderr)
    return _FROM_PYTEST.get(status, status)


def spread(args: argparse.Namespace) -> list[str]:
    """Have pytest-xdist spread the suite over processes, where it is run as a whole and each can have its own server.

    That is on the embedded one: what it takes is processor time. `--jobs` says how many.
    """
    from importlib.util import find_spec

    asked = _asked(args)
    jobs = str(args.jobs or min(_MOST, os.cpu_count() or 1))
    if args.rest or not asked <= _WHOLE or not jobs.isdecimal() or not 1 < int(jobs) <= _MOST:
        return []
    return ["-n", jobs, "--dist", "worksteal"] if find_spec("xdist") else []


def _asked(args: argparse.Namespace) -> set[str]:
    """The options that were given."""
    return {option.name for option in OPTIONS if getattr(args, option.name.replace("-", "_"))}


def _alone() -> list[str]:
    """Name the suite such that pytest reads neither configuration nor conftest.py of the current folder."""
    suite = _folder()
    return [
        "-c",
        os.devnull,
        "--rootdir",
        str(Path.cwd()),
        "--confcutdir",
        suite,
        "--pyargs",
        suite,
    ]


def _folder() -> str:
    """Where the suite is; pytest looks for a conftest.py here instead of in the current folder."""
    from importlib.util import find_spec

    from pytest_nac_qod.report.parts import SUITE

    spec = find_spec(SUITE)
    assert spec is not None  # noqa: S101 - a part of this package
    return str(next(iter(spec.submodule_search_locations or ())))


def pytest_options(parsed: argparse.Namespace) -> list[str]:
    """The options of `nac-qod check` as pytest knows them."""
    words: list[str] = []
    for option in OPTIONS:
        value = getattr(parsed, option.name.replace("-", "_"))
        if option.kind == "flag":
            words += [f"--qod-{option.name}"] if value else []
        else:
            given = (value or ()) if option.kind == "several" else (value,) if value is not None else ()
            words += [f"--qod-{option.name}={item}" for item in given]
    return words


def _plugins(*, alone: bool, needed: Collection[str]) -> list[str]:
    """Have pytest load this plugin, also in a checkout that is not installed, and when `alone` no other but the needed.

    Others take time to load, and only words for pytest could ask them for anything.
    """
    from importlib.metadata import entry_points

    there = {entry.name: entry.value for entry in entry_points(group="pytest11")}
    known = _PLUGIN in there.values() and not os.environ.get("PYTEST_DISABLE_PLUGIN_AUTOLOAD")
    unused = [name for name, value in there.items() if value != _PLUGIN] if alone else ["randomly", "schemathesis"]
    without = [word for name in sorted(set(unused).difference(needed)) for word in ("-p", f"no:{name}")]
    named = [word for name in needed for word in ("-p", name)]  # or nothing may load them
    return [*named, *without] if known else ["-p", _PLUGIN, *named, *without]


def _listed(args: argparse.Namespace) -> list[str] | None:
    """What `--list` prints; None where more is asked for, or it cannot be done: pytest says so, which takes longer."""
    asked = _asked(args)
    if args.rest or "list" not in asked or not asked <= _LISTING:
        return None
    from pytest_nac_qod import catalogue
    from pytest_nac_qod.catalogue.levels import DEFAULT
    from pytest_nac_qod.catalogue.selection import Selection, SelectionError, select
    from pytest_nac_qod.report.terminal import listing

    release, apis = args.release or CURRENT, tuple(args.api or ())
    if release not in catalogue.releases() or not (served := {row.api for row in catalogue.rows(release)}).issuperset(
        apis
    ):
        return None
    chosen = Selection(
        operations=tuple(args.operation or ()),
        scenarios=tuple(args.scenario or ()),
        level=args.level or DEFAULT,
        mandatory=bool(args.mandatory),
    )
    try:
        offered = catalogue.offered(release, apis or tuple(served), generated=True)
        return list(listing.lines(select(offered, chosen)))
    except SelectionError:
        return None
