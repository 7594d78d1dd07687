"""The labels of QoS profiles: nine of Network as Code, four of CAMARA, and what each means.

>>> from pytest_nac_qod import labels
>>> labels.label("DOWNLINK_M_UPLINK_L").text
'medium downlink and large uplink bandwidth'
>>> [label.name for label in labels.CAMARA]
['QOS_E', 'QOS_S', 'QOS_M', 'QOS_L']
>>> [label.name for label in labels.NAC if label.uplink == "large"]
['DOWNLINK_S_UPLINK_L', 'DOWNLINK_M_UPLINK_L', 'DOWNLINK_L_UPLINK_L']
"""

import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.resources import files
from itertools import pairwise
from typing import Literal

Size = Literal["small", "medium", "large"]
Limit = Literal["limited", "lower", "medium", "higher"]
_SIZES = ("small", "medium", "large")
_LIMITS = ("lower", "medium", "higher")


@dataclass(frozen=True, slots=True, kw_only=True)
class Label:
    """The label of a QoS profile.

    Attributes:
        name: as it is sent as `qosProfile`.
        family: whose label it is.
        downlink: size of the bandwidth to the device; None for CAMARA labels.
        uplink: size of the bandwidth from the device; None for CAMARA labels.
        limit: up to which throughput is prioritized; `limited` for QOS_E, where latency counts; None for NaC labels.
        text: what the network does, in the words of the documentation.
    """

    name: str
    family: Literal["nac", "camara"]
    downlink: Size | None = None
    uplink: Size | None = None
    limit: Limit | None = None
    text: str


def label(name: str) -> Label | None:
    """The label of that name; None for the profiles that an operator names."""
    return next((entry for entry in LABELS if entry.name == name), None)


def steps() -> Iterator[tuple[Label, Label, tuple[str, ...]]]:
    """Each two labels that are one size apart, the smaller first, with the directions that differ: downlink, uplink."""
    for low, high in pairwise(_LIMITS):
        yield _of_camara(low), _of_camara(high), ("downlink", "uplink")
    for low, high in pairwise(_SIZES):
        for other in _SIZES:
            yield _of_nac(low, other), _of_nac(high, other), ("downlink",)
            yield _of_nac(other, low), _of_nac(other, high), ("uplink",)


def _of_camara(limit: str) -> Label:
    return next(entry for entry in CAMARA if entry.limit == limit)


def _of_nac(downlink: str, uplink: str) -> Label:
    return next(entry for entry in NAC if (entry.downlink, entry.uplink) == (downlink, uplink))


_TABLE = tomllib.loads(files(__package__).joinpath("labels.toml").read_text(encoding="utf-8"))
NAC = tuple(Label(name=name, family="nac", **entry) for name, entry in _TABLE["nac"].items())
CAMARA = tuple(Label(name=name, family="camara", **entry) for name, entry in _TABLE["camara"].items())
LABELS = NAC + CAMARA
