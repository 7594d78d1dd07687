"""The nac-qod command."""

import argparse
import re
import sys
from collections.abc import Mapping, Sequence
from contextlib import suppress
from functools import cache
from itertools import pairwise
from types import ModuleType
from typing import NoReturn

from pytest_nac_qod.commands import Subparsers, completion, contract
from pytest_nac_qod.commands.clients import client, sdk_matrix
from pytest_nac_qod.commands.reference import explain, faults, legal, release, schema, serve
from pytest_nac_qod.commands.results import compare, expectations, report, verify
from pytest_nac_qod.commands.target import check, cleanup, init, preflight, sink_certificate
from pytest_nac_qod.commands.traffic import judge, load, proxy
from pytest_nac_qod.foundation import streams, user_cache
from pytest_nac_qod.foundation.alike import meant
from pytest_nac_qod.foundation.exits import EXIT_OK, EXIT_UNJUDGED, EXIT_USAGE
from pytest_nac_qod.foundation.problems import UnusableError, brief, reason
from pytest_nac_qod.report.terminal import last_resort

EXIT_INTERRUPTED, EXIT_PIPE = 130, 141  # as shells have them, for SIGINT and SIGPIPE
_NO_CHOICE = re.compile(r"argument (\S+): invalid choice: '([^']*)' \(choose from (.*)\)")
COMMANDS: Mapping[str, ModuleType] = {
    "check": check,
    "judge": judge,
    "proxy": proxy,
    "load": load,
    "preflight": preflight,
    "serve": serve,
    "init": init,
    "sink-certificate": sink_certificate,
    "contract": contract,
    "release": release,
    "report": report,
    "verify": verify,
    "expectations": expectations,
    "compare": compare,
    "client": client,
    "sdk-matrix": sdk_matrix,
    "explain": explain,
    "faults": faults,
    "legal": legal,
    "cleanup": cleanup,
    "schema": schema,
    "completion": completion,
}


class _Parser(argparse.ArgumentParser):
    """Says in one line what is wrong."""

    def error(self, message: str) -> NoReturn:
        said = last_resort.safe(f"{self.prog}: {_helped(message)}; see {self.prog} --help")
        self.exit(EXIT_USAGE, f"{brief(said)}\n")


def _helped(message: str) -> str:
    """What argparse says of a choice that is none, with the ones that may have been meant instead of all."""
    told = _NO_CHOICE.match(message)
    if told is None:
        return message
    names = re.findall(r"[\w.-]+", told[3])
    known = f"there are {', '.join(names)}"
    return f"{told[1]}: there is no {told[2]}; {meant(told[2], names, known, 1)}"


class _Version(argparse.Action):
    """Looks the version up only when it is asked for."""

    def __call__(self, parser: argparse.ArgumentParser, *_: object) -> None:
        from pytest_nac_qod import __version__

        print(f"nac-qod {__version__}")
        parser.exit()


@cache
def parser() -> argparse.ArgumentParser:
    """The command line of nac-qod."""
    top: argparse.ArgumentParser = _Parser(
        prog="nac-qod", description="Conformance of Quality-on-Demand APIs (CAMARA)."
    )
    top.add_argument("--version", action=_Version, nargs=0, help="show program's version number and exit")
    subparsers = top.add_subparsers(dest="command", metavar="COMMAND", required=True)
    for name, module in COMMANDS.items():
        module.add(subparsers)
        _describe(subparsers.choices[name], _sentence(subparsers, name), module.EXAMPLE)
    return top


def _sentence(subparsers: Subparsers, name: str) -> str:
    """What the list of commands says of one."""
    (told,) = (action.help for action in subparsers._get_subactions() if action.dest == name)  # noqa: SLF001
    return told or ""


def _describe(command: argparse.ArgumentParser, sentence: str, example: str) -> None:
    """Let the help of a command begin with a sentence and end with an example."""
    command.description = f"{sentence[:1].upper()}{sentence[1:]}."
    command.epilog = f"{command.epilog or ''}\nExample: {example}".strip()


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; returns the exit status. Whatever goes wrong takes one line, without a secret in it."""
    given = list(sys.argv[1:] if arguments is None else arguments)
    sys.modules.setdefault("httpx._main", None)  # type: ignore[arg-type] # its own command, which loads rich and click
    with last_resort.installed(), streams.printable(), user_cache.tables_of_hypothesis():
        try:
            return _flushed(given)
        except BrokenPipeError:  # who reads has seen enough
            streams.give_up()
            return EXIT_OK if _only_prints(given) else EXIT_PIPE
        except UnusableError as error:
            return _refused(str(error))
        except OSError as error:
            streams.give_up()
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
            print(last_resort.safe(f"nac-qod: {brief(problem)}"), file=sys.stderr, flush=True)
    return EXIT_USAGE


def _only_prints(given: Sequence[str]) -> bool:
    """Whether the command would have judged nothing, so that its status says the same however much of it was read."""
    listing = {"--list", "--protocol", "--help", "-h", "--version"}.intersection(given)
    judging = {
        "check",
        "judge",
        "proxy",
        "load",
        "preflight",
        "verify",
        "compare",
        "client",
        "sdk-matrix",
        "cleanup",
    }.intersection(given[:1])
    return bool(listing) or not (judging or "--run" in given or "diff" in given[1:2])


def _run(given: Sequence[str]) -> int:
    split = given.index("--") if "--" in given else len(given)
    top = parser()
    _refuse_empty(top, given[:split])
    parsed, surplus = top.parse_known_args(given[:split])
    if surplus:
        _unrecognised(top, parsed.command, surplus)
    parsed.parser = top
    if given[split + 1 :] and parsed.command != "check":
        parser().error(f"{parsed.command} passes nothing to pytest; take away -- and what follows")
    parsed.rest = given[split + 1 :]
    status: int = COMMANDS[parsed.command].run(parsed)
    return status


def _refuse_empty(top: argparse.ArgumentParser, given: Sequence[str]) -> None:
    """Refuse a word without a letter: what a shell makes of a variable that is not set is not what was meant."""
    for before, word in pairwise(["", *given]):
        if not word or re.fullmatch(r"--[\w-]+=", word):
            option = word.rstrip("=") or (before if before.startswith("-") else "")
            top.error(f"{option + ' is' if option else 'an argument is'} empty; give a value, or leave it out")


def _unrecognised(top: argparse.ArgumentParser, name: str, surplus: Sequence[str]) -> NoReturn:
    """Refuse what a command does not take, and say which of its options may have been meant."""
    (subparsers,) = (action for action in top._actions if isinstance(action, argparse._SubParsersAction))  # noqa: SLF001
    command = subparsers.choices[name]
    options = [word for action in command._actions for word in action.option_strings if word.startswith("--")]  # noqa: SLF001
    near = [meant(word.partition("=")[0], options, "", 1) for word in surplus if word.startswith("--")]
    hint = "; ".join(filter(None, near))
    parser_of: argparse.ArgumentParser = command
    parser_of.error(f"unrecognized arguments: {' '.join(surplus)}{f'; {hint}' if hint else ''}")
