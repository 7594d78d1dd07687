"""The end of a run that cannot judge its target."""

from typing import NoReturn

import pytest
from _pytest.outcomes import Exit  # pytest.exit.Exception, for type checkers too

from pytest_nac_qod.verdicts import EXIT_UNJUDGED


class Stopped(Exit):
    """Ends the run; pytest prints class and message, so the class has a name that reads well."""

    __module__ = "builtins"  # which is not printed
    __qualname__ = "not judged"


def stop(message: str, status: int = EXIT_UNJUDGED) -> NoReturn:
    """End the run with this exit status of pytest's and this message, of one line."""
    raise Stopped(message, returncode=status)


def refuse(message: str) -> NoReturn:
    """End the run as one whose options or target file are unusable, with this message, of one line."""
    stop(message, pytest.ExitCode.USAGE_ERROR)
