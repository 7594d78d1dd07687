"""What the README's examples call yours: a client, and a way to post to the service under test."""

from ipaddress import ip_address
from pathlib import Path

import httpx

from pytest_nac_qod.foundation.jsontypes import Json
from pytest_nac_qod.reference import ReferenceServer
from pytest_nac_qod.target.file import render_target

SERVICE = ReferenceServer(release="r4.1")
SERVICE.start()  # in a thread that ends with the process
LOGIN = {"grant_type": "client_credentials", "client_id": "application", "client_secret": "application-secret"}
Path("operator.toml").write_text(render_target(SERVICE.target()), encoding="utf-8")
TOKEN = httpx.post(f"{SERVICE.url}/oauth2/token", data=LOGIN).json()["access_token"]


def post(path: str, body: Json) -> httpx.Response:
    return httpx.post(SERVICE.base_url() + path, json=body, headers={"Authorization": f"Bearer {TOKEN}"})


class MyClient:
    def __init__(self, url: str) -> None:
        self.url = url

    def create_session(self, profile: str, server_address: str, duration: int = 3600) -> str:
        if _version(profile):
            raise ValueError(f"profile {profile!r} is an address")
        version = _version(server_address)
        if not version:
            raise ValueError(f"server_address {server_address!r} is no address")
        if not isinstance(duration, int):
            raise TypeError(f"duration {duration!r} is no number")
        server = {f"ipv{version}Address": server_address}
        body = {"qosProfile": profile, "applicationServer": server, "duration": duration}
        answer = httpx.post(f"{self.url}/sessions", json=body)
        return str(answer.raise_for_status().json()["sessionId"])


def _version(text: object) -> int | None:
    try:
        return ip_address(text).version if isinstance(text, str) else None
    except ValueError:
        return None
