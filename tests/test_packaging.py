"""What is shipped: the contents of the source distribution, and what the project says of itself."""

import fnmatch
import itertools
import re
import subprocess
import sys
import tarfile
import tomllib
from pathlib import Path

import pytest
import yaml
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from pytest_nac_qod import contracts
from pytest_nac_qod.cli import main

ROOT = Path(__file__).parent.parent
_CONTENT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
PROJECT, BUILD = _CONTENT["project"], _CONTENT["build-system"]
FALLBACK = _CONTENT["tool"]["setuptools_scm"]["fallback_version"]
LEFT_OUT = {
    ".ci/audit",
    ".ci/interpreters",
    ".ci/run",
    ".dockerignore",
    ".gitignore",
    ".pre-commit-hooks.yaml",
}  # of what is in the repository
MADE = {"PKG-INFO", "setup.cfg"}


def tracked() -> set[str]:
    if not (ROOT / ".git").exists():
        pytest.skip("no checkout")
    listed = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=True)
    return {name for name in listed.stdout.splitlines() if (ROOT / name).exists()}


@pytest.mark.slow
def test_the_source_distribution_is_what_is_in_the_repository(tmp_path: Path) -> None:
    names = tracked()
    archive = subprocess.run(["git", "archive", "HEAD"], cwd=ROOT, capture_output=True, check=True)
    subprocess.run(["tar", "-x", "-C", tmp_path], input=archive.stdout, check=True)
    program = "from setuptools import build_meta; build_meta.build_sdist('made')"
    (tmp_path / "made").mkdir()
    venv = tmp_path / "venv"
    subprocess.run([sys.executable, "-m", "venv", venv], check=True, capture_output=True)
    subprocess.run([venv / "bin" / "pip", "install", "-q", *BUILD["requires"]], check=True, capture_output=True)
    command = [str(venv / "bin" / "python"), "-c", program]
    subprocess.run(command, cwd=tmp_path, check=True, capture_output=True)
    (made,) = (tmp_path / "made").glob("*.tar.gz")
    with tarfile.open(made) as content:
        inside = {name.partition("/")[2] for name in content.getnames() if "/" in name}
    files = {name for name in inside if not name.startswith("pytest_nac_qod.egg-info")}
    folders = {str(parent) for name in files for parent in Path(name).parents}
    assert made.name == f"pytest_nac_qod-{FALLBACK}.tar.gz"
    assert files - folders - MADE == names - LEFT_OUT


@pytest.mark.slow
def test_version_is_that_of_the_tag(tmp_path: Path) -> None:
    venv, copy = tmp_path / "venv", tmp_path / "copy"
    copy.mkdir()
    subprocess.run([sys.executable, "-m", "venv", venv], check=True, capture_output=True)
    subprocess.run([venv / "bin" / "pip", "install", "-q", *BUILD["requires"]], check=True, capture_output=True)
    (copy / "pyproject.toml").write_text((ROOT / "pyproject.toml").read_text("utf-8"), encoding="utf-8")

    def version(*git: str) -> str:
        if git:
            identity = ["-c", "user.name=n", "-c", "user.email=n@example.com", "-c", "commit.gpgsign=false"]
            subprocess.run(["git", *identity, *git], cwd=copy, check=True, capture_output=True)
        command = [str(venv / "bin" / "python"), "-m", "setuptools_scm"]
        done = subprocess.run(command, cwd=copy, check=True, capture_output=True, text=True)
        return str(done.stdout).strip()

    assert version() == FALLBACK
    version("init", "-q")
    version("add", ".")
    assert re.fullmatch(r"0\.1\.1\.dev\d+", version("commit", "-q", "-m", "all"))
    assert version("tag", "v9.8.7") == "9.8.7"


def test_lock_file_has_what_contributors_need() -> None:
    """CONTRIBUTING.md says how it is made anew."""
    text = (ROOT / "requirements.lock").read_text(encoding="utf-8")
    locked = dict(re.findall(r"^([\w.-]+)==([^\s;]+)", text, re.MULTILINE))
    groups = _CONTENT["dependency-groups"]
    wanted = [*PROJECT["dependencies"], *itertools.chain(*PROJECT["optional-dependencies"].values())]
    wanted += [item for name in ("test", "lint", "docs") for item in groups[name] if isinstance(item, str)]
    for requirement in map(Requirement, wanted):
        name = canonicalize_name(requirement.name)
        if name != "pytest-nac-qod":
            assert locked[name] in requirement.specifier, requirement
    pinned = len(re.findall(r"^[\w.-]+==", text, re.MULTILINE))
    assert (
        text.count("--hash=sha256:") >= pinned == len(re.findall(r"^[\w.-]+==\S+.*\\\n    --hash", text, re.MULTILINE))
    )
    assert "://" not in text


def test_interpreters_are_named_that_are_tried() -> None:
    """CI runs on 3.11, and its nightly run tries those of .ci/interpreters that it finds."""
    named = [word.rpartition(" ")[2] for word in PROJECT["classifiers"] if re.search(r":: 3\.\d+$", word)]
    script = ROOT / ".ci" / "interpreters"
    text = script.read_text("utf-8") if script.exists() else f"for version in {' '.join(named)}; do"
    tried = re.search(r"^for version in (.*); do$", text, re.MULTILINE)
    assert tried is not None
    assert named[0] == "3.11"
    assert set(named) <= {"3.11", *tried[1].split()}
    assert PROJECT["requires-python"] == ">=3.11"


def test_the_extra_for_everything_has_every_other_one_but_what_is_a_pytest_plugin_of_its_own() -> None:
    extras = PROJECT["optional-dependencies"]
    (everything,) = extras["all"]
    assert everything == f"pytest-nac-qod[{','.join(sorted(set(extras) - {'all', 'load'}))}]"


def test_releases_that_failures_rest_on_are_cited() -> None:
    cited = yaml.safe_load((ROOT / "CITATION.cff").read_text(encoding="utf-8"))
    assert cited["cff-version"] == "1.2.0"
    assert cited["license"] == PROJECT["license"]
    addresses = " ".join(entry["url"] for entry in cited["references"])
    assert re.findall(r"QualityOnDemand/releases/tag/(r\S+)", addresses) == [*contracts.RELEASES]


def test_hooks_run_commands_that_there_are(tmp_path: Path) -> None:
    wrong = tmp_path / "target.toml"
    wrong.write_text("apis = 7", encoding="utf-8")
    for hook in yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text(encoding="utf-8")):
        program, *words = hook["entry"].split()
        assert program == "nac-qod"
        assert main([*words, str(wrong)]) == 2


def test_an_image_is_built_from_all_that_is_tracked() -> None:
    """What `.dockerignore` names is what a working copy has beside that."""
    ignored = ROOT / ".dockerignore"
    if not ignored.exists():
        pytest.skip("no checkout")
    names = [line.removeprefix("**/") for line in ignored.read_text("utf-8").splitlines() if not line.startswith("#")]
    parts = {part for name in tracked() for part in Path(name).parts}
    assert len(names) > 5
    assert [name for name in names if fnmatch.filter(parts, name)] == []


def test_the_security_page_names_tests_that_there_are() -> None:
    text = (ROOT / "SECURITY.md").read_text(encoding="utf-8")
    assert [name for name in re.findall(r"`(test_\w+\.py)`", text) if not (ROOT / "tests" / name).exists()] == []
    assert [name for name in re.findall(r"`(docs/[\w.]+)`", text) if not (ROOT / name).exists()] == []
