"""nac-qod load: valid sessions as the users of a load test, with the judge watching."""

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from pytest_nac_qod.commands import Subparsers, add_release_dir, drafted, port
from pytest_nac_qod.foundation.jsontypes import Json

if TYPE_CHECKING:
    from pytest_nac_qod.load.running import LoadTest

EXAMPLE = "nac-qod load --target operator.toml --users 20 --rate 10"
_EPILOG = """\
The engine is Locust; its locustfile, which --locustfile prints, works with plain locust -f as well, on as many machines
as there are. Users share out the devices of the target file (devices.default and devices.pool) and its clients; each
has ports of its own, so that what may conflict is known. All that is created is deleted again, also after Ctrl-C.
Exit status: 0 nothing required is broken, 1 a requirement is broken, or something is left at the target, 2 unusable
options or target file, 3 nothing could be judged.
"""


def add(subparsers: Subparsers) -> None:
    """Declare the command."""
    load = subparsers.add_parser(
        "load",
        help="send valid requests as many users at once, and judge the answers",
        epilog=_EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    load.add_argument("--target", type=Path, metavar="FILE", help="target file (default: the embedded server)")
    load.add_argument("--users", type=_number, default=20, help="how many (default 20)")
    load.add_argument("--spawn-rate", type=_amount, default=5.0, help="users that are added in a second (default 5)")
    load.add_argument("--time", type=_amount, default=30.0, metavar="SECONDS", help="how long (default 30)")
    load.add_argument("--workers", type=_number, default=1, help="processes that send requests (default 1)")
    load.add_argument("--rate", type=_amount, help="requests a second at most; needed for anything but loopback")
    load.add_argument("--seed", type=int, default=0, help="of what is drawn (default 0)")
    load.add_argument("--yes", action="store_true", help="create sessions at a target that is not on this machine")
    load.add_argument("--web", type=port, metavar="PORT", help="watch it on Locust's page, on loopback")
    load.add_argument("--release", help="of the embedded server (default: the current one)")
    add_release_dir(load)
    load.add_argument("--fault", action="append", default=[], metavar="NAME", help="defect of the embedded server")
    load.add_argument("--legal", action="append", default=[], metavar="NAME", help="legal behaviour of it")
    load.add_argument("--report", type=Path, metavar="DIR", help="folder to write the report to, JUnit XML included")
    load.add_argument("--expectations", type=Path, metavar="FILE", help="file (TOML) of known failures")
    load.add_argument("--locustfile", action="store_true", help="print where the locustfile is, and do nothing else")


def _number(text: str) -> int:
    if not (text.isascii() and text.isdigit() and 0 < int(text[:9]) <= 10_000):
        raise argparse.ArgumentTypeError(f"expected a whole number from 1 to 10000, got {text!r}")
    return int(text)


def _amount(text: str) -> float:
    try:
        value = float(text)
    except ValueError:
        value = 0.0
    if not 0 < value <= 1e6:
        raise argparse.ArgumentTypeError(f"expected a number above 0, got {text!r}")
    return value


def run(args: argparse.Namespace) -> int:
    """Send, clean up, judge."""
    from pytest_nac_qod.commands.traffic import concluding
    from pytest_nac_qod.foundation.exits import EXIT_BROKEN, EXIT_OK, EXIT_UNJUDGED
    from pytest_nac_qod.foundation.problems import UnusableError
    from pytest_nac_qod.load import engine

    if args.locustfile:
        print(engine.locustfile())
        return EXIT_OK
    _check(args)
    from pytest_nac_qod.load import running
    from pytest_nac_qod.report.terminal import loads

    test = _test(args)
    with running.folder() as work:
        outcome = running.perform(test, work, lambda line: print(line, flush=True))
        if outcome.problem:
            raise UnusableError(outcome.problem.removeprefix("nac-qod: "))
        document = running.judged(test, outcome, work, _options(args))
    for line in loads.lines(document["load"]):
        print(line)
    status = concluding.conclude(document, args)
    for line in outcome.left:
        print(f"left at the target: {line}")
    if outcome.left:
        return EXIT_BROKEN
    return status or (EXIT_UNJUDGED if outcome.interrupted else EXIT_OK)


def _test(args: argparse.Namespace) -> "LoadTest":
    from pytest_nac_qod.contracts import CURRENT
    from pytest_nac_qod.load.engine import Size
    from pytest_nac_qod.load.running import LoadTest

    return LoadTest(
        size=Size(users=args.users, spawn_rate=args.spawn_rate, seconds=args.time, workers=args.workers),
        target=args.target,
        release=drafted(args, args.release) or CURRENT,
        faults=tuple(args.fault),
        legal=tuple(args.legal),
        seed=args.seed,
        rate=args.rate,
        web=args.web,
    )


def _options(args: argparse.Namespace) -> dict[str, Json]:
    """The options as results.json has them."""
    told = {name: getattr(args, name) for name in ("users", "spawn_rate", "time", "workers", "rate")}
    given = {name.replace("_", "-"): f"{value:g}" for name, value in told.items() if value is not None}
    return given | {name: list(getattr(args, name)) for name in ("fault", "legal") if getattr(args, name)}


def _check(args: argparse.Namespace) -> None:
    """Return when the load test can be.

    Raises:
        UnusableError: it cannot; the message names the option.
    """
    from importlib.util import find_spec

    from pytest_nac_qod.commands.traffic import concluding
    from pytest_nac_qod.foundation.problems import UnusableError

    if missing := [name for name in ("locust", "hypothesis") if find_spec(name) is None]:
        raise UnusableError(f'nac-qod load needs {missing[0]}: pip install "pytest-nac-qod[load]"')
    concluding.check_files(args)
    if args.target is None:
        return
    for name in ("release", "release-dir", "fault", "legal"):
        if getattr(args, name.replace("-", "_")):
            raise UnusableError(f"--{name}: is of the embedded server; leave it out, or --target")
    _check_target(args)


def _check_target(args: argparse.Namespace) -> None:
    from pytest_nac_qod.foundation.problems import UnusableError
    from pytest_nac_qod.load.plan import lacking
    from pytest_nac_qod.run.manners import live
    from pytest_nac_qod.target.file import load_target

    target = load_target(args.target)
    for problem in lacking(target)[:1]:
        raise UnusableError(f"{args.target}: {problem}")
    if not live(target):
        return
    if not args.yes:
        raise UnusableError("--yes: the target is not on this machine; say that sessions may be created there")
    if args.rate is None:
        raise UnusableError("--rate: the target is not on this machine; say how many requests a second it may get")
