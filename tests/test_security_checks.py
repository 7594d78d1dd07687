"""What counts as given away by an answer, and what does not."""

from uuid import UUID, uuid4

import pytest

from pytest_nac_qod.checks import security
from pytest_nac_qod.wire.exchange import Response


def answer(body: str = "", **headers: str) -> Response:
    named = tuple((name.replace("_", "-"), value) for name, value in headers.items())
    return Response(status=400, headers=named, body=body)


@pytest.mark.parametrize(
    "body",
    [
        'Traceback (most recent call last):\n  File "/srv/app.py", line 3, in f',
        '{"message": "java.lang.NullPointerException: at com.acme.Qod.create(Qod.java:42)"}',
        "SyntaxError: Unexpected end of JSON input at parse (/srv/node_modules/body-parser/index.js:1:2)",
        "System.NullReferenceException: at Qod.Create(Body b) in C:\\qod\\Qod.cs:line 7",
        "goroutine 17 [running]:",
        "PHP Fatal error: Uncaught TypeError",
        'ERROR: syntax error at or near "OR"',
        "ORA-00933: SQL command not properly ended",
    ],
)
def test_inner_workings(body: str) -> None:
    assert security.trace_in(answer(body))


@pytest.mark.parametrize(
    "body",
    [
        '{"status": 400, "code": "INVALID_ARGUMENT", "message": "Client specified an invalid argument."}',
        '{"message": "Unexpected end of input at line 1 column 12"}',
        '{"message": "device at 10.0.0.1: no such file exception"}',
        "",
    ],
)
def test_errors_that_only_say_what_is_wrong(body: str) -> None:
    assert security.trace_in(answer(body)) == ""


@pytest.mark.parametrize(
    ("headers", "told"),
    [
        ({"Server": "nginx/1.18.0"}, "Server: nginx/1.18.0"),
        ({"X_Powered_By": "PHP/8.1.2"}, "X-Powered-By: PHP/8.1.2"),
        ({"Server": "Apache/2.4.41 (Ubuntu)"}, "Server: Apache/2.4.41"),
        ({"Server": "nginx"}, ""),
        ({"Server": "cloudfront"}, ""),
        ({"Via": "1.1 varnish"}, ""),
        ({"Via": "HTTP/1.1 proxy"}, ""),
        ({"X_Correlator": "a/1.2"}, ""),
    ],
)
def test_versions(headers: dict[str, str], told: str) -> None:
    assert security.version_in(answer(**headers)) == told


def test_random_ids_are_not_guessable() -> None:
    assert not any(security.guessable(str(uuid4()), str(uuid4())) for _ in range(200))
    seventh = ["0192f0c1-7b64-7a3d-9c2f-3e5d7f9a1b2c", "0192f0c1-7b65-7e81-8d04-c6a8e0f2b4d6"]  # within a millisecond
    assert not security.guessable(*seventh)


@pytest.mark.parametrize(
    ("first", "second"),
    [("1000", "1001"), ("a", "a"), ("session-000041", "session-000042"), (str(UUID(int=7)), str(UUID(int=8)))],
)
def test_counted_ids_are_guessable(first: str, second: str) -> None:
    assert security.guessable(first, second)
