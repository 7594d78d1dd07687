"""What only the provider can bring about, called as the target file says."""

import json
import re
import subprocess
from collections.abc import Iterable, Mapping
from contextlib import nullcontext
from dataclasses import dataclass
from typing import Final

import httpx

from pytest_nac_qod.foundation.problems import UnusableError
from pytest_nac_qod.wire.connections import connection
from pytest_nac_qod.wire.secret_forms import origin
from pytest_nac_qod.wire.transport.inside import built

ARGUMENTS: Final[Mapping[str, tuple[str, ...]]] = {
    "terminate_session": ("session_id",),
    "refuse_next_session": (),
    "rate_limit": ("operation", "on"),
    "advance_clock": ("seconds",),
    "trust_sink": ("pem",),
    "reset": (),
}

_SHORTEST_PIECE = 8  # characters of a word of a command that might be a secret


class HookError(UnusableError):
    """A hook that failed; the message names it and what happened."""


@dataclass(frozen=True, slots=True)
class Hook:
    """One hook: a URL that gets the arguments as a JSON object by POST, or a command with {argument} placeholders."""

    name: str
    url: str | None = None
    command: tuple[str, ...] = ()


def run(
    hook: Hook, arguments: Mapping[str, str | float | bool], *, timeout: float, http: httpx.Client | None = None
) -> None:
    """Call the hook and wait for it, at most `timeout` seconds; over the connections of `http`, where it is given.

    Raises:
        HookError: it could not be called, failed, or took too long.
    """
    if hook.url is not None:
        with nullcontext(http) if http else connection() as client:
            _post(client, hook.name, hook.url, arguments, timeout)
    else:
        _execute(hook, arguments, timeout)


def _post(http: httpx.Client, name: str, url: str, arguments: Mapping[str, str | float | bool], timeout: float) -> None:
    try:
        content = json.dumps(dict(arguments)).encode()
        request = built(http, "POST", url, {"Content-Type": "application/json"}, content)
        request.extensions["timeout"] = httpx.Timeout(timeout).as_dict()
        response = http.send(request)
    except httpx.TimeoutException:
        raise HookError(f"hooks.{name}: {origin(url)} gave no answer within {timeout:g} s") from None
    except httpx.TransportError as error:
        raise HookError(f"hooks.{name}: {origin(url)} cannot be reached: {error}") from None
    if not response.is_success:
        raise HookError(f"hooks.{name}: {origin(url)} answered {response.status_code}")


def _execute(hook: Hook, arguments: Mapping[str, str | float | bool], timeout: float) -> None:
    command = [word.format_map(arguments) for word in hook.command]
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=timeout, check=False)  # noqa: S603 - the user's own command
    except subprocess.TimeoutExpired:
        raise HookError(f"hooks.{hook.name}: {command[0]} took longer than {timeout:g} s") from None
    except OSError as error:
        raise HookError(f"hooks.{hook.name}: {command[0]} cannot be run: {error.strerror}") from None
    if done.returncode != 0:
        said = _without(hook.command[1:], (done.stderr.strip().splitlines() or ["nothing on stderr"])[0])
        raise HookError(f"hooks.{hook.name}: {command[0]} ended with exit status {done.returncode}: {said}")


def _without(words: Iterable[str], said: str) -> str:
    """What a command said, without the words that it was given: any of them may be a secret."""
    pieces = {piece for word in words for piece in re.split(r"[\s=:,]+", word) if len(piece) >= _SHORTEST_PIECE}
    for piece in sorted(pieces, key=len, reverse=True):
        said = said.replace(piece, "…")
    return said
