"""Hooks: addresses and commands."""

import sys

import pytest

from pytest_nac_qod.reference import ReferenceServer
from pytest_nac_qod.target.hooks import Hook, HookError, run


def python(*words: str) -> Hook:
    return Hook("terminate_session", command=(sys.executable, "-c", *words))


def test_command_gets_its_arguments_as_words() -> None:
    check = "import sys; sys.exit(sys.argv[1] != 'id=1; echo')"
    run(python(check, "id={session_id}"), {"session_id": "1; echo"}, timeout=60)


@pytest.mark.parametrize(
    ("hook", "said"),
    [
        (python("import sys; sys.exit('no such session')"), "ended with exit status 1: no such session"),
        (
            Hook("terminate_session", command=("/no/such/program",)),
            "/no/such/program cannot be run: No such file or directory",
        ),
        (Hook("terminate_session", url="http://127.0.0.1:1/"), "http://127.0.0.1:1 cannot be reached"),
    ],
)
def test_failure_names_hook_and_cause(hook: Hook, said: str) -> None:
    with pytest.raises(HookError) as caught:
        run(hook, {"session_id": "1"}, timeout=60)
    assert str(caught.value).startswith("hooks.terminate_session: ")
    assert said in str(caught.value)


def test_command_that_takes_too_long_is_given_up() -> None:
    with pytest.raises(HookError, match=r"took longer than 0\.2 s"):
        run(python("import threading; threading.Event().wait()"), {}, timeout=0.2)


def test_address_that_refuses(qod_server: ReferenceServer) -> None:
    url = qod_server.control_url("terminate_session")
    with pytest.raises(HookError) as caught:
        run(Hook("terminate_session", url=url), {"session_id": "none"}, timeout=60)
    assert str(caught.value) == f"hooks.terminate_session: {qod_server.url} answered 400"
