"""nac-qod preflight: look at everything that would spoil a run."""

import argparse
from pathlib import Path

from pytest_nac_qod.commands import Subparsers, add_options

_OPTIONS = (
    "target",
    "url",
    "token",
    "release",
    "release-dir",
    "api",
    "operation",
    "scenario",
    "level",
    "mandatory",
    "max-examples",
    "sink-url",
)

EXAMPLE = "nac-qod preflight --target operator.toml"


def add(subparsers: Subparsers) -> None:
    """Declare the command."""
    preflight = subparsers.add_parser(
        "preflight",
        help="look at everything that would spoil a run, without creating a session",
        epilog="Exit status: 0 a run can start, 1 something would spoil it, 2 unusable options or target file.",
    )
    add_options(preflight, _OPTIONS)
    preflight.add_argument("-v", "--verbose", action="store_true", help="list every case that cannot be run, and why")


def look(target: Path) -> int:
    """Print what is seen of the target of a file, the worst first; returns the exit status."""
    chosen = {name.replace("-", "_"): None for name in _OPTIONS}
    return run(argparse.Namespace(**chosen | {"target": str(target), "verbose": False}))


def run(args: argparse.Namespace) -> int:
    """Print what is seen, the worst first."""
    import pytest

    from pytest_nac_qod import preflight
    from pytest_nac_qod.run.plan import plan
    from pytest_nac_qod.run.settings import settings
    from pytest_nac_qod.target import TargetError

    try:
        planned = plan(settings(vars(args)))
    except pytest.UsageError as error:
        raise TargetError(str(error).replace("--qod-", "--")) from None
    if planned.target is None:
        raise TargetError("preflight looks at a target; give --target or --url")
    seen = preflight.worst_first(preflight.preflight(planned, planned.target, verbose=args.verbose))
    for finding in seen:
        print("\n".join(preflight.lines(finding, planned.redactor)), flush=True)
    return preflight.status(seen)
