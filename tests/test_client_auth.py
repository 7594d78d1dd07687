"""Ways in which a client authenticates at a token endpoint, from the target file to the endpoint that checks them."""

import base64
import json
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import httpx
import pytest
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, padding, rsa
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
)

from pytest_nac_qod.reference import ReferenceServer
from pytest_nac_qod.target import TargetError, assertions
from pytest_nac_qod.target.assertions import ASSERTION_TYPE, Signer
from pytest_nac_qod.target.file import load_target, render_target
from pytest_nac_qod.target.tokens import ClientCredentials, TokenError
from tests.support.target_runs import check, deployment

Key = rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey | ed25519.Ed25519PrivateKey
SECRET = "a-secret-that-is-long-enough-for-every-hmac-" + "x" * 32
RSA = rsa.generate_private_key(65537, 2048)
KEYS: dict[str, Key] = {
    "RS256": RSA,
    "PS384": RSA,
    "ES256": ec.generate_private_key(ec.SECP256R1()),
    "ES512": ec.generate_private_key(ec.SECP521R1()),
    "Ed25519": ed25519.Ed25519PrivateKey.generate(),
}


def private(key: Key, password: str = "") -> str:
    how = BestAvailableEncryption(password.encode()) if password else NoEncryption()
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, how).decode()


def public(key: Key) -> str:
    return key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode()


@pytest.fixture
def http() -> Iterator[httpx.Client]:
    with httpx.Client(timeout=120) as client:
        yield client


@pytest.fixture
def server() -> Iterator[ReferenceServer]:
    with deployment() as reference:
        yield reference


def register(server: ReferenceServer, *methods: str, public_key: str = "") -> None:
    """Have the client under test authenticate in one of these ways only."""
    world = server.service.issuer.world
    client = replace(world.clients["application"], methods=methods, public_key=public_key, secret=SECRET)
    server.service.issuer.world = replace(world, clients={**world.clients, "application": client})


def source(server: ReferenceServer, **given: object) -> ClientCredentials:
    entry = {"role": "two_legged", "token_url": f"{server.url}/oauth2/token", "client_id": "application", **given}
    return ClientCredentials(**entry)  # type: ignore[arg-type] # as the tests give it


def refused(credentials: ClientCredentials, http: httpx.Client) -> str:
    with pytest.raises(TokenError) as caught:
        credentials.resolve(http)
    return str(caught.value)


def test_secret_in_the_body(server: ReferenceServer, http: httpx.Client) -> None:
    register(server, "client_secret_post")
    assert source(server, client_secret=SECRET, post=True).resolve(http)
    assert "401 (invalid_client)" in refused(source(server, client_secret=SECRET), http)
    register(server, "client_secret_basic")
    assert source(server, client_secret=SECRET).resolve(http)
    assert "401 (invalid_client)" in refused(source(server, client_secret=SECRET, post=True), http)


@pytest.mark.parametrize("algorithm", KEYS)
def test_private_key(server: ReferenceServer, http: httpx.Client, algorithm: str) -> None:
    key = KEYS[algorithm]
    register(server, "private_key_jwt", public_key=public(key))
    signer = Signer(method="private_key_jwt", key=private(key), algorithm=algorithm, key_id="k-1")
    assert source(server, signer=signer).resolve(http)
    other = ec.generate_private_key(ec.SECP256R1()) if algorithm == "ES256" else type_of(key)
    wrong = refused(source(server, signer=replace(signer, key=private(other))), http)
    assert wrong.endswith("answered 401 (invalid_client); check client_id, private_key and scope")
    assert "401 (invalid_client)" in refused(source(server, client_secret=SECRET), http)


def type_of(key: Key) -> Key:
    """Another key of the same kind."""
    if isinstance(key, rsa.RSAPrivateKey):
        return rsa.generate_private_key(65537, 2048)
    if isinstance(key, ed25519.Ed25519PrivateKey):
        return ed25519.Ed25519PrivateKey.generate()
    return ec.generate_private_key(key.curve)


@pytest.mark.parametrize("algorithm", ["HS256", "HS512"])
def test_secret_that_signs(server: ReferenceServer, http: httpx.Client, algorithm: str) -> None:
    register(server, "client_secret_jwt")
    signer = Signer(method="client_secret_jwt", key=SECRET, algorithm=algorithm)
    assert source(server, client_secret=SECRET, signer=signer).resolve(http)
    assert "401 (invalid_client)" in refused(source(server, signer=replace(signer, key=SECRET[::-1])), http)


def test_assertion_says_what_rfc_7523_asks_for() -> None:
    signer = Signer(method="private_key_jwt", key=private(RSA), key_id="k-1", audience="https://issuer", lifetime=90)
    parameters = signer.assertion("me", "https://host/token")
    assert parameters["client_assertion_type"] == ASSERTION_TYPE
    head, body, signature = parameters["client_assertion"].split(".")
    assert decoded(head) == {"alg": "RS256", "kid": "k-1", "typ": "JWT"}
    claims = decoded(body)
    assert (claims["iss"], claims["sub"], claims["aud"]) == ("me", "me", "https://issuer")
    assert claims["exp"] - claims["iat"] == 90
    assert abs(claims["iat"] - time.time()) < 60
    raw = base64.urlsafe_b64decode(signature + "==")
    RSA.public_key().verify(raw, f"{head}.{body}".encode(), padding.PKCS1v15(), hashes.SHA256())
    again = signer.assertion("me", "https://host/token")["client_assertion"]
    assert decoded(again.split(".")[1])["jti"] != claims["jti"]


def decoded(part: str) -> dict[str, Any]:
    content: dict[str, Any] = json.loads(base64.urlsafe_b64decode(part + "=" * (-len(part) % 4)))
    return content


def post(server: ReferenceServer, http: httpx.Client, **form: str) -> tuple[int, str]:
    answer = http.post(f"{server.url}/oauth2/token", data={"grant_type": "client_credentials", **form})
    return answer.status_code, answer.json().get("error", "")


@pytest.mark.parametrize(
    ("change", "client_id"),
    [
        (lambda signer: replace(signer, audience="https://somebody-else.example"), "application"),
        (lambda signer: replace(signer, lifetime=-60), "application"),
        (lambda signer: signer, "neighbour"),
        (lambda _: Signer(method="client_secret_jwt", key=SECRET), "application"),
    ],
    ids=["for somebody else", "expired", "of another client", "signed with a secret"],
)
def test_endpoint_refuses_what_it_must(
    server: ReferenceServer, http: httpx.Client, change: Callable[[Signer], Signer], client_id: str
) -> None:
    register(server, "private_key_jwt", public_key=public(RSA))
    signer = Signer(method="private_key_jwt", key=private(RSA))
    url = f"{server.url}/oauth2/token"
    assert post(server, http, **signer.assertion("application", url)) == (200, "")
    assert post(server, http, **change(signer).assertion(client_id, url)) == (401, "invalid_client")


def test_endpoint_takes_an_assertion_once_and_no_second_way_beside_it(
    server: ReferenceServer, http: httpx.Client
) -> None:
    register(server, "private_key_jwt", public_key=public(RSA))
    signer = Signer(method="private_key_jwt", key=private(RSA))
    form = signer.assertion("application", f"{server.url}/oauth2/token")
    assert post(server, http, **form) == (200, "")
    assert post(server, http, **form) == (401, "invalid_client")
    form = signer.assertion("application", f"{server.url}/oauth2/token")
    assert post(server, http, **form, client_secret=SECRET) == (400, "invalid_request")
    deep = base64.urlsafe_b64encode(b"[" * 100_000).decode().rstrip("=")
    for assertion in ("x.y.z", f"{form['client_assertion'].partition('.')[0]}.{deep}.z", f"{deep}.e30.z"):
        given = {"client_assertion_type": ASSERTION_TYPE, "client_assertion": assertion}
        assert post(server, http, **given) == (401, "invalid_client")


def test_run_with_a_key(tmp_path: Path, server: ReferenceServer) -> None:
    register(server, "private_key_jwt", public_key=public(RSA))
    (tmp_path / "client.pem").write_text(private(RSA), encoding="ascii")
    text = render_target(server.target(embedded=False)).replace(
        'client_id = "application"\nclient_secret = "application-secret"',
        'client_id = "application"\nauth_method = "private_key_jwt"\nprivate_key = "client.pem"\nkey_id = "k-1"',
    )
    path = tmp_path / "target.toml"
    path.write_text(text, encoding="utf-8")
    ran = check(path, "--scenario", "quality_on_demand_getSession_*", "--max-examples", "0")
    assert ran.status == 0, ran.text
    assert ran.of("pass")
    everything = ran.text + "".join(file.read_text(encoding="utf-8") for file in (tmp_path / "out").iterdir())
    assert not [line for line in private(RSA).splitlines()[1:-1] if line in everything]
    assert "client_assertion" not in everything


FOR_ASSERTIONS = (
    "key_id: client_secret_basic does not use it; remove it, or set auth_method to client_secret_jwt or private_key_jwt"
)
LEAST = """
[apis]
quality-on-demand = "https://api.example.com/quality-on-demand/v1"
[devices.default]
phoneNumber = "+123456789"
[profiles.default]
name = "QOS_L"
[tokens.two_legged]
token_url = "https://auth.example.com/token"
client_id = "me"
"""


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('auth_method = "client_secret_post"',
         "client_secret: give either client_secret or client_secret_env, not both"),
        ('auth_method = "private_key_jwt"',
         "private_key: missing; private_key_jwt needs the client's key, as a file in PEM format"),
        ('auth_method = "private_key_jwt"\nprivate_key = "none.pem"',
         "private_key: none.pem: no such file; give a path relative to the target file"),
        ('auth_method = "private_key_jwt"\nprivate_key = "text.pem"',
         "private_key: text.pem: not a private key in PEM format; give the client's private key"),
        ('auth_method = "private_key_jwt"\nprivate_key = "locked.pem"',
         "private_key: locked.pem: is encrypted; give the key without a passphrase"),
        ('auth_method = "private_key_jwt"\nprivate_key = "short.pem"',
         "private_key: short.pem: no key to sign with; give an RSA key of 2048 bits, an EC key or an Ed25519 key"),
        ('auth_method = "private_key_jwt"\nprivate_key = "ec.pem"\nalgorithm = "RS256"',
         "algorithm: RS256 is not for the key in ec.pem; give ES256"),
        ('auth_method = "private_key_jwt"\nprivate_key = "ec.pem"\nclient_secret = "x"',
         "client_secret: private_key_jwt does not use a secret; remove it"),
        ('client_secret = "x"\nkey_id = "k"', FOR_ASSERTIONS),
        ('client_secret = "x"\nprivate_key = "ec.pem"',
         "private_key: client_secret_basic does not use it; remove it, or set auth_method to private_key_jwt"),
        ('client_secret = "short"\nauth_method = "client_secret_jwt"',
         "client_secret: too short for HS256, which needs 32 bytes (RFC 7518 section 3.2)"),
        ('client_secret = "x"\nauth_method = "client_secret_jwt"\nalgorithm = "ES256"',
         "algorithm: ES256 does not go with client_secret_jwt; known: HS256, HS384, HS512"),
    ],
)  # fmt: skip
def test_problem_names_key_and_mend(tmp_path: Path, text: str, said: str) -> None:
    files = {
        "text.pem": "no key",
        "locked.pem": private(RSA, "word"),
        "short.pem": private(rsa.generate_private_key(65537, 1024)),  # noqa: S505 - to be refused
        "ec.pem": private(KEYS["ES256"]),
    }
    for name, content in files.items():
        (tmp_path / name).write_text(content, encoding="ascii")
    path = tmp_path / "target.toml"
    path.write_text(LEAST + text, encoding="utf-8")
    with pytest.raises(TargetError) as caught:
        load_target(path, {})
    assert str(caught.value) == f"{path}: tokens.two_legged.{said}"


def test_missing_library_is_named_with_its_extra(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(assertions, "find_spec", lambda _: None)
    (tmp_path / "ec.pem").write_text(private(KEYS["ES256"]), encoding="ascii")
    path = tmp_path / "target.toml"
    path.write_text(LEAST + 'auth_method = "private_key_jwt"\nprivate_key = "ec.pem"', encoding="utf-8")
    with pytest.raises(TargetError) as caught:
        load_target(path, {})
    said = "private_key_jwt needs Authlib; pip install 'pytest-nac-qod[oauth]'"
    assert str(caught.value) == f"{path}: tokens.two_legged.auth_method: {said}"
