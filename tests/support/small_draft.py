"""A draft that is known to be right: a release of the package with one operation renamed, as files in a folder."""

from pathlib import Path

import tomli_w
import yaml

from pytest_nac_qod import catalogue, contracts

RENAMED = ("createSession", "establishSession")
NAME = "r9.9"


def write(folder: Path, follows: str, name: str = NAME) -> Path:
    """Write the draft `name` that follows a release of the package."""
    folder.mkdir(parents=True, exist_ok=True)
    before, now = RENAMED
    apis = {api: {"names": {before: now}} if api == "quality-on-demand" else {} for api in contracts.apis(follows)}
    facts = {"follows": follows, "apis": apis}
    (folder / f"{name}.yaml").write_text(yaml.safe_dump(facts), encoding="utf-8")
    rows = tomli_w.dumps(catalogue.entries(follows)).replace(before, now)
    (folder / f"{name}.toml").write_text(rows, encoding="utf-8")
    return folder
