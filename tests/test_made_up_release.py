"""A made-up r10.1, from nothing to a green run on the embedded server by data alone, as the docs say."""

import json
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest
import tomli_w

from pytest_nac_qod import catalogue, contracts
from pytest_nac_qod.catalogue import drafts
from pytest_nac_qod.cli import main
from pytest_nac_qod.reference import ReferenceServer
from pytest_nac_qod.target import TargetError
from pytest_nac_qod.target.file import load_target, render_target
from tests.support import made_up

SERVER = 'undecided = []\n\n[served]\nfindSessions = "retrieveSessionsByDevice"\n'
REQUESTS = '[createSession]\nserviceLevel = "gold"\n'
DECIDED = {
    "prose *": "names of operations and of an answer, nothing else",
    "gone quality_on_demand_getSession_400.1*": "the step is gone",
}


@pytest.fixture
def draft(tmp_path: Path, published: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """The draft of r10.1 as the command makes it."""
    monkeypatch.chdir(tmp_path)
    source = made_up.publish(published, tmp_path / "published" / "r10.1")
    words = ["--follows", "r4.1", "--follows-from", str(published / "r4.1"), "--release-dir", "draft"]
    assert main(["release", "new", "r10.1", "--from", str(source), *words]) == 0
    yield tmp_path / "draft"
    drafts.leave(tmp_path / "draft")


def decide(draft: Path) -> None:
    """All that a person writes."""
    rows = draft / "r10.1.toml"
    kept = [line for line in rows.read_text(encoding="utf-8").splitlines() if not line.startswith("guess")]
    rows.write_text("\n".join(kept), encoding="utf-8")
    (draft / "server.toml").write_text(SERVER, encoding="utf-8")
    (draft / "requests.toml").write_text(REQUESTS, encoding="utf-8")
    about = tomllib.loads((draft / "draft.toml").read_text(encoding="utf-8"))
    (draft / "draft.toml").write_text(tomli_w.dumps({**about, "decided": DECIDED}), encoding="utf-8")


@pytest.mark.slow
def test_what_is_to_be_decided_is_told_by_file(draft: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["release", "status", "r10.1", "--release-dir", "draft"]) == 1
    said = capsys.readouterr().out
    files = [line.partition("  ")[0] for line in said.splitlines() if line.endswith(")") and not line.startswith(" ")]
    assert files == ["r10.1.toml", "server.toml", "draft.toml"]
    for told in (
        "guess quality_on_demand_extendQosSessionDuration_01_generic_success_scenario: the steps are not the same",
        "unserved findSessions: nothing serves it; say as which other in [served]: findSessions",
        "gone quality_on_demand_getSession_400.1_invalid_session_id: not published any more",
        "server redundant_device: not decided; as before it is 'refused'",
    ):
        assert f"  {told}" in said
    decide(draft)
    assert main(["release", "status", "r10.1", "--release-dir", "draft"]) == 0
    assert capsys.readouterr().out == "r10.1 is ready: nothing is left to decide\n"


@pytest.mark.slow
def test_operations_keep_their_names_in_the_family(draft: Path) -> None:
    assert draft.is_dir()
    operations = contracts.contract("r10.1", "quality-on-demand").operations
    assert operations["createSession"].id == "establishSession"
    rules = [row for row in catalogue.rules("r10.1") if row.operation == "establishSession"]
    assert len(rules) == len([row for row in catalogue.rules("r4.1") if row.operation == "createSession"])
    extension = [row for row in catalogue.rules("r10.1") if row.operation == "extendQosSessionDuration"]
    fine = {str(outcome) for row in extension for outcome in row.accepted if outcome.status < 300}
    assert fine == {"202"}
    new = [row for row in catalogue.generated_rules("r10.1") if row.operation == "findSessions"]
    assert [row.id for row in new] == ["nac_generated_findSessions_contract"]


@pytest.mark.nightly
def test_run_on_the_embedded_server_is_green(draft: Path, capsys: pytest.CaptureFixture[str]) -> None:
    decide(draft)
    words = ["--release-dir", "draft", "--max-examples", "2", "--report", "out", "--", "-q", "-p", "no:randomly"]
    assert main(["check", *words]) == 0, capsys.readouterr().out
    document = json.loads(Path("out/results.json").read_text(encoding="utf-8"))
    assert {result["verdict"] for result in document["results"]} <= {"pass", "not_tested", "not_applicable"}
    assert document["judged_by"][0]["kind"] == "draft"
    assert document["judged_by"][0]["sha256"] == drafts.checksum("r10.1", draft)
    assert "draft of r10.1" in Path("out/report.html").read_text(encoding="utf-8")


@pytest.mark.slow
def test_creation_of_the_draft_works_end_to_end(draft: Path, capsys: pytest.CaptureFixture[str]) -> None:
    decide(draft)
    words = ["--release-dir", "draft", "--scenario", "*_establishSession_01*", "--scenario", "*_extend*_01*"]
    assert main(["check", *words, "--report", "out", "--", "-q", "-p", "no:randomly"]) == 0, capsys.readouterr().out
    document = json.loads(Path("out/results.json").read_text(encoding="utf-8"))
    assert {result["verdict"] for result in document["results"]} == {"pass"}
    sent = [exchange for result in document["results"] for exchange in result["exchanges"]]
    creations = [exchange for exchange in sent if exchange["operation"] == "establishSession"]
    assert creations
    assert all(json.loads(exchange["request"]["body"])["serviceLevel"] == "gold" for exchange in creations)


DIFFERENCES = "follows: r4.1\napis: { quality-on-demand: { version: 9.9.9 } }\n"


@pytest.fixture
def small(tmp_path: Path) -> Iterator[Path]:
    """A folder with a release of one API."""
    folder = tmp_path / "r9.9"
    folder.mkdir()
    (folder / "r9.9.yaml").write_text(DIFFERENCES, encoding="utf-8")
    row = {"id": "s_01", "operation": "getSession", "purpose": "read_as_created", "accepted": ["200"]}
    (folder / "r9.9.toml").write_text(tomli_w.dumps({"quality-on-demand": [row]}), encoding="utf-8")
    yield folder
    drafts.leave(folder)


def target_file(folder: Path, release: str) -> Path:
    with ReferenceServer() as server:
        target = server.target(embedded=False)
    text = render_target(target).replace('release = "r3.2"\n', "")
    kept = [line for line in text.splitlines() if not line.startswith(("qos-profiles", "qos-provisioning"))]
    path = folder / "target.toml"
    path.write_text("\n".join([*kept, "", "[release]", release]), encoding="utf-8")
    return path


def test_target_file_names_the_folder_of_a_draft(tmp_path: Path, small: Path) -> None:
    assert small.is_dir()
    target = load_target(target_file(tmp_path, 'dir = "r9.9"'))
    assert target.release == "r9.9"
    assert [row.id for row in catalogue.rows("r9.9")[:1]] == ["s_01"]


@pytest.mark.parametrize(
    ("release", "said"),
    [
        ("name = 3", "release: as a table it has dir, the folder of a draft, and perhaps name; mend it"),
        ('dir = "nowhere"', "release.dir: "),
    ],
)
def test_target_file_with_a_wrong_folder_is_told(tmp_path: Path, release: str, said: str) -> None:
    path = target_file(tmp_path, release)
    with pytest.raises(TargetError) as caught:
        load_target(path)
    assert str(caught.value).startswith(f"{path}: {said}")


def test_server_file_with_a_mistyped_key_is_told(small: Path) -> None:
    from pytest_nac_qod.catalogue.scenarios import CatalogueError  # noqa: PLC0415 - of this test alone
    from pytest_nac_qod.reference.rules import rules  # noqa: PLC0415

    drafts.use(small)
    for text, said in (
        ('redundant_devise = "refused"', "redundant_devise: no such key; did you mean redundant_device?"),
        ('redundant_device = "passed"', "redundant_device: 'passed' is none of 'refused', 'must match'"),
    ):
        (small / "server.toml").write_text(text, encoding="utf-8")
        with pytest.raises(CatalogueError) as caught:
            rules("r9.9")
        assert str(caught.value) == f"{small / 'server.toml'}: {said}"
