"""The curl line names variables that there are, and says what to put where there is none."""

from pathlib import Path

import pytest

from pytest_nac_qod.report import curl
from pytest_nac_qod.target import Target, target_from_url
from pytest_nac_qod.target.file import load_target
from pytest_nac_qod.wire.redaction import Redactor

FILE = """
release = "r3.2"
[apis]
quality-on-demand = "https://api.example/quality-on-demand/v1"
[tokens.two_legged]
env = "QOD_TOKEN"
[tokens.second_client]
env = "OTHER_TOKEN"
[tokens.expired]
value = "expired-given"
[tokens.three_legged]
token_url = "https://api.example/token"
client_id = "me"
client_secret = "secret-given"
[headers]
X-RapidAPI-Key = { env = "RAPID" }
X-Plain = "plain-given"
[devices.default]
phoneNumber = "+123456789"
[profiles.default]
name = "QOS_L"
"""
ENVIRONMENT = {"QOD_TOKEN": "token-of-two", "OTHER_TOKEN": "token-of-other", "RAPID": "rapid-key"}


@pytest.fixture
def target(tmp_path: Path) -> Target:
    path = tmp_path / "target.toml"
    path.write_text(FILE, encoding="utf-8")
    return load_target(path, ENVIRONMENT)


def line(target: Target, name: str, value: str, **obtained: str) -> str:
    redactor = Redactor()
    redactor.register_all(target.secrets())
    for role, token in obtained.items():
        redactor.register(f"tokens.{role}", token)
    headers = [list(pair) for pair in redactor.headers([(name, value)])]
    return curl.line({"request": {"method": "GET", "url": "https://h/", "headers": headers, "body": ""}})


@pytest.mark.parametrize(
    ("token", "shown"),
    [
        ("token-of-two", "$QOD_TOKEN"),
        ("token-of-other", "$OTHER_TOKEN"),
        ("expired-given", "<access token of tokens.expired>"),
        ("obtained", "<access token of tokens.three_legged>"),
        ("nobody knows it", "<a secret that was left out>"),
    ],
)
def test_tokens(target: Target, token: str, shown: str) -> None:
    written = line(target, "Authorization", f"Bearer {token}", two_legged="token-of-two", three_legged="obtained")
    assert written == f'curl -i -X GET "https://h/" -H "Authorization: Bearer {shown}"'


def test_headers(target: Target) -> None:
    assert line(target, "X-RapidAPI-Key", "rapid-key").endswith('-H "X-RapidAPI-Key: $RAPID"')
    assert line(target, "X-Plain", "plain-given").endswith('-H "X-Plain: <headers.X-Plain>"')


def test_a_token_beside_an_address_is_a_variable_only_if_it_came_from_one() -> None:
    exported = target_from_url("https://h", "token-of-two", release="r3.2", variable="QOD_TOKEN")
    assert "Bearer $QOD_TOKEN" in line(exported, "Authorization", "Bearer token-of-two")
    given = target_from_url("https://h", "token-of-two", release="r3.2")
    assert "Bearer <access token of tokens.two_legged>" in line(given, "Authorization", "Bearer token-of-two")


def test_a_label_of_a_doctored_file_runs_nothing() -> None:
    request = {"method": "GET", "url": "<redacted:a.$(id)`id`>", "headers": [], "body": ""}
    assert curl.line({"request": request}) == r'curl -i -X GET "<a.\$(id)\`id\`>"'
