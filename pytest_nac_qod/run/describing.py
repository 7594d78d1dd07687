"""What a run says of itself, so that it can be repeated."""

import platform
from dataclasses import asdict
from datetime import datetime
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

import pytest

from pytest_nac_qod.foundation.jsontypes import Json
from pytest_nac_qod.foundation.values import written
from pytest_nac_qod.report import parts
from pytest_nac_qod.report.records import RunRecord
from pytest_nac_qod.report.standard import OWN
from pytest_nac_qod.run.plan import plan_for

_PACKAGES = ("pytest", "pytest-xdist", "httpx", "jsonschema", "referencing", "hypothesis", "starlette", "uvicorn")
_SEEDS = ("hypothesis_seed", "randomly_seed")
_NOT_TOLD = frozenset({"token", "sign"})  # secrets, and where they lie


def circumstances(config: pytest.Config, started: datetime, ended: datetime, left_out: int = 0) -> RunRecord:
    """The `run` object of results.json.

    Args:
        config: of this pytest run.
        started: when the session began, aware.
        ended: when its last case ended, aware.
        left_out: number of selected cases that pytest's arguments left out.
    """
    plan = plan_for(config)
    run: RunRecord = {
        "level": OWN if any(other["kind"] == OWN for other in plan.judged_by) else plan.selection.level,
        "selection": {"apis": list(plan.contracts), **plan.selection.to_dict()},
        "started": written(started),
        "ended": written(ended),
        "python": platform.python_version(),
        "platform": platform.platform(),
        "packages": _packages(),
        "seed": next((seed for name in _SEEDS if (seed := config.getoption(name, None)) is not None), None),
        "options": {name: _option(value) for name, value in asdict(plan.settings).items() if _told(name, value)},
        "unsupported": {**plan.target.unsupported, **plan.target.unserved} if plan.target else {},
    }
    given = asdict(plan.settings)
    if part := parts.part(given, plan.offered, len(plan.cases), left_out, parts.left_out_by(config)):
        run["part"] = part
    redacted: RunRecord = plan.redactor.value(run)
    return redacted


def _packages() -> dict[str, str]:
    versions: dict[str, str] = {}
    for name in _PACKAGES:
        try:
            versions[name] = version(name)
        except PackageNotFoundError:
            continue
    return versions


def _told(name: str, value: Json) -> bool:
    return bool(value) and name not in _NOT_TOLD


def _option(value: Json) -> Json:
    """A setting as JSON; of a path only its name, since folders are private."""
    match value:
        case Path():
            return value.name
        case tuple() | list():
            return [str(item) for item in value]
        case bool():
            return value
        case _:
            return str(value)
