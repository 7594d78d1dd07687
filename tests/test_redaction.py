"""What may leave the process."""

from pytest_nac_qod.redaction import Redactor


def test_registered_secret_reads_as_its_label_everywhere() -> None:
    redactor = Redactor()
    redactor.register("tokens.two_legged", "s3cret-token")
    assert redactor.text("see s3cret-token, s3cret-token") == (
        "see <redacted:tokens.two_legged>, <redacted:tokens.two_legged>"
    )
    assert redactor.headers([("Authorization", "Bearer s3cret-token")]) == (
        ("Authorization", "Bearer <redacted:tokens.two_legged>"),
    )


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
