"""A declared type of identifier is kept to in every request: the server keeps each body that it gets."""

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import cast

import pytest
from starlette.applications import Starlette
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from pytest_nac_qod import contracts
from pytest_nac_qod.reference import ReferenceServer, server, targeting
from pytest_nac_qod.reference.world import KnownDevice, World, world
from pytest_nac_qod.target import ALL_IDENTIFIER_TYPES, TargetError
from pytest_nac_qod.target.file import load_target, render_target
from tests.support.commands import check, importable
from tests.support.preflights import preflight

__all__ = ["importable"]

TYPES = sorted(ALL_IDENTIFIER_TYPES)
WHOLE = [(release, name, "0") for release in contracts.RELEASES for name in TYPES]
GENERATED = [(release, name, "1") for release, name in zip(contracts.RELEASES, TYPES, strict=True)]


@dataclass(slots=True)
class Recording:
    """An ASGI application that keeps each body it is sent."""

    app: ASGIApp
    bodies: list[bytes] = field(default_factory=list)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        parts: list[bytes] = []

        async def recorded() -> Message:
            message = await receive()
            parts.append(message.get("body", b""))
            return message

        await self.app(scope, recorded, send)
        if scope["type"] == "http" and not scope["path"].startswith("/control"):
            self.bodies.append(b"".join(parts))

    def identifiers(self) -> set[str]:
        """Types of identifiers in all of them, whether they are right or wrong."""
        kinds: set[str] = set()
        for body in self.bodies:
            try:
                content = json.loads(body)
            except (ValueError, RecursionError):  # also what is nested too deep
                sent = body.partition(b'"device"')[2].partition(b"}")[0]
                kinds |= {name for name in TYPES if f'"{name}"'.encode() in sent}
                continue
            device = content.get("device") if isinstance(content, dict) else None
            kinds |= ALL_IDENTIFIER_TYPES & (device.keys() if isinstance(device, dict) else set())
        return kinds


def identifiers(number: int) -> Mapping[str, object]:
    return {
        "phoneNumber": f"+9999999{1000 + number}",
        "ipv4Address": {
            "publicAddress": f"203.0.113.{number + 11}",
            "privateAddress": f"10.0.0.{number + 11}",
            "publicPort": 59765,
        },
        "ipv6Address": f"2001:db8:1:{number + 1}::1",
        "networkAccessIdentifier": f"device-{number}@example.com",
    }


def with_every_identifier(release: str) -> World:
    """The world, in which each device can be identified in each way."""
    original = world(release)
    devices: dict[str, KnownDevice] = {
        name: replace(device, identifiers=dict(identifiers(number)))
        for number, (name, device) in enumerate(original.devices.items())
    }
    return replace(original, devices=devices, unsupported_identifiers=frozenset())


@contextmanager
def declaring(release: str, name: str, folder: Path) -> Iterator[Recording]:
    """A recording server, and a target file in `folder` that declares one type of identifier."""
    with pytest.MonkeyPatch.context() as patch:
        for module in (server, targeting):
            patch.setattr(module, "world", with_every_identifier)
        reference = ReferenceServer(release=release)
        recording = Recording(reference.app)
        reference.app = cast("Starlette", recording)
        with reference:
            whole = reference.target(embedded=False)
            known = with_every_identifier(release).devices
            roles = {"default": "mobile-1", "not_applicable": "meter-1"}
            left_out = ("unsupported", "not_found")
            devices = {role: device for role, device in whole.devices.items() if role not in left_out}
            devices |= {role: dict(known[device_name].identifiers) for role, device_name in roles.items()}
            devices["mismatched"] = {**known["mobile-1"].identifiers, "phoneNumber": "+99999991001"}
            hooks = {name: hook for name, hook in whole.hooks.items() if name != "advance_clock"}
            text = render_target(replace(whole, devices=devices, hooks=hooks))
            (folder / "t.toml").write_text(f'{text}\n[supports]\nidentifier_types = ["{name}"]\n', encoding="utf-8")
            yield recording


@pytest.mark.nightly
@pytest.mark.slow
@pytest.mark.parametrize(("release", "name", "examples"), [*WHOLE, *GENERATED])
def test_whole_run_keeps_to_the_type(tmp_path: Path, release: str, name: str, examples: str) -> None:
    with declaring(release, name, tmp_path) as recording:
        done = check("--target", "t.toml", "--max-examples", examples, "--report", "r", folder=tmp_path)
    assert done.returncode == 0, done.stdout
    assert recording.identifiers() == {name}
    document = json.loads((tmp_path / "r" / "results.json").read_text(encoding="utf-8"))
    why = {entry["reason"] for entry in document["results"] if entry["verdict"] == "not_applicable"}
    assert all(entry.startswith(f"the target file declares identifier_types {name} alone") for entry in why)
    other = "ipv6Address" if name != "ipv6Address" else "ipv4Address"
    assert f"the target file declares identifier_types {name} alone, and this is about {other}" in why


@pytest.mark.parametrize("name", TYPES)
def test_preflight_keeps_to_the_type(tmp_path: Path, name: str, capsys: pytest.CaptureFixture[str]) -> None:
    with declaring("r4.1", name, tmp_path) as recording:
        preflight(tmp_path, (tmp_path / "t.toml").read_text(encoding="utf-8"), capsys)
    assert recording.identifiers() == {name}


TARGET = """
[apis]
quality-on-demand = "https://qod.example"
[tokens.two_legged]
value = "t"
[devices.default]
phoneNumber = "+99999991000"
[devices.several]
phoneNumber = "+99999991000"
ipv6Address = "2001:db8::1"
[devices.unsupported]
networkAccessIdentifier = "someone@example.com"
[profiles.default]
name = "QOS_L"
"""


def written(folder: Path, declared: str) -> Path:
    path = folder / "t.toml"
    path.write_text(f"{TARGET}{declared}\n", encoding="utf-8")
    return path


def test_devices_are_known_by_what_is_declared(tmp_path: Path) -> None:
    target = load_target(written(tmp_path, '[supports]\nidentifier_types = ["phoneNumber"]'))
    assert target.devices == {
        "default": {"phoneNumber": "+99999991000"},
        "unsupported": {"networkAccessIdentifier": "someone@example.com"},  # what it is there for
        "not_found": {"phoneNumber": "+99900000000"},
    }
    assert target.left_out == {"several"}


def test_without_a_declaration_nothing_is_left_out(tmp_path: Path) -> None:
    target = load_target(written(tmp_path, ""))
    assert len(target.devices["several"]) == 2
    assert target.not_sent == target.left_out == frozenset()


def test_device_that_does_not_exist_is_named_as_the_default_device_is(tmp_path: Path) -> None:
    path = written(tmp_path, "")
    address = '{ publicAddress = "203.0.113.4", publicPort = 59765 }'
    text = path.read_text(encoding="utf-8").replace('phoneNumber = "+99999991000"', f"ipv4Address = {address}")
    path.write_text(text, encoding="utf-8")
    assert load_target(path).devices["not_found"].keys() == {"ipv4Address"}


def test_default_device_has_an_identifier_that_is_declared(tmp_path: Path) -> None:
    with pytest.raises(TargetError) as caught:
        load_target(written(tmp_path, '[supports]\nidentifier_types = ["ipv4Address", "ipv6Address"]'))
    assert "devices.default: has phoneNumber, and supports.identifier_types declares ipv4Address, ipv6Address" in str(
        caught.value
    )
