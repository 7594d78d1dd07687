"""Whether what a call sends is what it was given."""

import json
from collections.abc import Collection, Iterator
from ipaddress import ip_network

from pytest_nac_qod.foundation.jsontypes import Json
from pytest_nac_qod.signatures import PORTS, Signature
from pytest_nac_qod.strategies.arguments import FAMILY_PATHS, Call
from pytest_nac_qod.strategies.invocation import Attempt

_ABSENT: Json = object()
_OWN = ("$.device",)  # what a client may know by itself


class ArgumentsError(AssertionError):
    """Arguments that do not arrive as they were meant; the message shows the call, what was expected and what came."""


def as_given(callee: Signature, call: Call, text: str, attempt: Attempt, also: Collection[str]) -> None:
    """Raise unless a call sends one creation, with what it was given, and returns.

    Args:
        callee: its parameters.
        call: arguments, and the body that they make.
        text: the call as it is written.
        attempt: what came of it.
        also: JSONPaths that the client may send without an argument.

    Raises:
        ArgumentsError: it does not.
    """
    expected = f"  expected body  {call.body!r}\n"
    creations = attempt.creations
    bodies = [creation.body for creation in creations if creation.method == "POST"]
    if not bodies:
        actual = [*map(str, creations), attempt.ending]
        raise ArgumentsError(f"{text} sends nothing\n{expected}" + _lines("  actual         ", actual))
    differences = list(_differences(callee, call.body, bodies[0], {*_OWN, *also}))
    if differences:
        width = max(len(path) for path, _, _ in differences)
        lines = [f"  {path:{width}}  expected {want}, got {got}\n" for path, want, got in sorted(differences)]
        told = f"{text} does not send what it is given\n" + "".join(lines)
        raise ArgumentsError(f"{told}{expected}  actual body    {bodies[0]!r}")
    if len(creations) > 1:
        actual = [f"{creation.method} {creation.body!r}" for creation in creations]
        raise ArgumentsError(
            f"{text} sends {len(creations)} requests\n{expected}" + _lines("  actual         ", actual)
        )
    if attempt.error:
        raise ArgumentsError(f"{text} raises after sending\n{expected}  actual         {attempt.ending}")


def _lines(label: str, texts: list[str]) -> str:
    return label + f"\n{' ' * len(label)}".join(texts)


def _differences(
    callee: Signature, wanted: Json, actual: Json, also: Collection[str], path: str = "$"
) -> Iterator[tuple[str, str, str]]:
    """JSONPath, what was expected and what came, wherever the two differ."""
    if _parts(callee, path) and isinstance(wanted, dict) and isinstance(actual, dict):
        for name in wanted.keys() | actual.keys():
            value = actual.get(name, _ABSENT)
            yield from _differences(callee, wanted.get(name, _ABSENT), value, also, f"{path}.{name}")
    elif _parts(callee, path) and path != "$":  # all of it is missing or uncalled for: say so for each part
        parts = actual if isinstance(actual, dict) else wanted if isinstance(wanted, dict) else {}
        for name in parts:
            want, got = (part.get(name, _ABSENT) if isinstance(part, dict) else _ABSENT for part in (wanted, actual))
            yield from _differences(callee, want, got, also, f"{path}.{name}")
        if not parts and wanted is not actual:
            yield path, _shown(wanted), _shown(actual)
    elif not _same(callee, path, wanted, actual) and not (wanted is _ABSENT and _covered(path, also)):
        yield path, _shown(wanted), _shown(actual)


def _covered(path: str, also: Collection[str]) -> bool:
    return any(f"{path}.".startswith(f"{known}.") for known in also)


def _parts(callee: Signature, path: str) -> bool:
    """Whether arguments go into properties of what stands there."""
    return any(parameter.path.startswith(f"{path}.") for parameter in callee.parameters)


def _same(callee: Signature, path: str, wanted: Json, actual: Json) -> bool:
    null = callee.parameter(path)
    if null and null.null and {id(wanted), id(actual)} <= {id(None), id(_ABSENT)}:
        return True  # SDKs that say nothing with a null
    if wanted is _ABSENT or actual is _ABSENT:
        return wanted is actual
    if path in PORTS and callee.empty_lists and isinstance(actual, dict) and isinstance(wanted, dict):
        wanted, actual = ({key: value for key, value in ports.items() if value} for ports in (wanted, actual))
    if path in FAMILY_PATHS.values() and isinstance(actual, str) and isinstance(wanted, str):
        return _address(wanted) == _address(actual)
    return json.dumps(wanted, sort_keys=True) == json.dumps(actual, sort_keys=True)  # 60 is not 60.0, nor 1 true


def _address(text: str) -> object:
    try:
        return ip_network(text)
    except ValueError:
        return text


def _shown(value: Json) -> str:
    return "nothing" if value is _ABSENT else repr(value)
