"""Whether events can arrive: the public address of the sink leads to the receiver."""

import ssl
from pathlib import Path

import httpx

from pytest_nac_qod.preflight.finding import Finding
from pytest_nac_qod.run.connecting import receiver
from pytest_nac_qod.target import Target
from pytest_nac_qod.wire.connections import connection
from pytest_nac_qod.wire.serving import ServingError
from pytest_nac_qod.wire.sink import Subscription

ABOUT = "sink"


def sink(target: Target, seconds: float) -> list[Finding]:
    """Post to the public address as the target would, and see whether it arrives.

    Whether the network of the target can reach that address as well, only a run can tell.
    """
    settings = target.sink
    if settings.url is None:
        if "trust_sink" in target.hooks:
            return [Finding("ok", ABOUT, "the target is told to trust the receiver (hooks.trust_sink)")]
        if settings.certificate:
            return [Finding("ok", ABOUT, f"its certificate is {settings.certificate.name}, for the target to trust")]
        return [Finding("skip", ABOUT, "the target file has no sink.url, so no event can arrive")]
    try:
        with receiver(target) as listening:
            where = f"{listening.host}:{listening.port}"
            return [_delivered(listening.subscribe(), where, seconds, target.sink.authority or target.sink.certificate)]
    except ServingError as error:
        return [Finding("fail", ABOUT, f"{error}")]


def _delivered(place: Subscription, where: str, seconds: float, authority: Path | None) -> Finding:
    address = place.url.rpartition("/")[0]
    try:
        status, trusted = _post(place.url, seconds, authority)
    except httpx.TransportError as error:
        return Finding("fail", ABOUT, f"{address} cannot be reached: {type(error).__name__}: {error}")
    if not place.wait(bool, timeout=seconds if status < 400 else 0.0):
        return Finding("fail", ABOUT, f"{address} answered {status}, and nothing arrived at {where}; forward it there")
    if not trusted:
        return Finding("warn", ABOUT, f"{address} leads to the receiver, but its certificate is not trusted from here")
    return Finding("ok", ABOUT, f"{address} leads to the receiver")


def _post(url: str, seconds: float, authority: Path | None) -> tuple[int, bool]:
    """Status of the answer, and whether the certificate was trusted."""
    try:
        trust = ssl.create_default_context(cafile=authority) if authority else True
        return _status(url, seconds, verify=trust), True
    except httpx.ConnectError as error:
        if "CERTIFICATE" not in str(error).upper():
            raise
        # what is posted is empty, and only its arrival counts
        return _status(url, seconds, verify=False), False


def _status(url: str, seconds: float, *, verify: ssl.SSLContext | bool = True) -> int:
    with connection(timeout=seconds, verify=verify) as http:
        return http.post(url, json={}).status_code
