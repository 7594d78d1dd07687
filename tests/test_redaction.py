"""What may leave the process."""

import base64
import html
import json
from urllib.parse import quote, quote_plus

import pytest

from pytest_nac_qod.redaction import Redactor
from pytest_nac_qod.secret_forms import in_address, in_environment, origin, without_userinfo

SECRET = 's3/cr\u00e9t & "more" + <so>'


def test_registered_secret_reads_as_its_label_everywhere() -> None:
    redactor = Redactor()
    redactor.register("tokens.two_legged", "s3cret-token")
    assert redactor.text("see s3cret-token, s3cret-token") == (
        "see <redacted:tokens.two_legged>, <redacted:tokens.two_legged>"
    )
    assert redactor.headers([("Authorization", "Bearer s3cret-token")]) == (
        ("Authorization", "Bearer <redacted:tokens.two_legged>"),
    )


def test_text_that_was_harmless_is_hidden_once_it_is_known_to_be_a_secret() -> None:
    redactor = Redactor()
    assert redactor.text("s3cret") == redactor.text("s3cret") == "s3cret"
    redactor.register("token", "s3cret")
    assert redactor.text("s3cret") == "<redacted:token>"


def test_unregistered_credentials_are_hidden_but_stay_comparable() -> None:
    redactor = Redactor()
    ((_, first),) = redactor.headers([("authorization", "Bearer unknown-1")])
    ((_, second),) = redactor.headers([("Authorization", "Bearer unknown-2")])
    ((_, again),) = redactor.headers([("AUTHORIZATION", "Bearer unknown-1")])
    assert "unknown" not in first + second
    assert first == again != second


def test_properties_that_hold_secrets_are_hidden_by_name() -> None:
    text = Redactor().text('{"accessToken": "abc\\"def", "secret":"x1", "message": "accessToken missing"}')
    assert "abc" not in text
    assert "x1" not in text
    assert "accessToken missing" in text


def test_longer_secret_wins_over_one_that_it_contains() -> None:
    redactor = Redactor()
    redactor.register("short", "abcd")
    redactor.register("long", "abcdefgh")
    assert redactor.text("abcdefgh abcd") == "<redacted:long> <redacted:short>"


def test_redacting_twice_changes_nothing() -> None:
    redactor = Redactor()
    redactor.register("t", "tokentoken")
    once = redactor.text('{"accessToken": "tokentoken", "secret": "other"}')
    assert redactor.text(once) == once


@pytest.mark.parametrize(
    "form",
    [
        json.dumps(SECRET),
        json.dumps(SECRET, ensure_ascii=False),
        json.dumps(json.dumps({"said": SECRET})),
        json.dumps(SECRET).replace("/", "\\/"),
        "".join(f"\\u{ord(character):04x}" for character in SECRET),
        f"?q={quote(SECRET)}&x=1",
        f"/{quote(SECRET, safe='')}/",
        f"q={quote_plus(SECRET).lower()}",
        "".join(f"%{byte:02X}" for byte in SECRET.encode()),
        f"<p>{html.escape(SECRET)}</p>",
        base64.b64encode(f"client:{SECRET}".encode()).decode(),
        base64.b64encode(f"client1:{SECRET}!".encode()).decode(),
        base64.urlsafe_b64encode(f"id{SECRET}".encode()).decode(),
        SECRET.encode().hex(),
        SECRET.encode().decode("latin-1"),
    ],
)
def test_no_encoding_hides_a_secret(form: str) -> None:
    redactor = Redactor()
    redactor.register("t", SECRET)
    found = redactor.text(form)
    assert "<redacted:t>" in found
    assert "cr\u00e9t" not in found
    assert redactor.text(found) == found


def test_parameters_that_hold_secrets_are_hidden_by_name() -> None:
    text = Redactor().text("https://host/?access_token=abcdef&page=2 client_secret=xyz")
    assert "abcdef" not in text
    assert "xyz" not in text
    assert "page=2" in text


def test_variables_whose_name_says_secret_are_secrets() -> None:
    environ = {"MY_API_KEY": "k3y-of-mine", "USE_TOKEN": "yes", "PASSWORD": "development", "HOME": "/home/tester"}
    assert in_environment(environ) == {"env.MY_API_KEY": "k3y-of-mine"}


def test_addresses_hold_secrets_in_userinfo_and_query() -> None:
    assert list(in_address("https://me:p%40ss@host/x?key=v4lue&empty=")) == ["p@ss", "v4lue"]
    assert list(in_address("https://host/plain")) == []
    assert origin("https://me:pass@host:8443/x?key=v") == "https://host:8443"
    assert without_userinfo("see https://me:pass@host/x") == "see https://host/x"
