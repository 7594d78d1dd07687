"""The nac-qod command."""

import argparse
import os
import sys
from collections.abc import Iterable, Sequence
from contextlib import suppress
from pathlib import Path
from typing import NoReturn

from pytest_nac_qod import __version__
from pytest_nac_qod.commands import terminal
from pytest_nac_qod.foundation.problems import UnusableError, reason
from pytest_nac_qod.report.parts import SUITE
from pytest_nac_qod.run import last_resort
from pytest_nac_qod.run.settings import OPTIONS
from pytest_nac_qod.sdk.options import add_commands
from pytest_nac_qod.verdicts import EXIT_OK, EXIT_UNJUDGED, EXIT_USAGE

EXIT_INTERRUPTED, EXIT_PIPE = 130, 141  # as shells have them, for SIGINT and SIGPIPE
# pytest's own exit codes, where they mean something else than ours: interrupted, usage error, nothing collected
_FROM_PYTEST = {2: EXIT_UNJUDGED, 4: EXIT_USAGE, 5: EXIT_UNJUDGED}
_STEERING = ("PYTEST_ADDOPTS", "PYTEST_PLUGINS")  # pytest takes arguments and plugins from them
_OF_PREFLIGHT = (
    "target",
    "url",
    "token",
    "release",
    "api",
    "operation",
    "scenario",
    "profile",
    "mandatory",
    "max-examples",
    "sink-url",
)


class _Parser(argparse.ArgumentParser):
    """Says in one line what is wrong."""

    def error(self, message: str) -> NoReturn:
        self.exit(EXIT_USAGE, last_resort.safe(f"{self.prog}: {message}; see {self.prog} --help") + "\n")


def _port(text: str) -> int:
    if not (text.isascii() and text.isdigit() and int(text[:6]) <= 65535):
        raise argparse.ArgumentTypeError(f"expected a port from 0 to 65535, got {text!r}")
    return int(text)


def parser() -> argparse.ArgumentParser:
    """The command line of nac-qod."""
    top: argparse.ArgumentParser = _Parser(
        prog="nac-qod", description="Conformance of Quality-on-Demand APIs (CAMARA)."
    )
    top.add_argument("--version", action="version", version=f"nac-qod {__version__}")
    commands = top.add_subparsers(dest="command", metavar="COMMAND", required=True)

    check = commands.add_parser(
        "check",
        help="run the conformance suite against the embedded server, a URL or a target file",
        epilog="All that follows -- goes to pytest. Exit status: 0 nothing required is broken, 1 a requirement is "
        "broken, 2 unusable options, target file or contract, 3 the run could not judge.",
    )
    check.add_argument("-v", "--verbose", action="store_true", help="show each case that fails, beside the causes")
    _add_options(check, (option.name for option in OPTIONS))

    preflight = commands.add_parser(
        "preflight",
        help="look at everything that would spoil a run, without creating a session",
        epilog="Exit status: 0 a run can start, 1 something would spoil it, 2 unusable options or target file.",
    )
    _add_options(preflight, _OF_PREFLIGHT)
    preflight.add_argument("-v", "--verbose", action="store_true", help="list every case that cannot be run, and why")

    serve = commands.add_parser("serve", help="run the embedded reference server until interrupted")
    serve.add_argument("--host", default="127.0.0.1", help="address to listen on (default 127.0.0.1)")
    serve.add_argument("--port", type=_port, default=9091, help="port to listen on, 0 for any (default 9091)")
    serve.add_argument("--release", help="CAMARA release to speak (default r3.2)")
    serve.add_argument("--fault", action="append", default=[], metavar="NAME", help="start with this defect")
    serve.add_argument(
        "--legal", action="append", default=[], metavar="NAME", help="start with this behaviour that documents allow"
    )
    serve.add_argument("--write-target", type=Path, metavar="FILE", help="write a target file for this server")

    init = commands.add_parser("init", help="write a commented target file to fill in")
    init.add_argument("file", nargs="?", type=Path, default=Path("target.toml"))

    certificate = commands.add_parser(
        "sink-certificate", help="write a certificate for the receiver of events, and the authority to trust it by"
    )
    certificate.add_argument("folder", type=Path, metavar="DIR", help="folder to write to")
    certificate.add_argument(
        "--host", action="append", default=[], help="name or address of sink.url; may be repeated (loopback is in it)"
    )

    contract = commands.add_parser("contract", help="show a contract, or compare two")
    what = contract.add_subparsers(dest="what", metavar="show|diff", required=True)
    show = what.add_parser("show", help="print the OpenAPI document of an API in a release")
    show.add_argument("--release", default="r3.2")
    show.add_argument("--api", default="quality-on-demand")
    diff = what.add_parser("diff", help="compare two documents by what they require; exit status 1 on a difference")
    diff.add_argument("a", help="file, or ours as r3.2:quality-on-demand")
    diff.add_argument("b", help="as A")

    report = commands.add_parser("report", help="make the other files of a report from its results.json")
    report.add_argument("results", type=Path, metavar="RESULTS", help="results.json, or the folder that it is in")
    report.add_argument("--output", type=Path, metavar="DIR", help="folder to write to (default: that of the results)")
    report.add_argument("--sign", type=Path, metavar="FILE", help="Ed25519 private key (PEM) to sign the report with")

    verify = commands.add_parser("verify", help="check that a report is what was made, and by whom it was signed")
    verify.add_argument("folder", type=Path, metavar="DIR", help="folder of the report")
    verify.add_argument("--key", type=Path, metavar="FILE", help="Ed25519 public key (PEM) that must have signed it")

    known = commands.add_parser("expectations", help="write a file of known failures from what failed in a run")
    known.add_argument(
        "--from", required=True, type=Path, dest="results", metavar="RESULTS", help="results.json, or its folder"
    )
    known.add_argument("-o", "--output", type=Path, metavar="FILE", help="file to write (default: the terminal)")

    compare = commands.add_parser(
        "compare", help="say what got better and worse; exit status 1 when something is worse"
    )
    compare.add_argument("old", type=Path, metavar="OLD", help="results.json of the earlier run, or its folder")
    compare.add_argument("new", type=Path, metavar="NEW", help="results.json of the later run, or its folder")

    add_commands(commands)

    _add_proofs(commands)

    _add_cleanup(commands)
    return top


def _add_proofs(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """What the embedded server can do otherwise: wrongly, or as the documents allow."""
    faults = commands.add_parser(
        "faults", help="list the defects of the embedded server, or run them: the proof of checks"
    )
    faults.add_argument("names", nargs="*", metavar="NAME", help="of a defect (default: all)")
    faults.add_argument(
        "--run", action="store_true", help="run them, print the kill matrix; exit status 1 if it is off"
    )
    faults.add_argument("--release", action="append", default=[], help="may be repeated (default: all)")
    faults.add_argument("--workers", type=int, help="processes to run in (default: one for each processor)")

    legal = commands.add_parser(
        "legal", help="list behaviours that the documents allow and the embedded server can have, with their basis"
    )
    legal.add_argument("names", nargs="*", metavar="NAME", help="of a behaviour (default: all)")
    legal.add_argument("--release", action="append", default=[], help="may be repeated (default: all)")


def _add_cleanup(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    cleanup = commands.add_parser("cleanup", help="delete what an interrupted run left on the target")
    cleanup.add_argument("--target", required=True, type=Path, metavar="FILE", help="target file of that run")
    cleanup.add_argument(
        "--interactive",
        action="store_true",
        help="ask whether to delete what may be somebody else's (default: name it)",
    )
    cleanup.add_argument("--ledger", type=Path, metavar="FILE", help="its ledger (default: in the current folder)")


def _add_options(command: argparse.ArgumentParser, names: Iterable[str]) -> None:
    known = {option.name: option for option in OPTIONS}
    for name in names:
        arguments = known[name].arguments()
        command.add_argument(f"--{name}", **arguments | {"help": known[name].help.replace("--qod-", "--")})


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; returns the exit status. Whatever goes wrong takes one line, without a secret in it."""
    given = list(sys.argv[1:] if arguments is None else arguments)
    with last_resort.installed(), terminal.printable():
        try:
            return _flushed(given)
        except BrokenPipeError:  # who reads has seen enough
            terminal.give_up()
            return EXIT_OK if _only_prints(given) else EXIT_PIPE
        except UnusableError as error:
            return _refused(str(error))
        except OSError as error:
            terminal.give_up()
            return _refused(f"{error.filename}: {reason(error)}" if error.filename else reason(error))
        except KeyboardInterrupt:
            if sys.stderr is not None:
                print("nac-qod: interrupted", file=sys.stderr, flush=True)
            return EXIT_INTERRUPTED
        except Exception as error:  # noqa: BLE001 - the last handler
            last_resort.tell(error)
            return EXIT_UNJUDGED


def _flushed(given: Sequence[str]) -> int:
    """Run the command, and find out now whether anybody reads what it printed."""
    try:
        return _run(given)
    finally:
        if sys.stdout is not None:
            sys.stdout.flush()


def _refused(problem: str) -> int:
    if sys.stderr is not None:
        with suppress(BrokenPipeError):
            print(last_resort.safe(f"nac-qod: {problem}"), file=sys.stderr, flush=True)
    return EXIT_USAGE


def _only_prints(given: Sequence[str]) -> bool:
    """Whether the command would have judged nothing, so that its status says the same however much of it was read."""
    listing = {"--list", "--protocol", "--help", "-h", "--version"}.intersection(given)
    judging = {"check", "preflight", "verify", "compare", "client", "sdk-matrix", "cleanup"}.intersection(given[:1])
    return bool(listing) or not (judging or "--run" in given or "diff" in given[1:2])


def _run(given: Sequence[str]) -> int:
    split = given.index("--") if "--" in given else len(given)
    parsed = parser().parse_args(given[:split])
    if given[split + 1 :] and parsed.command != "check":
        parser().error(f"{parsed.command} passes nothing to pytest; take away -- and what follows")
    if parsed.command == "check":
        return _check(parsed, given[split + 1 :])
    from pytest_nac_qod import commands

    return commands.run(parsed)


def _check(parsed: argparse.Namespace, rest: Sequence[str]) -> int:
    import pytest

    from pytest_nac_qod.commands.progress import Progress

    # this process has imported the package already, of which pytest would warn
    quiet = ("-W", "ignore:Module already imported so cannot be rewritten:pytest.PytestAssertRewriteWarning")
    light = ("-p", "no:schemathesis")  # its pytest plugin is not used, and takes half a second to load
    brief = () if parsed.verbose else ("--tb=no", "-rN")  # the causes tell it
    arguments = [*_plugin(), *quiet, *light, *brief, *_alone(), *pytest_options(parsed), *rest]
    steering = {name: os.environ.pop(name) for name in _STEERING if name in os.environ}
    try:
        status = int(pytest.main(arguments, plugins=[Progress()]))
    finally:
        os.environ.update(steering)
    return _FROM_PYTEST.get(status, status)


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
        "-p",
        "no:randomly",
        "--pyargs",
        suite,
    ]


def _folder() -> str:
    """Where the suite is; pytest looks for a conftest.py here instead of in the current folder."""
    from importlib.util import find_spec

    found = find_spec(SUITE)
    assert found is not None  # noqa: S101 - a part of this package
    return str(next(iter(found.submodule_search_locations or ())))


def pytest_options(parsed: argparse.Namespace) -> list[str]:
    """The options of `nac-qod check` as pytest knows them."""
    found: list[str] = []
    for option in OPTIONS:
        value = getattr(parsed, option.name.replace("-", "_"))
        if option.kind == "flag":
            found += [f"--qod-{option.name}"] if value else []
        else:
            given = (value or ()) if option.kind == "several" else (value,) if value is not None else ()
            found += [f"--qod-{option.name}={item}" for item in given]
    return found


def _plugin() -> list[str]:
    """Name the plugin to pytest where no entry point does: in a checkout that is not installed."""
    from importlib.metadata import entry_points

    known = any(entry.value == "pytest_nac_qod.plugin" for entry in entry_points(group="pytest11"))
    known = known and not os.environ.get("PYTEST_DISABLE_PLUGIN_AUTOLOAD")
    return [] if known else ["-p", "pytest_nac_qod.plugin"]
