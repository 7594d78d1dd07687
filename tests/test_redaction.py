"""What may leave the process."""

import base64
import html
import json
import re
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from urllib.parse import quote, quote_plus

import pytest

from pytest_nac_qod.wire.redaction import Redactor
from pytest_nac_qod.wire.secret_forms import Form, forms, in_address, in_environment, origin, without_userinfo

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
    redacted = redactor.text(form)
    assert "<redacted:t>" in redacted
    assert "cr\u00e9t" not in redacted
    assert redactor.text(redacted) == redacted


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


def test_threads_see_a_secret_whole_or_not_at_all() -> None:
    redactor, workers, each = Redactor(), 8, 25
    start = threading.Barrier(2 * workers)
    interval = sys.getswitchinterval()

    def learn(worker: int) -> list[str]:
        start.wait()
        secrets = [f"s3cret-{worker}-{number:03}" for number in range(each)]
        for secret in secrets:
            redactor.register(f"t{worker}", secret)
            assert redactor.text(f"it is {secret}") == f"it is <redacted:t{worker}>"
        return secrets

    def read(worker: int) -> list[str]:
        start.wait()
        for number in range(each * 4):
            redactor.text(f"nothing {worker} {number}")
        return []

    sys.setswitchinterval(1e-6)
    try:
        with ThreadPoolExecutor(2 * workers) as pool:
            jobs = [pool.submit(job, worker) for worker in range(workers) for job in (learn, read)]
            secrets = [secret for job in jobs for secret in job.result()]
    finally:
        sys.setswitchinterval(interval)
    assert set(redactor.labels) == set(secrets)
    assert "s3cret" not in redactor.text(" ".join(secrets))


def test_forms_of_a_secret_are_there_when_its_label_is(monkeypatch: pytest.MonkeyPatch) -> None:
    redactor = Redactor()
    seen = []

    def slow(secret: str) -> tuple[Form, ...]:
        seen.append(redactor.text(f"meanwhile {secret}"))  # what another thread may do now
        return forms(secret)

    monkeypatch.setattr("pytest_nac_qod.wire.redaction.forms", slow)
    redactor.register("t", "s3cret-token")
    assert seen == ["meanwhile s3cret-token"]  # not known yet, but no KeyError whose message is the secret
    assert redactor.text("s3cret-token") == "<redacted:t>"


@pytest.mark.parametrize(
    "name",
    ["Set-Cookie", "Cookie", "Authorization", "Proxy-Authorization", "X-RapidAPI-Key", "x-api-key", "apikey",
     "Ocp-Apim-Subscription-Key", "X-Auth-Token", "X-Client-Secret"],
)  # fmt: skip
@pytest.mark.parametrize("value", ["sid=pl4nted; Path=/; HttpOnly", "pl4nted", "pl4nted x", "x pl4nted"])
def test_headers_that_hold_secrets_are_hidden_whole(name: str, value: str) -> None:
    (pair,) = Redactor().headers([(name, value)])
    assert re.fullmatch(r"<redacted:[0-9a-f]{8}>", pair[1])
    assert Redactor().headers([pair]) == (pair,)


@pytest.mark.parametrize("name", ["Access-Control-Allow-Credentials", "x-correlator", "Location", "Idempotency-Key"])
def test_headers_that_hold_none_stay(name: str) -> None:
    assert Redactor().headers([(name, "true x")]) == ((name, "true x"),)


def test_a_lone_surrogate_hides_no_secret() -> None:
    (pair,) = Redactor().headers([("Authorization", "Bearer \ud800")])
    assert re.fullmatch(r"Bearer <redacted:[0-9a-f]{8}>", pair[1])


def test_expressions_are_made_only_for_secrets_that_may_be_there(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every sink has a token of its own; a long run knows hundreds of secrets, and each text has few of them."""
    made: list[str] = []
    compiled = re.compile

    def counted(expression: str, flags: int = 0) -> re.Pattern[str]:
        made.append(expression)
        return compiled(expression, flags)

    monkeypatch.setattr(re, "compile", counted)
    redactor = Redactor()
    for number in range(100):
        redactor.register(f"token {number}", f"pl=nted-secret-{number:03}")
    assert redactor.text('{"applicationServer": "198.51.100.1", "used": true}') == (
        '{"applicationServer": "198.51.100.1", "used": true}'
    )
    assert made == []
    assert redactor.text("Bearer pl%3Dnted-secret-042!") == "Bearer <redacted:token 42>!"
    assert redactor.text("Bearer pl=nted-secret-042!") == "Bearer <redacted:token 42>!"
    assert len(made) < 110, "and each of them once"
