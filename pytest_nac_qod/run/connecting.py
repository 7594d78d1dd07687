"""Connections of a run: to the target, and from the target to the sink."""

import logging
import ssl
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from uuid import uuid4

from pytest_nac_qod.run.plan import Plan
from pytest_nac_qod.suite import bodies
from pytest_nac_qod.suite.run import Run
from pytest_nac_qod.suite.sinks import UNREACHABLE
from pytest_nac_qod.target import Target, hooks
from pytest_nac_qod.wire.connections import connection
from pytest_nac_qod.wire.ownership.ledger import Ledger
from pytest_nac_qod.wire.sink import Sink
from pytest_nac_qod.wire.transport.pacing import Pace

LEDGER = "nac-qod-ledger.jsonl"


def reachable(target: Target) -> bool:
    """Whether events can arrive: a hook makes the target trust the sink, or a public address is forwarded to it."""
    return target.sink.url is not None or target.sink.certificate is not None or "trust_sink" in target.hooks


def tls(target: Target) -> ssl.SSLContext | bool:
    """Whom to trust: the certificate authority of the target file, else those that httpx trusts."""
    return ssl.create_default_context(cafile=target.ca_file) if target.ca_file else True


def ledger_of(plan: Plan, target: Target) -> Ledger | None:
    """Where it is written down what is created on the target; the embedded server needs none."""
    return None if target.embedded else Ledger((plan.settings.report or Path()) / LEDGER)


@contextmanager
def quiet() -> Iterator[None]:
    """No log of the HTTP client: it would tell what is sent, secrets included."""
    loggers = [logging.getLogger(name) for name in ("httpx", "httpcore")]
    levels = [logger.level for logger in loggers]
    for logger in loggers:
        logger.setLevel(logging.WARNING)
    try:
        yield
    finally:
        for logger, level in zip(loggers, levels, strict=True):
            logger.setLevel(level)


def receiver(target: Target, make: Callable[..., Sink] = Sink) -> Sink:
    """A receiver of events as the target file describes it, of any kind; it does not listen yet."""
    sink = target.sink
    return make(
        host=sink.host,
        port=sink.port,
        public_url=sink.url,
        certificate=sink.certificate,
        key=sink.key,
        authority=sink.authority,
    )


@contextmanager
def listening(target: Target) -> Iterator[Sink]:
    """A receiver of events, trusted by the target if it has a hook for that."""
    with receiver(target) as sink:
        if "trust_sink" in target.hooks:
            hooks.run(target.hooks["trust_sink"], {"pem": sink.ca_pem}, timeout=target.timeout)
        yield sink


@contextmanager
def connected(plan: Plan, target: Target, sink: Sink | None = None, *, inside: bool = False) -> Iterator[Run]:
    """A run against `target`: one connection pool, one redactor that knows all its secrets, one ledger.

    Without a connection where it is `inside` this process.
    """
    redactor = plan.redactor
    redactor.register_all(target.secrets())
    if target.sink.always:
        secret = f"sink-{uuid4().hex}"
        redactor.register("sink.usual", secret)
        place = sink.subscribe().url if sink else UNREACHABLE
        usual = {"sink": place, "sinkCredential": bodies.credential(secret)}
        target = replace(target, sink=replace(target.sink, usual=usual))
    pace = Pace(plan.rate, budget=plan.budget) if plan.rate or plan.budget is not None else None
    with (
        quiet(),
        connection(timeout=target.timeout, verify=tls(target), on_request=pace, inside=inside) as http,
        connection(inside=inside) as hooked,
    ):
        yield Run(
            target=target,
            mode=plan.mode,
            contracts=plan.contracts,
            http=http,
            redactor=redactor,
            ledger=ledger_of(plan, target),
            sink=sink,
            effort=plan.effort,
            hooked=hooked,
        )
