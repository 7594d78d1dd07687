"""Carrying out what was refused, for defects of that kind."""

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace

from pytest_nac_qod.reference.network import Network
from pytest_nac_qod.reference.refusals import Refusal
from pytest_nac_qod.reference.world import Grant

_ANYBODY = Grant("application", ("*",))


@contextmanager
def unbound(network: Network) -> Iterator[None]:
    """Let anybody do anything that can be done at all; what cannot be done is passed over."""
    right, limited = network.decisions, network.limited
    network.limited = set()
    network.decisions = replace(
        right,
        authenticate=lambda *_: _ANYBODY,
        within_quota=lambda *_: None,
        strict=lambda _: False,
        semantics=lambda *_: None,
        applicable=lambda _: None,
        usable_profile=lambda _: None,
        available=lambda *_: True,
        usable_credential=lambda *_: None,
        may_use=lambda *_: None,
        conflicts=lambda *_: False,
        assigned=lambda *_: False,
        extensible=lambda _: None,
    )
    try:
        with suppress(Refusal):
            yield
    finally:
        network.decisions, network.limited = right, limited
