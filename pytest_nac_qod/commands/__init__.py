"""The nac-qod commands, a module for each: `add` declares it, `run` runs it and returns its exit status.

What a command needs is imported when it runs, so that `nac-qod --help` is quick.
"""

import argparse
from collections.abc import Iterable
from typing import TypeAlias

from pytest_nac_qod.run.options import OPTIONS

Subparsers: TypeAlias = "argparse._SubParsersAction[argparse.ArgumentParser]"  # noqa: SLF001 - argparse names it so


def add_options(command: argparse.ArgumentParser, names: Iterable[str]) -> None:
    """Declare these options of the plugin, without their `--qod-`."""
    known = {option.name: option for option in OPTIONS}
    for name in names:
        arguments = known[name].arguments()
        command.add_argument(*known[name].words(), **arguments | {"help": known[name].help.replace("--qod-", "--")})
