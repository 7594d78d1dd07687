"""Target files as texts: what they come to, and what is said about those that cannot be used."""

from collections.abc import Mapping
from pathlib import Path

import pytest

from pytest_nac_qod.target import Target, TargetError
from pytest_nac_qod.target.file import load_target

LEAST = """
[apis]
quality-on-demand = "https://api.example.com/quality-on-demand/v1/"
[tokens.two_legged]
value = "secret-1"
[devices.default]
phoneNumber = "+123456789"
[profiles.default]
name = "QOS_L"
"""
ENVIRONMENT = {"QOD_TOKEN": "secret-0"}


def loaded(folder: Path, text: str, environ: Mapping[str, str] = ENVIRONMENT) -> Target:
    path = folder / "operator.toml"
    path.write_text(text, encoding="utf-8")
    return load_target(path, environ)


def complaints(folder: Path, text: str) -> list[str]:
    """The lines that name what is wrong, without the folder."""
    with pytest.raises(TargetError) as caught:
        loaded(folder, text)
    return str(caught.value).replace(f"{folder}/", "").splitlines()
