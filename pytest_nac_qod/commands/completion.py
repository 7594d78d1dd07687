"""nac-qod completion: print what makes a shell complete commands and options."""

import argparse

from pytest_nac_qod.commands import Subparsers
from pytest_nac_qod.foundation.exits import EXIT_OK

EXAMPLE = 'eval "$(nac-qod completion bash)"'
SHELLS = ("bash", "zsh", "tcsh")


def add(subparsers: Subparsers) -> None:
    """Declare the command."""
    completion = subparsers.add_parser("completion", help="print what makes a shell complete commands and options")
    completion.add_argument("shell", choices=SHELLS, metavar="|".join(SHELLS), help="which one")


def run(args: argparse.Namespace) -> int:
    """Print the script; `args.parser` is the command line that it is of."""
    from pytest_nac_qod.foundation.problems import UnusableError

    try:
        import shtab
    except ImportError:
        raise UnusableError("shtab is not installed; pip install 'pytest-nac-qod[all]'") from None

    print(shtab.complete(args.parser, args.shell))
    return EXIT_OK
