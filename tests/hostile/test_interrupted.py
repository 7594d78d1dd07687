"""Runs that are cut short: what was created is deleted, the report is there, and one line says so."""

import ctypes
import os
import re
import resource
import signal
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from tests.hostile.test_left_behind import CREATION, DELETION, READ, deletions
from tests.hostile.trouble import Asked, Bench, Done, Spoiled, bench

KILLER = """
import os, signal, pytest

signal.signal(signal.SIGINT, signal.default_int_handler)  # ignored by what the shell runs in the background

@pytest.hookimpl(trylast=True)
def pytest_runtest_call(item, ran=[]):
    ran.append(item)
    if len(ran) == {case}:
        os.kill(os.getpid(), signal.{first})

@pytest.hookimpl(tryfirst=True)
def pytest_sessionfinish():
    if {again}:
        os.kill(os.getpid(), signal.SIGINT)
"""


def signalled(first: str, *, again: bool = False) -> Callable[[Bench], Done]:
    def run(target: Bench) -> Done:
        (target.folder / "killer.py").write_text(KILLER.format(first=first, again=again, case=2), encoding="utf-8")
        return target.check(CREATION, READ, more=("-p", "killer"))

    return run


def stopped(what: signal.Signals, *arguments: str, more: tuple[str, ...] = ()) -> Callable[[Bench], Done]:
    """A run of several cases at a time that gets a signal as soon as it has created something."""

    def run(target: Bench) -> Done:
        target.pooled()
        chosen = ("--scenario", CREATION, "--scenario", READ)
        process = target.start(*chosen, *arguments, more=more, start_new_session=True)
        until = time.monotonic() + 120
        while not target.there and process.poll() is None and time.monotonic() < until:
            time.sleep(0.005)
        if what is signal.SIGINT:  # a terminal sends it to all of them
            os.killpg(process.pid, what)
        else:
            process.send_signal(what)
        done = target.end(process)
        return replace(done, document={"results": []})  # how many cases had ended is a matter of chance

    return run


def killed(target: Bench) -> Done:
    """What a clean-up after it comes to."""
    (target.folder / "killer.py").write_text(KILLER.format(first="SIGKILL", again=False, case=1), encoding="utf-8")
    before = target.check(READ, more=("-p", "killer"))
    assert (len(target.there), before.ledger) == (1, True)
    done = target.cleanup()
    ledger = (target.folder / "out" / "nac-qod-ledger.jsonl").exists()
    return Done(done.returncode, done.stdout + done.stderr, {"results": []}, ledger)


def small_disk(size: int) -> Callable[[Bench], Done]:
    def limited() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (size, size))

    return lambda target: target.check(CREATION, READ, preexec_fn=limited)


def no_folder(target: Bench) -> Done:
    """A file stands where the report should go."""
    (target.folder / "out").write_text("", encoding="utf-8")
    return target.check(CREATION, READ)


def few_files(target: Bench) -> Done:
    """A run that may open few files."""
    return target.check(CREATION, READ, preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_NOFILE, (40, 40)))


def read_only_folder(target: Bench) -> Done:
    """A report folder that nobody may write to, root included."""
    (target.folder / "out").mkdir(mode=0o555)
    try:
        return target.check(CREATION, READ, preexec_fn=_as_everybody)
    finally:
        (target.folder / "out").chmod(0o755)


def _as_everybody() -> None:
    """Let root, too, heed permissions from the next program on (capabilities(7): CAP_DAC_OVERRIDE)."""
    drop_from_bounding_set, dac_override = 24, 1
    ctypes.CDLL(None).prctl(drop_from_bounding_set, dac_override, 0, 0, 0)


def first_failure(*arguments: str, more: tuple[str, ...] = ()) -> Callable[[Bench], Done]:
    """A run that ends with the first case that fails; the server has a defect."""

    def run(target: Bench) -> Done:
        target.server.reset(faults=["status_in_lower_case"])
        target.pooled()
        return target.end(target.start("--scenario", CREATION, "--scenario", READ, *arguments, more=more))

    return run


INTERRUPTED: dict[str, Callable[[Bench], Done]] = {
    "SIGTERM": signalled("SIGTERM"),
    "Ctrl-C": signalled("SIGINT"),
    "Ctrl-C twice": signalled("SIGINT", again=True),
    "SIGKILL, then nac-qod cleanup": killed,
    "SIGTERM, --jobs 4": stopped(signal.SIGTERM, "--jobs", "4"),
    "Ctrl-C, --jobs 4": stopped(signal.SIGINT, "--jobs", "4"),
    "SIGTERM, -n 2": stopped(signal.SIGTERM, more=("-n", "2")),
    "Ctrl-C, -n 2": stopped(signal.SIGINT, more=("-n", "2")),
    "-x": first_failure(more=("-x",)),
    "--fail-fast": first_failure("--fail-fast"),
    "report folder that cannot be written": read_only_folder,
    "disk full after 2.5 kB": small_disk(2_500),
    "disk full after 12 kB": small_disk(12_000),
    "a file in the place of the report folder": no_folder,
    "40 open files at most": few_files,
}


@pytest.mark.parametrize(("first", "again"), [("SIGTERM", False), ("SIGINT", False), ("SIGINT", True)])
def test_a_signal(tmp_path: Path, first: str, again: bool) -> None:  # noqa: FBT001
    with bench(tmp_path) as target:
        done = signalled(first, again=again)(target)
        assert target.there == set(), done.text
    assert done.status == (130 if again else 3)
    assert done.document["complete"] is False
    assert 0 < done.account["created"] == done.account["deleted"], done.account
    assert done.account["left"] == []
    assert (tmp_path / "out" / "report.html").exists()
    assert not done.ledger
    assert "Traceback" not in done.text
    if again:
        assert done.text.splitlines()[-1] == "nac-qod: interrupted"


def test_a_kill_and_cleanup(tmp_path: Path) -> None:
    with bench(tmp_path) as target:
        done = killed(target)
        assert (done.status, target.there, done.ledger) == (0, set(), False)
    assert re.fullmatch(r"[0-9a-f-]{36}: gone\n", done.text)


@pytest.mark.parametrize("name", ["a file in the place of the report folder", "40 open files at most"])
def test_what_the_machine_refuses(tmp_path: Path, name: str) -> None:
    with bench(tmp_path) as target:
        done = INTERRUPTED[name](target)
        assert target.there == set(), done.text
    assert done.status in (2, 3) if "file in" in name else done.status in (0, 3), done.text
    assert "Traceback" not in done.text


@pytest.mark.parametrize("option", ["--fail-fast", "-x"])
def test_the_first_failure_ends_it(tmp_path: Path, option: str) -> None:
    def no_utf8(body: bytes) -> bytes:
        return body.replace(b'"REQUESTED"', b'"\xff"').replace(b'"AVAILABLE"', b'"\xff"')

    def spoil(asked: Asked) -> Spoiled | None:
        own = asked.creates and b"duration" in asked.body
        return Spoiled(carried_out=True, change=no_utf8) if own else None

    with bench(tmp_path, spoil) as target:
        if option == "-x":
            done = target.check(CREATION, more=("-x",))
        else:
            done = target.end(target.start("--scenario", CREATION, option))
        assert target.there == set(), done.text
    assert done.status == 1
    assert done.verdicts() == ["fail"]
    assert not done.ledger


def test_what_cannot_be_deleted_is_named_and_no_later_case_blamed(tmp_path: Path) -> None:
    with bench(tmp_path, deletions(10_000, status=500), budget=1) as target:
        done = target.check(READ, DELETION)
        (left,) = target.there
    assert done.status == 3
    assert sorted(done.verdicts()) == ["inconclusive", "pass"]
    assert done.reasons() == {f"{left} of an earlier case is in the way: its deletion answered 500"}
    assert done.account == {"created": 1, "deleted": 0, "left": [f"{left}: not deleted, answered 500"]}
    assert (
        f"at the target: 1 created, 0 deleted, 1 left: {left}: not deleted, answered 500; nac-qod cleanup" in done.text
    )
    assert len((tmp_path / "out" / "nac-qod-ledger.jsonl").read_text(encoding="utf-8").splitlines()) == 2


@pytest.mark.parametrize("size", [2_500, 12_000])
def test_a_full_disk(tmp_path: Path, size: int) -> None:
    with bench(tmp_path) as target:
        done = small_disk(size)(target)
        assert target.there == set(), done.text
    assert done.status == 3
    assert "cannot be written" in done.text
    assert "Traceback" not in done.text
    assert "INTERNALERROR" not in done.text
