"""Loopback without a proxy of the environment, for programs and clients that are not ours."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from urllib.request import getproxies

_LOOPBACK = "127.0.0.1,localhost,::1"


def direct_to_loopback() -> dict[str, str]:
    """Variables by which a program, too, reaches loopback without a proxy."""
    no = getproxies().get("no")
    return dict.fromkeys(("NO_PROXY", "no_proxy"), f"{no},{_LOOPBACK}" if no else _LOOPBACK)


@contextmanager
def unproxied() -> Iterator[None]:
    """Let clients that are made in here, and are not ours, reach loopback without a proxy."""
    before = dict(os.environ)
    os.environ.update(direct_to_loopback())
    try:
        yield
    finally:
        for name in direct_to_loopback():
            os.environ.pop(name)
            os.environ.update({name: before[name]} if name in before else {})
