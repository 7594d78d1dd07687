"""The file of a release: mistyped keys are told, nulls take away, names sort as versions."""

from collections.abc import Iterator
from importlib.resources import files
from pathlib import Path

import pytest

from pytest_nac_qod import catalogue, contracts, reference
from pytest_nac_qod.catalogue.checking import shape_problem
from pytest_nac_qod.catalogue.scenarios import CatalogueError
from pytest_nac_qod.contracts import facts, loading
from pytest_nac_qod.contracts.stating import checked
from pytest_nac_qod.foundation.releases import order
from pytest_nac_qod.reference import rules

LISTING = "apis.quality-on-demand.operations.listSessions"
R10_1 = """
follows: r4.1
apis:
  quality-on-demand:
    names: { createSession: establishSession }
    schemas:
      ErrorInfo: { properties: { message: { maxLength: null } } }
    operations:
      deleteSession: null
      listSessions:
        call: get /sessions
        scope: quality-on-demand:sessions:read
        success: { 200: RetrieveSessionsOutput }
"""


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    monkeypatch.setattr(facts, "FOLDERS", [tmp_path, *facts.FOLDERS])
    yield tmp_path
    for cached in (facts.family, facts.api_facts, facts.read, loading.document, contracts.contract):
        cached.cache_clear()


def test_releases_sort_as_versions(folder: Path) -> None:
    for name in ("r10.1", "r5.0", "r5.0-main", "r5.0-rc.10", "r5.0-rc.2"):
        (folder / f"{name}.yaml").write_text(R10_1, encoding="utf-8")
    (folder / "readme.yaml").write_text("", encoding="utf-8")
    assert facts.releases()[-6:] == ("r4.1", "r5.0-main", "r5.0-rc.2", "r5.0-rc.10", "r5.0", "r10.1")


@pytest.mark.parametrize("name", ["5.0", "main", "r", "r5.", "r5.0-", "r5.0/x", "r5.0\n"])
def test_what_is_no_name_of_a_release_is_told(name: str) -> None:
    with pytest.raises(ValueError, match="is no name of a release"):
        order(name)


def test_null_under_an_api_takes_away_what_the_family_states(folder: Path) -> None:
    (folder / "r10.1.yaml").write_text(R10_1, encoding="utf-8")
    message = contracts.document("r10.1", "quality-on-demand")["components"]["schemas"]["ErrorInfo"]["properties"]
    assert message["message"] == {"type": "string"}


def test_operations_have_names_in_the_family(folder: Path) -> None:
    (folder / "r10.1.yaml").write_text(R10_1, encoding="utf-8")
    names = facts.operation_names("r10.1", "quality-on-demand")
    assert names["createSession"] == "establishSession"
    assert names["listSessions"] == "listSessions"
    assert "deleteSession" not in names
    assert facts.operation_names("r1.3", "qod-provisioning") == {
        "createAssignment": "createProvisioning",
        "getAssignment": "getProvisioningById",
        "revokeAssignment": "deleteProvisioning",
        "retrieveAssignment": "retrieveProvisioningByDevice",
    }


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        (("follows: r4.1", "folows: r4.1"), "folows: no such key; did you mean follows?"),
        (("follows: r4.1\n", ""), "follows: missing; add it"),
        (("follows: r4.1", "follows: r10.1"), "follows: a release cannot follow itself; name the one "),
        (("    schemas:", "    schemata:"), "apis.quality-on-demand: schemata: no such key; did you mean schemas?"),
        (("success:", "succes:"), f"{LISTING}: succes: no such key; did you mean success?"),
        (("get /sessions", "fetch /sessions"), f"{LISTING}.call: 'fetch /sessions' does not match "),
        (("apis:", "family: { error: {} }\napis:"), "family: error: no such key; did you mean errors?"),
        (("follows: r4.1", "follows: [r4.1"), "not YAML: "),
    ],
)  # fmt: skip
def test_mistyped_file_is_told_with_file_key_and_mend(folder: Path, wrong: tuple[str, str], said: str) -> None:
    path = folder / "r10.1.yaml"
    path.write_text(R10_1.replace(*wrong), encoding="utf-8")
    with pytest.raises(contracts.ContractError) as caught:
        facts.read("r10.1")
    assert str(caught.value).startswith(f"{path}: {said}")


@pytest.mark.parametrize("release", contracts.RELEASES)
def test_files_of_the_package_keep_to_the_schemas(release: str) -> None:
    text = facts.PACKAGE.joinpath(f"{release}.yaml").read_text(encoding="utf-8")
    assert checked(facts.parse_yaml(text), release, release)["apis"]
    assert shape_problem(catalogue.entries(release), "rows") == ""
    assert not set(catalogue.releases()) - set(contracts.RELEASES)


def test_mistyped_key_of_what_releases_ask_takes_one_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    text = files(reference).joinpath("releases.toml").read_text(encoding="utf-8")
    (tmp_path / "releases.toml").write_text(text.replace("redundant_device =", "redundant_devise ="), encoding="utf-8")
    monkeypatch.setattr(rules, "files", lambda _: tmp_path)
    rules.stated_by_package.cache_clear()
    try:
        with pytest.raises(CatalogueError) as caught:
            rules.stated_by_package()
    finally:
        rules.stated_by_package.cache_clear()
    said = "r3.2: redundant_devise: no such key; did you mean redundant_device?"
    assert str(caught.value) == f"{tmp_path / 'releases.toml'}: {said}"
