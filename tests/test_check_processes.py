"""nac-qod check shares the whole suite on the embedded server out among processes."""

from itertools import pairwise

import pytest

from pytest_nac_qod.cli import parser
from pytest_nac_qod.commands.target.check import spread
from tests.support.commands import importable, nac_qod

__all__ = ["importable"]


@pytest.mark.parametrize(
    ("words", "processes"),
    [
        (["--report", "out", "--release", "r4.1"], "3"),
        (["--jobs", "2"], "2"),
        (["--jobs", "1"], ""),
        (["--jobs", "x"], ""),
        (["--target", "operator.toml"], ""),
        (["--url", "http://127.0.0.1:9091"], ""),
        (["--scenario", "nac_*"], ""),
        (["--fault", "conflict_ignored"], ""),
        (["--", "-x"], ""),
    ],
)
def test_the_whole_suite_on_the_embedded_server_uses_all_processors(
    words: list[str], processes: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("os.cpu_count", lambda: 3)
    own, rest = ([], words[1:]) if words[0] == "--" else (words, [])
    parsed = parser().parse_args(["check", *own])
    parsed.rest = rest
    assert spread(parsed) == (["-n", processes, "--dist", "worksteal"] if processes else [])


def test_processes_load_what_spreads_the_suite_over_them_though_plugins_do_not_load_by_themselves(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    given: list[str] = []

    def noted(arguments: list[str], **_: object) -> int:
        given.extend(arguments)
        return 0

    monkeypatch.setattr(pytest, "main", noted)
    monkeypatch.setenv("PYTEST_DISABLE_PLUGIN_AUTOLOAD", "1")
    assert nac_qod("check", "--jobs", "2").returncode == 0
    assert {("-p", "xdist"), ("-p", "pytest_nac_qod.plugin"), ("-n", "2")} <= set(pairwise(given))
