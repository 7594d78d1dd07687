"""A draft is a release wherever one is named: commands take its folder, faults and bases follow what it renames."""

import json
import os
from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml

from pytest_nac_qod import catalogue, contracts
from pytest_nac_qod.catalogue import drafts
from pytest_nac_qod.catalogue.basis import bases
from pytest_nac_qod.catalogue.scenarios import CatalogueError
from pytest_nac_qod.cli import main
from pytest_nac_qod.foundation.jsontypes import JsonObject
from pytest_nac_qod.proof.matrix import must_fail
from pytest_nac_qod.proof.processes import pool
from pytest_nac_qod.reference import ReferenceServer
from pytest_nac_qod.reference.faults import faults
from pytest_nac_qod.reference.legal import legal
from pytest_nac_qod.reference.world import world
from pytest_nac_qod.run.plan import plan
from pytest_nac_qod.run.settings import settings
from pytest_nac_qod.target.file import load_target, render_target
from pytest_nac_qod.wire.resources import resource_of
from tests.support import recordings, small_draft, traffic
from tests.support.small_draft import NAME, RENAMED

BEFORE = contracts.RELEASES[-1]
QOD = "quality-on-demand"


@pytest.fixture
def folder(tmp_path: Path) -> Iterator[Path]:
    """The draft, which is no longer used afterwards."""
    yield small_draft.write(tmp_path / "draft", BEFORE)
    drafts.leave(tmp_path / "draft")


def renamed(text: str) -> str:
    return text.replace(*RENAMED)


def change(path: Path, *replaced: tuple[str, str]) -> None:
    text = path.read_text(encoding="utf-8")
    for old, new in replaced:
        assert old in text
        text = text.replace(old, new, 1)
    path.write_text(text, encoding="utf-8")


def test_faults_break_the_same_scenarios_by_their_new_names(folder: Path) -> None:
    drafts.use(folder)
    naming = [fault for fault in faults().values() if RENAMED[0] in str([(by.ids, by.but) for by in fault.fails])]
    assert naming
    for fault in naming:
        assert must_fail(fault, NAME) == tuple(renamed(case) for case in must_fail(fault, BEFORE)), fault.name


def test_what_rules_and_behaviours_rest_on_follows_the_names(folder: Path) -> None:
    drafts.use(folder)
    assert {key: basis.where for key, basis in bases(NAME).items()} == {
        key: renamed(basis.where) for key, basis in bases(BEFORE).items()
    }
    assert {name: item.basis.where for name, item in legal(NAME).items()} == {
        name: renamed(item.basis.where) for name, item in legal(BEFORE).items()
    }


def test_folder_is_read_again_once_a_file_in_it_has_changed(folder: Path) -> None:
    drafts.use(folder)
    assert len(catalogue.entries(NAME)[QOD]) > 1
    row = catalogue.entries(NAME)[QOD][0]
    assert catalogue.rows(NAME)
    (folder / f"{NAME}.toml").write_text(
        f'[[{QOD}]]\nid = "{row["id"]}"\noperation = "{row["operation"]}"\npurpose = "{row["purpose"]}"\n'
        'accepted = ["200"]\n',
        encoding="utf-8",
    )
    drafts.use(folder)
    assert [item.id for item in catalogue.rows(NAME) if item.kind == "scenario"] == [row["id"]]


def in_use() -> tuple[str, ...]:
    return contracts.releases()


def test_other_processes_know_the_draft(folder: Path) -> None:
    drafts.use(folder)
    with pool(1) as processes:
        assert processes.submit(in_use).result(60)[-1] == NAME


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["legal", "more_headers"], f"  {NAME}    RFC 9110 5.1  'extensible'"),
        (["faults", "deleted_session_kept"], f"  {NAME}    nac_get_after_delete_is_404"),
        (["contract", "show"], f"operationId: {RENAMED[1]}"),
        (["check", "--list"], f"quality_on_demand_{RENAMED[1]}_01_generic_success_scenario"),
    ],
    ids=lambda value: value[0] if isinstance(value, list) else "",
)
def test_commands_take_the_folder(
    folder: Path, capsys: pytest.CaptureFixture[str], words: list[str], said: str
) -> None:
    assert main([*words, "--release-dir", str(folder)]) == 0
    assert said in capsys.readouterr().out


@pytest.mark.parametrize("words", [["legal"], ["preflight"], ["load"], ["judge", "no.har"], ["faults"], ["serve"]])
def test_folder_without_a_release_takes_one_line(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], words: list[str]
) -> None:
    assert main([*words, "--release-dir", str(tmp_path)]) == 2
    said = capsys.readouterr().err
    assert said.endswith(f"{tmp_path}: no file of a release in it (RELEASE.yaml); nac-qod release new drafts one\n")
    assert len(said.splitlines()) == 1


def test_of_several_releases_in_a_folder_one_has_to_be_named(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    small_draft.write(folder, BEFORE, "r9.10")
    said = f"{folder}: has r9.10, {NAME}; say which release is meant"
    with pytest.raises(pytest.UsageError, match=said):
        plan(settings({"release_dir": folder, "max_examples": "0"}))
    assert main(["legal", "--release-dir", str(folder)]) == 2
    assert said in capsys.readouterr().err
    assert plan(settings({"release_dir": folder, "release": "r9.10", "max_examples": "0"})).release == "r9.10"


def test_folder_alone_speaks_of_a_conformance_run(folder: Path) -> None:
    assert settings({"release_dir": folder}).steer()


def test_target_file_of_a_server_names_the_folder(folder: Path, tmp_path: Path) -> None:
    drafts.use(folder)
    with ReferenceServer(release=NAME) as server:
        text = render_target(server.target(embedded=False))
    path = tmp_path / "target.toml"
    path.write_text(text, encoding="utf-8")
    drafts.leave(folder)
    assert load_target(path).release == NAME
    assert NAME in contracts.releases()


def test_new_scope_is_among_those_that_the_embedded_server_grants(folder: Path) -> None:
    drafts.use(folder)
    operation = {"scope": "unheard-of:read", "call": "get /more", "success": {200: False}}
    facts: JsonObject = {"follows": BEFORE, "apis": {QOD: {"operations": {"readMore": operation}}}}
    (folder / f"{NAME}.yaml").write_text(yaml.safe_dump(facts), encoding="utf-8")
    drafts.use(folder)
    assert "unheard-of:read" in world(NAME).clients["application"].scopes
    assert "unheard-of:read" not in world(BEFORE).clients["application"].scopes


def test_statuses_of_success_are_those_of_the_draft(folder: Path) -> None:
    operations = {
        RENAMED[1]: {"success": {201: None, 202: "SessionInfo"}},
        "deleteSession": {"success": {204: None, 200: False}},
    }
    facts = {"follows": BEFORE, "apis": {QOD: {"names": dict([RENAMED]), "operations": operations}}}
    (folder / f"{NAME}.yaml").write_text(yaml.safe_dump(facts), encoding="utf-8")
    drafts.use(folder)
    resource = resource_of(contracts.contract(NAME, QOD))
    assert resource is not None
    assert (resource.create, resource.created, resource.deleted) == (RENAMED[1], 202, 200)


def judged(tmp_path: Path, *words: str) -> JsonObject:
    recording = tmp_path / "traffic.jsonl"
    recording.write_text(recordings.lines_of([traffic.create(), traffic.read(1)]), encoding="utf-8")
    assert main(["judge", str(recording), "--report", str(tmp_path / "out"), *words]) == 0
    document: JsonObject = json.loads((tmp_path / "out" / "results.json").read_text(encoding="utf-8"))
    return document


def test_traffic_is_judged_by_a_draft(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = small_draft.write(tmp_path / "draft", contracts.CURRENT)
    try:
        document = judged(tmp_path, "--release-dir", str(folder))
    finally:
        drafts.leave(folder)
    assert {result["release"] for result in document["results"]} == {NAME}
    assert [by["kind"] for by in document["judged_by"]] == ["draft"]
    assert f"draft of {NAME}, SHA-256 " in capsys.readouterr().out


def test_traffic_is_judged_by_an_own_document(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    own = tmp_path / "own.yaml"
    text = contracts.show(contracts.CURRENT, QOD)
    assert "maxLength: 256" in text
    own.write_text(text.replace("maxLength: 256", "maxLength: 300"), encoding="utf-8")
    document = judged(tmp_path, "--contract", str(own))
    (by,) = document["judged_by"]
    assert (by["kind"], by["name"], by["release"], by["apis"]) == ("own document", "own.yaml", contracts.CURRENT, [QOD])
    assert by["changes"]["looser"] >= 1
    assert f"judged by the own document own.yaml (SHA-256 {by['sha256']})" in capsys.readouterr().out


def test_traffic_is_not_judged_by_what_is_no_document(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "own.yaml").write_text(
        contracts.show(BEFORE, "qos-profiles").replace("version:", "version: x"), "utf-8"
    )
    (tmp_path / "some.har").write_text('{"log": {"entries": []}}', encoding="utf-8")
    os.chdir(tmp_path)
    assert main(["judge", "some.har", "--contract", "own.yaml"]) == 2
    said = capsys.readouterr().err
    assert said.startswith("nac-qod: --contract: own.yaml is version x")
    assert "say with --release whose scenarios to run" in said


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        (("purpose = ", "porpose = "), "porpose: no such key; did you mean purpose?"),
        (('purpose = "', 'purpose = "x'), "no purpose 'x"),
        ((f"[[{QOD}]]", "[[quality-on-demnd]]"), f"no API 'quality-on-demnd'; did you mean {QOD}?"),
        (('"getSession"', '"getSesion"'), "no operation 'getSesion'; did you mean getSession?"),
        (('readings = [\n    "', 'readings = [\n    "x'), "no reading 'x"),
        (('accepted = [\n    "200"', 'accepted = [\n    "fine"'), ".accepted.0: 'fine' does not match "),
        (("[[", "[[["), "not TOML: "),
    ],
)  # fmt: skip
def test_mistyped_row_takes_one_line(folder: Path, wrong: tuple[str, str], said: str) -> None:
    path = folder / f"{NAME}.toml"
    change(path, wrong)
    drafts.use(folder)
    with pytest.raises(CatalogueError) as caught:
        catalogue.rows(NAME)
    assert str(caught.value).startswith(f"{path}: ")
    assert said in str(caught.value)
    assert len(str(caught.value).splitlines()) == 1


@pytest.mark.parametrize(
    ("name", "text", "said"),
    [
        ("server", 'codes = { all = { X = "CONFLICT" } }', "codes.all.X: 'CONFLICT' does not match "),
        ("server", 'served = ["x"]', "served: ['x'] is not of type 'object'"),
        ("draft", "[decide]", "decide: no such key; did you mean decided?"),
        ("requests", "createSession = 3", "createSession: 3 is not of type 'object'"),
    ],
)
def test_mistyped_setting_takes_one_line(folder: Path, name: str, text: str, said: str) -> None:
    (folder / f"{name}.toml").write_text(text, encoding="utf-8")
    with pytest.raises(CatalogueError) as caught:
        drafts.settings(folder, f"{name}.toml")
    assert str(caught.value).startswith(f"{folder / name}.toml: {said}")


def test_requests_of_an_unknown_operation_take_one_line(folder: Path) -> None:
    (folder / "requests.toml").write_text("[createSesion]\nlevel = 1\n", encoding="utf-8")
    drafts.use(folder)
    with pytest.raises(CatalogueError) as caught:
        drafts.added(NAME)
    said = "createSesion: no operation of the family; did you mean createSession?"
    assert str(caught.value) == f"{folder / 'requests.toml'}: {said}"
