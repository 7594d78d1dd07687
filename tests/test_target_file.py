"""Target files: what they come to, and what is said about those that cannot be used."""

import re
from pathlib import Path

import pytest

from pytest_nac_qod.foundation.jsontypes import JsonObject
from pytest_nac_qod.reference import ReferenceServer
from pytest_nac_qod.target import Profile, TargetError, target_from_url
from pytest_nac_qod.target.file import init_target, load_target, render_target, template
from pytest_nac_qod.target.problems import schema
from tests.support.target_files import ENVIRONMENT, LEAST, complaints, loaded


def test_least_file_has_sane_defaults(tmp_path: Path) -> None:
    target = loaded(tmp_path, LEAST)
    assert target.name == "operator"
    assert target.release == "r3.2"
    assert target.apis == {"quality-on-demand": "https://api.example.com/quality-on-demand/v1"}
    assert target.profiles["default"] == Profile("QOS_L")
    assert (target.timeout, target.polling.interval, target.polling.budget) == (10.0, 0.5, 60.0)
    assert target.secrets() == {"tokens.two_legged": "secret-1"}
    assert "secret-1" not in repr(target)


def test_template_loads_once_its_variable_is_set(tmp_path: Path) -> None:
    path = tmp_path / "target.toml"
    init_target(path)
    assert load_target(path, ENVIRONMENT).tokens.keys() == {"two_legged"}


def test_every_commented_key_of_the_template_is_one(tmp_path: Path) -> None:
    text = re.sub(r"^# (?=\[|[\w-]+ = )", "", template(), flags=re.MULTILINE).replace("…", "x")
    unset = "is not set; export it"
    assert complaints(tmp_path, text) == [
        f"operator.toml: tokens.two_legged.client_secret_env: environment variable QOD_CLIENT_SECRET {unset}",
        f"operator.toml: tokens.second_client.env: environment variable QOD_TOKEN_SECOND_CLIENT {unset}",
        f"operator.toml: tokens.without_scope.env: environment variable QOD_TOKEN_WITHOUT_SCOPE {unset}",
        f"operator.toml: tokens.expired.env: environment variable QOD_TOKEN_EXPIRED {unset}",
        f"operator.toml: tokens.private_key_jwt.env: environment variable QOD_TOKEN_PRIVATE_KEY_JWT {unset}",
        f"operator.toml: tokens.over_quota.env: environment variable QOD_TOKEN_OVER_QUOTA {unset}",
        f"operator.toml: tokens.other_audience.env: environment variable QOD_TOKEN_OTHER_AUDIENCE {unset}",
        f"operator.toml: headers.X-RapidAPI-Key.env: environment variable RAPIDAPI_KEY {unset}",
        (
            "operator.toml: tokens.two_legged: has env and token_url; give one of value, env, or token_url with "
            "client_id and client_secret"
        ),
        "operator.toml: ca_file: ca.pem: no such file; give a path relative to the target file",
        (
            "operator.toml: tokens.two_legged.private_key: client.pem: no such file; give a path relative to the "
            "target file"
        ),
        "operator.toml: sink.certificate: sink/certificate.pem: no such file; give a path relative to the target file",
    ]


def test_template_mentions_every_key() -> None:
    def keys(node: JsonObject) -> set[str]:
        inner = [keys(child) for child in node.values() if isinstance(child, dict)]
        return set(node.get("properties", {})) if not inner else set(node.get("properties", {})).union(*inner)

    mentioned = set(re.findall(r"[\w-]+", template()))
    assert keys(schema()) - mentioned == set()


def test_all_problems_come_at_once_each_with_its_key_and_mend(tmp_path: Path) -> None:
    text = """
nmae = "x"
timeout = "long"
[apis]
quality-on-demand = "host/x"
[tokens.two_legged]
env = "NOPE"
[devices.default]
phonNumber = "1"
[profiles]
[polling]
budget = 0
[hooks]
reset = 1
[headers]
X-Key = 5
"""
    assert complaints(tmp_path, text) == [
        'operator.toml: nmae: unknown key; did you mean "name"?',
        'operator.toml: apis.quality-on-demand: expected an address with http:// or https://, got "host/x"',
        'operator.toml: devices.default.phonNumber: unknown key; did you mean "phoneNumber"?',
        'operator.toml: headers.X-Key: expected a text, or { env = "VARIABLE" }, got a int',
        "operator.toml: hooks.reset: expected an address, or a list of words, got 1",
        "operator.toml: polling.budget: expected a number of seconds greater than 0, got 0",
        "operator.toml: profiles.default: missing; add it",
        'operator.toml: timeout: expected a number, got "long"',
        "operator.toml: tokens.two_legged.env: environment variable NOPE is not set; export it",
    ]


@pytest.mark.parametrize(
    ("more", "complaint"),
    [
        ('[tokens.expired]\nvalue = "a"\nenv = "QOD_TOKEN"',
         "tokens.expired: has value and env; give one of value, env, or token_url with client_id and client_secret"),
        ('[tokens.expired]\ntoken_url = "https://a.example"\nclient_id = "i"',
         "tokens.expired.client_secret: give either client_secret or client_secret_env, not both"),
        ('[devices.second]\nphoneNumber = "123"',
         r"devices.second.phoneNumber: expected matching ^\+[1-9][0-9]{4,14}$, got '123'"),
        ('[profiles.inactive]\nname = "OLD"\nmin_duration = 9\nmax_duration = 8',
         "profiles.inactive: min_duration 9 is greater than max_duration 8; swap them"),
        ('[hooks]\nterminate_session = ["ops", "{sesion_id}"]',
         "hooks.terminate_session: unknown placeholder {sesion_id}; it has {session_id}"),
        ('[hooks]\nreset = ["ops", "{"]',
         "hooks.reset: '{': Single '{' encountered in format string; write {{ and }} for braces"),
        ('[sink]\nurl = "http://sink.example.com"',
         'sink.url: expected an address with https://, got "http://sink.example.com"'),
    ],
)  # fmt: skip
def test_problem_names_key_and_mend(tmp_path: Path, more: str, complaint: str) -> None:
    assert complaints(tmp_path, f"{LEAST}\n{more}\n") == [f"operator.toml: {complaint}"]


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ('release = "r9.9"\n' + LEAST, "operator.toml: release: unknown release 'r9.9'; known: r1.3, r2.2, r3.2, r4.1"),
        ("release = true\n" + LEAST, "operator.toml: release: expected a text or a table, got true"),
        (LEAST.replace("quality-on-demand =", "qos ="),
         "operator.toml: apis.qos: no API of r3.2; known here: quality-on-demand, qos-profiles, qos-provisioning"),
        (LEAST + "[apis]\n",
         "operator.toml: not valid TOML: Cannot declare ('apis',) twice (at line 10, column 6); mend it there"),
        (LEAST + "x = \n", "operator.toml: not valid TOML: Invalid value (at line 10, column 5); mend it there"),
    ],
)  # fmt: skip
def test_file_as_a_whole_is_unusable(tmp_path: Path, text: str, complaint: str) -> None:
    assert complaints(tmp_path, text) == [complaint]


def test_file_that_is_not_there_or_not_text(tmp_path: Path) -> None:
    path = tmp_path / "none.toml"
    with pytest.raises(TargetError) as caught:
        load_target(path, {})
    assert str(caught.value) == f"{path}: no such file; nac-qod init {path} writes one to fill in"
    path.write_bytes(b"name = '\xff'")
    with pytest.raises(TargetError) as caught:
        load_target(path, {})
    assert str(caught.value) == f"{path}: byte 8: not UTF-8; save it as UTF-8"


def test_init_overwrites_nothing(tmp_path: Path) -> None:
    path = tmp_path / "target.toml"
    path.write_text("mine", encoding="utf-8")
    with pytest.raises(TargetError, match="already exists; give another name, or move it away"):
        init_target(path)
    assert path.read_text(encoding="utf-8") == "mine"


def test_url_is_an_api_root_or_the_base_url_of_one_api() -> None:
    served = {
        "quality-on-demand": "https://host/root/quality-on-demand/v1",
        "qos-profiles": "https://host/root/qos-profiles/v1",
        "qos-provisioning": "https://host/root/qos-provisioning/v0.3",
    }
    assert target_from_url("https://host/root/", "token", release="r3.2").apis == served
    for api, url in served.items():
        assert target_from_url(url, "token", release="r3.2").apis == {api: url}


def test_target_file_of_the_embedded_server_says_the_same(tmp_path: Path) -> None:
    target = ReferenceServer().target()
    again = loaded(tmp_path, render_target(target))
    assert again.devices == target.devices
    assert again.profiles == target.profiles
    assert again.hooks == target.hooks
    assert again.tokens.keys() == target.tokens.keys()


def test_addresses_hold_no_credentials(tmp_path: Path) -> None:
    text = LEAST.replace("://", "://me:s3cret@", 1)
    said = "take the user name and password out of the address; access is by tokens"
    assert complaints(tmp_path, text) == [f"operator.toml: apis.quality-on-demand: {said}"]
    with pytest.raises(TargetError) as caught:
        target_from_url("https://me:s3cret@host/", "token", release="r3.2")
    assert str(caught.value) == f"--qod-url: https://host/: {said}"


@pytest.mark.parametrize(
    ("old", "new", "problem"),
    [
        ('value = "secret-1"', 'value = "secret-1\\n"',
         'tokens.two_legged.value: ends with a line break; take it off, as "$(cat FILE)" in a shell does'),
        ('value = "secret-1"', 'value = "secret\\u0000-1"',
         "tokens.two_legged.value: has the control character U+0000 in it; give it without"),
        ('value = "secret-1"', 'env = "BROKEN"',
         'tokens.two_legged.env: BROKEN ends with a line break; take it off, as "$(cat FILE)" in a shell does'),
        ('value = "secret-1"', 'token_url = "https://h/t"\nclient_id = "i"\nclient_secret = "secret\\r-1"',
         "tokens.two_legged.client_secret: has the control character U+000D in it; give it without"),
        ('value = "secret-1"', 'token_url = "https://h/t"\nclient_id = "i"\nclient_secret_env = "BROKEN"',
         ("tokens.two_legged.client_secret_env: BROKEN ends with a line break; "
          'take it off, as "$(cat FILE)" in a shell does')),
        ('value = "secret-1"', 'token_url = "https://h:99999/t"\nclient_id = "i"\nclient_secret = "secret-1"',
         "tokens.two_legged.token_url: no address that can be called; check host and port, which is at most 65535"),
        ('value = "secret-1"', 'env = "secret-1.x"',
         "tokens.two_legged.env: expected the name of an environment variable"),
        ("[devices.default]", '[headers]\nX-Api-Key = "secret-1\\u001b"\n[devices.default]',
         "headers.X-Api-Key: has the control character U+001B in it; give it without"),
        ("[devices.default]", '[headers]\nX-Api-Key = { env = "BROKEN" }\n[devices.default]',
         'headers.X-Api-Key.env: BROKEN ends with a line break; take it off, as "$(cat FILE)" in a shell does'),
        ("[devices.default]", '[headers]\n"X Key" = "secret-1"\n[devices.default]',
         "headers.X Key: no name of a header (RFC 9110 section 5.1); it has letters, digits and hyphens"),
        ("[devices.default]", '[sink]\nurl = "https://h\\n"\n[devices.default]',
         "sink.url: has the control character U+000A in it; give the address without"),
    ],
)  # fmt: skip
def test_what_http_cannot_carry_is_refused_without_its_value(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, old: str, new: str, problem: str
) -> None:
    monkeypatch.setitem(ENVIRONMENT, "BROKEN", "secret-1\n")
    assert complaints(tmp_path, LEAST.replace(old, new)) == [f"operator.toml: {problem}"]


def test_a_tab_within_a_header_is_carried(tmp_path: Path) -> None:
    text = LEAST.replace("[devices.default]", '[headers]\nX-Info = "a\\tb"\n[devices.default]')
    assert loaded(tmp_path, text).headers == {"X-Info": "a\tb"}
