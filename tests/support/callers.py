"""Clients for the checks of arguments, and what these checks say of them."""

from collections.abc import Callable
from typing import Any

import httpx
import pytest

from pytest_nac_qod.foundation.jsontypes import Json, JsonObject
from pytest_nac_qod.signatures import SignatureError
from pytest_nac_qod.strategies import ArgumentsError

Maker = Callable[[str], Callable[..., Any]]
FEW: Any = {"max_examples": 10}


def checked(profile: str, ip: str) -> None:
    if "." in profile or ":" in profile:
        raise ValueError("no profile")
    if not ("." in ip or ":" in ip):
        raise ValueError("no address")


def body_of(profile: str, ip: str, **more: Json) -> JsonObject:
    return {"qosProfile": profile, "applicationServer": {f"ipv{6 if ':' in ip else 4}Address": ip}, **more}


def posting(http: httpx.Client, *paths: str, before: Callable[..., object] = checked, **more: Json) -> Maker:
    """A client that looks at what it is given, and posts to each of the paths."""

    def at(url: str) -> Callable[[str, str], None]:
        def create(profile: str, ip: str) -> None:
            before(profile, ip)
            for path in paths or ("/sessions",):
                http.post(url + path, json=body_of(profile, ip, **more)).raise_for_status()

        return create

    return at


def failure(check: Callable[..., None], call: Callable[..., Any], **options: object) -> list[str]:
    options = FEW | options
    with pytest.raises(ArgumentsError) as caught:
        check(call, **options)
    return str(caught.value).splitlines()


def told(check: Callable[..., None], call: Callable[..., Any], **options: object) -> str:
    with pytest.raises(SignatureError) as caught:
        check(call, **options)
    return str(caught.value)
