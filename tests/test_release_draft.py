"""A release is drafted from what is published alone; every guess is marked, and what is left is told."""

import json
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest
import tomli_w
import yaml

from pytest_nac_qod import catalogue, contracts
from pytest_nac_qod.catalogue import drafts
from pytest_nac_qod.cli import main
from pytest_nac_qod.contracts.comparison.diff import diff
from pytest_nac_qod.drafting import published as reading
from pytest_nac_qod.drafting.status import left
from pytest_nac_qod.drafting.writing import draft
from pytest_nac_qod.foundation.jsontypes import JsonObject
from tests.support.manifest import COVERED


@pytest.fixture
def folder(tmp_path: Path) -> Iterator[Path]:
    """A folder for a draft, which is no longer used afterwards."""
    yield tmp_path / "draft"
    drafts.leave(tmp_path / "draft")


@pytest.mark.parametrize(
    ("release", "follows"), [("r4.1", "r3.2"), pytest.param("r3.2", "r2.2", marks=pytest.mark.slow)]
)
def test_draft_of_a_known_release_is_what_is_known(published: Path, folder: Path, release: str, follows: str) -> None:
    known = {(api, row["id"]): row for api, own in catalogue.entries(release).items() for row in own}
    said = draft(release, published / release, follows, folder)
    for api in contracts.apis(release):
        document = contracts.load(str(published / release / f"{api}.yaml"))
        assert diff(contracts.document(release, api), document) == []
        assert f"{release}:{api} requires the same as published" in said
    rows = {(api, row["id"]): row for api, own in catalogue.entries(release).items() for row in own}
    assert list(rows) == sorted(rows, key=list(rows).index)
    assert rows.keys() == known.keys()
    right = [key for key, row in rows.items() if {**row, "guess": None} == {**known[key], "guess": None}]
    assert len(right) >= 0.95 * len(known)
    assert [key for key in rows.keys() - set(right) if "guess" not in rows[key]] == []


@pytest.mark.slow
def test_draft_of_nothing_new_is_certain(published: Path, folder: Path) -> None:
    draft("r4.2", published / "r4.1", "r4.1", folder)
    rows = [row for own in catalogue.entries("r4.2").values() for row in own]
    assert len(rows) == COVERED["r4.1"][0]
    assert [row for row in rows if "guess" in row] == []
    assert rows == [row for own in catalogue.entries("r4.1").values() for row in own]
    assert {item.key.partition(" ")[0] for item in left("r4.2")} == {"server"}


@pytest.mark.slow
def test_without_the_steps_of_before_every_row_is_a_guess(published: Path, folder: Path) -> None:
    alone = folder.parent / "alone"
    alone.mkdir()
    for path in (published / "r4.1").iterdir():
        (alone / path.name).write_bytes(path.read_bytes())
    said = draft("r4.2", alone, "r4.1", folder)
    assert "the steps of the release before are not there (--follows-from DIR), so that every row is a guess" in said
    assert all("guess" in row for own in catalogue.entries("r4.2").values() for row in own)


def changed(published: Path, folder: Path) -> Path:
    """What is published of r4.1 with a status that one step asks for changed, and one description."""
    folder.mkdir(parents=True)
    for path in (published / "r4.1").iterdir():
        text = path.read_text(encoding="utf-8")
        if path.name == "scenarios.json":
            listed: JsonObject = json.loads(text)
            for feature in listed["features"]:
                for scenario in feature["scenarios"]:
                    if scenario["id"] == "quality_on_demand_getSession_404.1_not_found":
                        scenario["steps"] = [step.replace("404", "410") for step in scenario["steps"]]
            text = json.dumps(listed)
        text = text.replace("description: Session ID in UUID format", "description: ID of the session")
        (folder / path.name).write_text(text, encoding="utf-8")
    return folder


@pytest.mark.slow
def test_changed_status_of_a_step_is_told(published: Path, folder: Path) -> None:
    source = changed(published, folder.parent / "r4.2")
    draft("r4.2", source, "r4.1", folder, published / "r4.1")
    row = next(
        row
        for own in catalogue.entries("r4.2").values()
        for row in own
        if row["id"].endswith("getSession_404.1_not_found")
    )
    assert row["accepted"] == ["410 NOT_FOUND"]
    assert "the steps asked for 404 NOT_FOUND" in row["guess"]
    assert "the document has no 410 NOT_FOUND for the operation" in row["guess"]


def test_published_step_is_held_against_the_row(
    published: Path, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    source = changed(published, folder.parent / "r4.2")
    assert main(["release", "status", "r4.1", "--from", str(source)]) == 1
    told = [line for line in capsys.readouterr().out.splitlines() if "outcome " in line]
    wrong = "the steps ask for 410 NOT_FOUND, the row for 404 NOT_FOUND"
    assert told == [f"  outcome quality_on_demand_getSession_404.1_not_found: {wrong}"]


@pytest.mark.parametrize(
    "release", [pytest.param(name, marks=[] if name == "r2.2" else pytest.mark.slow) for name in contracts.RELEASES]
)
def test_steps_of_each_release_are_held_against_its_rows(published: Path, release: str) -> None:
    assert [
        item for item in left(release, published / release) if item.key.startswith(("outcome", "scenario", "row"))
    ] == []


@pytest.mark.slow
def test_what_is_decided_is_left_no_more(published: Path, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    draft("r4.2", changed(published, folder.parent / "r4.2"), "r4.1", folder, published / "r4.1")
    assert main(["release", "status", "r4.2", "--release-dir", str(folder)]) == 1
    said = capsys.readouterr().out
    assert "r4.2.toml  (" in said
    assert "server.toml  (" in said
    assert "prose quality-on-demand#/components/schemas/SessionId/description: the description changed" in said
    (folder / "server.toml").write_text("undecided = []\n", encoding="utf-8")
    about = tomllib.loads((folder / "draft.toml").read_text(encoding="utf-8"))
    about["decided"] = {"prose *": "nothing rests on it", "outcome *_404.1_*": "a slip of the text"}
    (folder / "draft.toml").write_text(tomli_w.dumps(about), encoding="utf-8")
    rows = folder / "r4.2.toml"
    kept = [line for line in rows.read_text(encoding="utf-8").splitlines() if not line.startswith("guess")]
    rows.write_text("\n".join(kept), encoding="utf-8")
    assert main(["release", "status", "r4.2", "--release-dir", str(folder)]) == 0
    assert capsys.readouterr().out == "r4.2 is ready: nothing is left to decide\n"


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["new", "main", "--from", ".", "--follows", "r4.1"], "main: no name of a release: r, a version"),
        (["new", "r9.9", "--from", ".", "--follows", "r9.8"], "--follows: no release 'r9.8'; there are r1.3, r2.2"),
        (["new", "r9.9", "--from", "nowhere", "--follows", "r4.1"], "nowhere: no such folder; give the one with"),
        (["new", "r9.9", "--from", ".", "--follows", "r4.1"], ".: no OpenAPI document in it; give the folder"),
        (["status", "r9.9"], "no contracts of release 'r9.9'; there are r1.3, r2.2, r3.2, r4.1"),
        (["status", "r9.9", "--release-dir", "nowhere"], "nowhere: no file of a release in it (RELEASE.yaml); "),
    ],
)  # fmt: skip
def test_what_cannot_be_done_takes_one_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], words: list[str], said: str
) -> None:
    monkeypatch.chdir(tmp_path)
    assert main(["release", *words]) == 2
    told = capsys.readouterr()
    assert told.out == ""
    assert said in told.err.replace(f"{tmp_path}/", "")
    assert len(told.err.splitlines()) == 1


@pytest.mark.slow
def test_feature_files_are_read_as_the_list_is(published: Path, tmp_path: Path) -> None:
    pytest.importorskip("gherkin")
    definitions = tmp_path / "code" / "Test_definitions"
    definitions.mkdir(parents=True)
    documents = tmp_path / "code" / "API_definitions"
    documents.mkdir()
    source = published / "r4.1"
    whole = yaml.safe_load((source / "qos-profiles.yaml").read_text(encoding="utf-8"))
    error = {"components": {"schemas": {"ErrorInfo": whole["components"]["schemas"].pop("ErrorInfo")}}}
    (tmp_path / "code" / "common.yaml").write_text(yaml.safe_dump(error), encoding="utf-8")
    text = yaml.safe_dump(whole).replace(
        "'#/components/schemas/ErrorInfo'", "'../common.yaml#/components/schemas/ErrorInfo'"
    )
    (documents / "qos-profiles.yaml").write_text(text, encoding="utf-8")
    features = json.loads((source / "scenarios.json").read_text(encoding="utf-8"))["features"]
    listed = [feature for feature in features if feature["api"] == "qos-profiles"]
    for feature in listed:
        path = definitions / f"qos-profiles-{feature['operation']}.feature"
        path.write_text(gherkin_of(feature), encoding="utf-8")
    ours = reading.read(tmp_path)
    theirs = [item for item in reading.read(source).scenarios if item.api == "qos-profiles"]
    assert sorted((item.operation, item.id, item.cases) for item in ours.scenarios) == sorted(
        (item.operation, item.id, item.cases) for item in theirs
    )
    assert diff(ours.documents["qos-profiles"], contracts.document("r4.1", "qos-profiles")) == []


def gherkin_of(feature: JsonObject) -> str:
    """The feature as it is published."""
    lines = [
        f"Feature: {feature['feature']}",
        "",
        "  Background: Common",
        *(f"    {step}" for step in feature["background"]),
    ]
    for scenario in feature["scenarios"]:
        examples = scenario["examples"]
        lines += ["", f"  @{scenario['id']}", f"  Scenario{' Outline' if examples else ''}: {scenario['title']}"]
        lines += [f"    {step}" for step in scenario["steps"]]
        if examples:
            lines += ["    Examples:", f"      | {' | '.join(examples[0])} |"]
            lines += [f"      | {' | '.join(map(str, row.values()))} |" for row in examples]
    return "\n".join(lines) + "\n"
