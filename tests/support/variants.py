"""Variants of a valid file: one to three things in it are wrong, of any kind that a file can be wrong in."""

import copy
import json
import random
from collections.abc import Callable, Iterator
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

Write = Callable[[Any], str]
Changed = Callable[[Any, random.Random], None]

NAMES = ("", "x", "ä", "a.b", "__class__", "$ref", "0", "x" * 300, "\u202e", "release", "id", "name", "value")


def _nested(depth: int) -> Any:  # noqa: ANN401 - any JSON
    value: Any = 1
    for level in range(depth):
        value = [value] if level % 2 else {"a": value}
    return value


def values() -> list[Any]:
    """What no key expects, or not here; fresh each time, since mutations go on inside."""
    texts = ["", " ", "x", "ä", "\u202e", "\x00", "\x1b[31m", "a\nb", "0", "x" * 20_000, "{", "{x}", "%s", "..", "/"]
    texts += [
        "http://[::1",
        "http://h:abc",
        "http://h:99999",
        "https://",
        "http:///x",
        "http://a b/",
        "http://\u0660:1/",
    ]
    texts += [
        "http://h\n/",
        "2026-02-30",
        "9999-12-31T23:59:59+00:00",
        "1970-01-01",
        "r9.9",
        "r4.1",
        "#/a/~2",
        "#/paths",
    ]
    numbers = [0, -1, 1, 10**9, 10**30, 10**400, -(10**400), 0.5, -0.0, 1e308, True, False]
    return [*texts, *numbers, None, [], {}, [[]], [{}], {"a": None}, [1, "x", None], _nested(40), _nested(150)]


def _places(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:  # noqa: ANN401 - any JSON
    yield path
    if isinstance(value, dict):
        for name, item in value.items():
            yield from _places(item, (*path, name))
    elif isinstance(value, list):
        for number, item in enumerate(value):
            yield from _places(item, (*path, number))


def _parent(value: Any, path: tuple[Any, ...]) -> Any:  # noqa: ANN401 - any JSON
    for step in path[:-1]:
        value = value[step]
    return value


def _some(value: Any, chance: random.Random) -> tuple[Any, Any]:  # noqa: ANN401 - any JSON
    """A container and a key in it; those near the root as often as all others."""
    paths = [path for path in _places(value) if path]
    if not paths:
        return value, None
    near = [path for path in paths if len(path) <= 2]
    path = chance.choice(chance.choice([near, paths]))
    return _parent(value, path), path[-1]


def _replace(value: Any, chance: random.Random) -> None:  # noqa: ANN401 - any JSON
    within, key = _some(value, chance)
    if key is not None:
        within[key] = chance.choice(values())


def _delete(value: Any, chance: random.Random) -> None:  # noqa: ANN401 - any JSON
    within, key = _some(value, chance)
    if key is not None:
        del within[key]


def _rename(value: Any, chance: random.Random) -> None:  # noqa: ANN401 - any JSON
    within, key = _some(value, chance)
    if isinstance(within, dict) and key is not None:
        item = within.pop(key)
        within[chance.choice([*NAMES, str(key)[:-1], str(key).upper()])] = item


def _add(value: Any, chance: random.Random) -> None:  # noqa: ANN401 - any JSON
    within, _ = _some(value, chance)
    if isinstance(within, dict):
        within[chance.choice(NAMES)] = chance.choice(values())
    elif isinstance(within, list):
        within.append(copy.deepcopy(chance.choice([*within, *values()])))


def _exchange(value: Any, chance: random.Random) -> None:  # noqa: ANN401 - any JSON
    within, key = _some(value, chance)
    other, there = _some(value, chance)
    if key is not None and there is not None:
        within[key], other[there] = copy.deepcopy(other[there]), copy.deepcopy(within[key])


STRUCTURAL: tuple[Changed, ...] = (_replace, _replace, _replace, _delete, _rename, _add, _exchange)


def _spoiled(raw: bytes, chance: random.Random) -> bytes:
    """Bytes that are wrong as bytes: cut, turned, in another encoding, or of another kind altogether."""
    place = chance.randrange(len(raw) + 1)
    bombs = (
        b"[" * 50_000, b'{"a":' * 20_000, b"a = " + b"[" * 5_000, b"&a [*a]", b"&a {b: *a}",
        b"a: &a [x]\nb: [*a, *a, *a]",
        b"9" * 6_000, b"a = " + b"9" * 6_000, b'{"a": ' + b"9" * 6_000 + b"}", b"!!python/object:os.system {}",
        b"? {a: b}\n: c",
        b"%YAML 9.9\n---\na", b"- - - -", b"\x00", b"", b"null", b"[]", b"{}", b"<html>", b"a:\n\t- b",
        b"<<: [1]", b"1e999: 2",
        b"".join(b"a%d: &a%d [*a%d, *a%d]\n" % (n, n, max(n - 1, 0), max(n - 1, 0)) for n in range(1, 8)),
    )  # fmt: skip
    odd = (b"\xff", b"\xc3\x28", b"\x00", b"\xed\xa0\x80", b"\r", b'"', b"\\u12")
    kinds: list[Callable[[], bytes]] = [
        lambda: raw[:place],
        lambda: raw[place:],
        lambda: raw[:place] + chance.choice(odd) + raw[place:],
        lambda: raw[:place] + bytes([chance.randrange(256)]) + raw[place + 1 :],
        lambda: b"\xef\xbb\xbf" + raw,
        lambda: raw.decode().encode("utf-16"),
        lambda: raw + raw,
        lambda: raw.replace(b"\n", b"\r\n"),
        lambda: raw[:place] + chance.choice(bombs) + raw[place:],
        lambda: chance.choice(bombs),
    ]  # fmt: skip
    return chance.choice(kinds)()


def variants(valid: Any, write: Write) -> st.SearchStrategy[bytes]:  # noqa: ANN401 - any JSON
    """Files like the one that `write` makes of `valid`."""

    def made(seed: int) -> bytes:
        chance = random.Random(seed)  # noqa: S311 - the same seed, the same file
        value = copy.deepcopy(valid)
        if chance.random() < 0.3:
            return _spoiled(write(value).encode(), chance)
        for _ in range(chance.choice([1, 1, 2, 3])):
            chance.choice(STRUCTURAL)(value, chance)
        try:
            return write(value).encode("utf-8", "surrogatepass")
        except (TypeError, ValueError):  # what the format cannot say, JSON can
            return json.dumps(value).encode()

    return st.integers(0, 2**64).map(made)


def try_each(valid: Any, write: Write, number: int, check: Callable[[bytes], None]) -> None:  # noqa: ANN401 - any JSON
    """Check so many variants, the same ones each time."""

    @settings(
        max_examples=number, derandomize=True, database=None, deadline=None, suppress_health_check=list(HealthCheck)
    )
    @given(variants(valid, write))
    def each(content: bytes) -> None:
        check(content)

    each()
