"""What is printed of an error that nobody expected: one line, without a secret; stdlib only until there is one."""

import logging
import os
import sys
import threading
import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from types import TracebackType
from typing import Any

DEBUG = "NAC_QOD_DEBUG"  # when it is set, the traceback is printed too


def safe(text: str) -> str:
    """`text` without any secret that this process knows, and without what would steer a terminal."""
    from pytest_nac_qod.foundation.visible import visible  # noqa: PLC0415 - as the line before
    from pytest_nac_qod.wire.redaction import Redactor, ever_registered  # noqa: PLC0415 - seldom needed
    from pytest_nac_qod.wire.secret_forms import in_environment  # noqa: PLC0415 - as the line before

    redactor = Redactor()
    redactor.register_all(in_environment(os.environ))
    for secret, label in ever_registered().items():
        redactor.register(label, secret)
    return visible(redactor.text(text))


def said(error: BaseException, *, debug: bool | None = None) -> str:
    """What to print of an unexpected error; with its traceback when `debug`, or `NAC_QOD_DEBUG` is set."""
    last = (traceback.extract_tb(error.__traceback__) or [None])[-1]
    where = f" ({os.path.basename(last.filename)}:{last.lineno})" if last else ""  # noqa: PTH119 - no file is meant
    message = " ".join(str(error).split())
    line = f"nac-qod: internal error: {type(error).__name__}{f': {message}' if message else ''}{where}"
    if debug if debug is not None else os.environ.get(DEBUG):
        return safe("".join(traceback.format_exception(error)) + line)
    return safe(f"{line}; {DEBUG}=1 shows more")


def tell(error: BaseException) -> None:
    """Print an unexpected error on stderr."""
    if sys.stderr is not None:
        print(said(error), file=sys.stderr, flush=True)  # noqa: T201 - its purpose


def _tell_uncaught(_kind: type[BaseException], error: BaseException, _trace: TracebackType | None) -> None:
    tell(error)


def _tell_from_thread(given: threading.ExceptHookArgs) -> None:
    if given.exc_value is not None and not isinstance(given.exc_value, SystemExit):
        tell(given.exc_value)


def _tell_ignored(given: Any) -> None:  # noqa: ANN401 - sys.UnraisableHookArgs, which exists for type checkers only
    if given.exc_value is not None and not isinstance(given.exc_value, BrokenPipeError):
        tell(given.exc_value)


class _Told(logging.Handler):
    """Takes the place of the standard library's handler of last resort: warnings, and tracebacks of servers."""

    def emit(self, record: logging.LogRecord) -> None:
        """Print the record, or the unexpected error that it is about."""
        error = record.exc_info[1] if record.exc_info else None
        if error is not None:
            tell(error)
        elif sys.stderr is not None:
            print(safe(f"nac-qod: {record.getMessage()}"), file=sys.stderr, flush=True)  # noqa: T201 - its purpose


@contextmanager
def installed() -> Iterator[None]:
    """Meanwhile, unexpected errors of all threads are printed so."""
    before = sys.excepthook, threading.excepthook, sys.unraisablehook, logging.lastResort
    sys.excepthook, threading.excepthook, sys.unraisablehook = _tell_uncaught, _tell_from_thread, _tell_ignored
    logging.lastResort = _Told(logging.WARNING)
    try:
        yield
    finally:
        sys.excepthook, threading.excepthook, sys.unraisablehook, logging.lastResort = before
