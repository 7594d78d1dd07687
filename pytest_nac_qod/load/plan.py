"""What a load test is about, as it goes from the command to the processes that send requests."""

import json
import os
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from itertools import cycle, islice
from pathlib import Path

from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st

from pytest_nac_qod import strategies as qod
from pytest_nac_qod.foundation.jsontypes import JsonObject
from pytest_nac_qod.foundation.problems import UnusableError
from pytest_nac_qod.suite.bodies import credential
from pytest_nac_qod.target import Target
from pytest_nac_qod.target.file import load_target

VARIABLE = "NAC_QOD_LOAD"
CLIENTS = ("two_legged", "second_client")  # roles of tokens that are dealt out
_PORTS = range(1024, 65536)  # of the application server, two for each user
_DRAWN = 100  # bodies that a process draws; its users take them in turn
_LONGEST = 3600  # seconds that a session is asked for at most
_TOLD = 3  # of as many users one is told of its sessions by events; each event is a connection of its own
_SHORT = 5  # seconds; a session that is left to expire takes no longer


@dataclass(frozen=True, slots=True, kw_only=True)
class LoadPlan:
    """One load test.

    Attributes:
        target: its target file.
        folder: gets what was exchanged, and the ledgers.
        seed: of what is drawn.
        rate: requests a second at most, of one process; None for no limit.
        sink: base URL for events; empty for none.
        secret: access token for that sink.
    """

    target: str
    folder: str
    seed: int = 0
    rate: float | None = None
    sink: str = ""
    secret: str = field(default="", repr=False)

    def write(self, path: Path) -> None:
        """Write it where only its owner reads."""
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="utf-8") as file:
            json.dump(asdict(self), file)


def read(path: Path) -> LoadPlan:
    """The plan in a file that `LoadPlan.write` wrote."""
    return LoadPlan(**json.loads(path.read_text(encoding="utf-8")))


@dataclass(frozen=True, slots=True)
class Share:
    """What is a user's own, so that it is known what may conflict.

    Attributes:
        number: of the user, among all processes.
        client: role of the token that it sends.
        device: that its sessions are for; several users may share it.
        ports: of the application server; no other user has them.
    """

    number: int
    client: str
    device: JsonObject
    ports: tuple[int, int]


def dealt(target: Target, number: int) -> Share:
    """The share of a user: devices in turn, then clients, and two ports.

    Raises:
        UnusableError: there are more users than ports.
    """
    if 2 * number + 1 >= len(_PORTS):
        raise UnusableError(f"no more than {len(_PORTS) // 2} users: each has two ports of the application server")
    devices = [target.devices["default"], *target.pool]
    clients = [role for role in CLIENTS if role in target.tokens]
    return Share(
        number=number,
        client=clients[number // len(devices) % len(clients)],
        device=devices[number % len(devices)],
        ports=(_PORTS[2 * number], _PORTS[2 * number + 1]),
    )


def drawn(target: Target, number: int) -> list[JsonObject]:
    """Bodies of creations out of the strategies, the same ones for the same seed."""
    profile = target.profiles["default"]
    shortest = profile.min_duration or 1
    lasting = st.integers(max(shortest, 60), max(shortest, 60, min(profile.max_duration or _LONGEST, _LONGEST)))
    server = st.just(target.application_servers["default"])
    bodies = qod.create_session_bodies(
        release=target.release,
        target=target,
        device=None,
        application_server=server,
        profile=st.just(profile.name),
        duration=lasting,
    )
    found: list[JsonObject] = []

    @seed(number)
    @settings(
        max_examples=_DRAWN,
        database=None,
        deadline=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(bodies)
    def collect(body: JsonObject) -> None:
        found.append(body)

    collect()
    return list(islice(cycle(found), _DRAWN))


def body_for(share: Share, template: JsonObject, plan: LoadPlan, *, port: int = 0) -> JsonObject:
    """A drawn body made a user's own: its device, one of its two ports, and the sink of the load test."""
    body = {**template, "device": share.device, "applicationServerPorts": {"ports": [share.ports[port]]}}
    if plan.sink and share.number % _TOLD == 0:
        body |= {"sink": f"{plan.sink}/{share.number}", "sinkCredential": credential(plan.secret)}
    return body


def short(target: Target) -> int | None:
    """Seconds of a session that is left to expire; None where the profile has none that is short enough."""
    shortest = target.profiles["default"].min_duration or 1
    return shortest if shortest <= _SHORT else None


def usable(plan: LoadPlan) -> Target:
    """The target of a plan.

    Raises:
        UnusableError: it cannot be read, or lacks what users need.
    """
    target = load_target(Path(plan.target))
    problems = lacking(target)
    if problems:
        raise UnusableError(f"{plan.target}: {problems[0]}")
    return target


def lacking(target: Target) -> Sequence[str]:
    """What a target lacks for a load test."""
    wanted = {
        "apis.quality-on-demand": "quality-on-demand" in target.apis,
        "devices.default": "default" in target.devices,
        "profiles.default": "default" in target.profiles,
        "application_servers.default": "default" in target.application_servers,
        f"tokens.{CLIENTS[0]}": CLIENTS[0] in target.tokens,
    }
    return [f"{key}: users of a load test need it" for key, there in wanted.items() if not there]
