"""Preflights run in this process."""

from pathlib import Path

import pytest

from pytest_nac_qod.cli import main
from pytest_nac_qod.target import Target
from pytest_nac_qod.target.file import render_target


def preflight(
    folder: Path, target: Target | str, capsys: pytest.CaptureFixture[str], *more: str
) -> tuple[int, list[str]]:
    """Exit status and lines of `nac-qod preflight` for a target."""
    path = folder / "target.toml"
    path.write_text(target if isinstance(target, str) else render_target(target), encoding="utf-8")
    status = main(["preflight", "--target", str(path), *more])
    said = capsys.readouterr()
    return status, (said.out + said.err).splitlines()


def starting(lines: list[str], about: str) -> list[str]:
    return [line for line in lines if line[6:].startswith(f"{about}:")]
