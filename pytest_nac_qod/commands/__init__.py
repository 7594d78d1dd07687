"""The nac-qod commands, a module for each: `add` declares it, `run` runs it and returns its exit status.

What a command needs is imported when it runs, so that `nac-qod --help` is quick.
"""

import argparse
from collections.abc import Iterable
from pathlib import Path
from typing import TypeAlias

from pytest_nac_qod.run.options import OPTIONS

Subparsers: TypeAlias = "argparse._SubParsersAction[argparse.ArgumentParser]"  # noqa: SLF001 - argparse names it so


def add_options(command: argparse.ArgumentParser, names: Iterable[str]) -> None:
    """Declare these options of the plugin, without their `--qod-`."""
    known = {option.name: option for option in OPTIONS}
    for name in names:
        arguments = known[name].arguments()
        command.add_argument(*known[name].words(), **arguments | {"help": known[name].help.replace("--qod-", "--")})


def add_release_dir(command: argparse.ArgumentParser) -> None:
    """Declare `--release-dir`, for a release outside the package."""
    add_options(command, ["release-dir"])


def drafted(args: argparse.Namespace, release: str | None) -> str | None:
    """The release that is meant, once the folder of `--release-dir` is in use: by default the one that this has.

    Raises:
        CatalogueError: the folder has none, or several and nothing says which.
    """
    if args.release_dir is None:
        return release
    from pytest_nac_qod.catalogue import drafts

    drafts.use(Path(args.release_dir))
    return release or drafts.only_release(Path(args.release_dir))


def several_drafted(args: argparse.Namespace) -> list[str]:
    """As `drafted`, where `--release` may be repeated."""
    release = drafted(args, next(iter(args.release), None))
    return args.release or ([release] if release else [])


def port(text: str) -> int:
    """The number of a port; for `type` of an argument."""
    if not (text.isascii() and text.isdigit() and int(text[:6]) <= 65535):
        raise argparse.ArgumentTypeError(f"expected a port from 0 to 65535, got {text!r}")
    return int(text)
