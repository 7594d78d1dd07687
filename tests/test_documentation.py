"""Every example of the documentation does what it says, as it is printed, with the wheel in a fresh environment."""

import os
import re
import shlex
import shutil
import subprocess
import sys
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
import pytest

from pytest_nac_qod.cli import parser
from pytest_nac_qod.reference import ReferenceServer
from pytest_nac_qod.target.file import render_target

ROOT = Path(__file__).parent.parent
OWN = Path(__file__).parent / "readme"
PAGES = ("README.md", "ARCHITECTURE.md", "CONTRIBUTING.md")
MADE = {"project", "reference", "rows"}  # folders of docs/ that Sphinx fills
DOCUMENTS = [
    *(ROOT / name for name in PAGES),
    *sorted(path for path in ROOT.glob("docs/**/*.md") if path.parent.name not in MADE),
]
LISTED: Mapping[str, list[dict[str, Any]]] = tomllib.loads((OWN / "examples.toml").read_text(encoding="utf-8"))
BRIEF = "nac-qod check --max-examples 0 --level core"  # what a run finds is tested elsewhere
FENCED = re.compile(r"^```(\w*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
LOGIN = {"grant_type": "client_credentials", "client_id": "application", "client_secret": "application-secret"}


@dataclass(frozen=True, slots=True)
class Block:
    """A fenced block, and what examples.toml says of it."""

    document: str
    language: str
    text: str
    about: Mapping[str, Any] = field(default_factory=dict)

    def __str__(self) -> str:
        return f"{self.document}: {self.text.splitlines()[0]}"


def blocks() -> Iterator[Block]:
    for path in DOCUMENTS:
        name = path.relative_to(ROOT).as_posix()
        for language, text in FENCED.findall(path.read_text(encoding="utf-8")):
            about = [entry for entry in LISTED.get(name, []) if text.splitlines()[0] == entry["first"]]
            yield Block(name, language, text, about[0] if about else {})


EXECUTED = [block for block in blocks() if block.about and not block.about.keys() & {"reason", "tutorial"}]
FIRST = ("README.md", "docs/tutorials/test-your-app.md")  # what everybody reads: in each run, the others every night
TUTORIALS = sorted({block.document for block in blocks() if block.about.get("tutorial")})


def test_each_block_is_executed_or_has_a_reason_not_to_be() -> None:
    assert [str(block) for block in blocks() if not block.about] == []
    printed = {(block.document, block.text.splitlines()[0]) for block in blocks()}
    listed = {(name, entry["first"]) for name, entries in LISTED.items() for entry in entries}
    assert listed == printed
    assert {block.language for block in EXECUTED} == {"sh", "python"}
    assert len(TUTORIALS) == 3


def test_each_command_in_the_text_has_options_that_there_are() -> None:
    text = "".join(path.read_text(encoding="utf-8") for path in DOCUMENTS)
    commands = re.findall(r"`nac-qod ([^`\n]+)`", FENCED.sub("", text))
    assert len(commands) > 10
    for command in commands:
        parser().parse_args(shlex.split(command.partition(" -- ")[0]))


def run(*words: str | Path, cwd: Path, env: Mapping[str, str]) -> str:
    command = [str(word) for word in words]
    done = subprocess.run(command, capture_output=True, text=True, check=False, cwd=cwd, env=env, timeout=1800)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.fixture(scope="session")
def environ(wheel: Path) -> dict[str, str]:
    """Variables of a user's shell, with installers that know the wheel."""
    variables = {name: value for name, value in os.environ.items() if not re.match("PYTEST_|PYTHON|QOD_|VIRTUAL", name)}
    places = f"{variables.get('PIP_FIND_LINKS', '')} {wheel.parent}".strip()
    return {**variables, "PIP_FIND_LINKS": places, "UV_FIND_LINKS": places.replace(" ", ","), "UV_LINK_MODE": "copy"}


@pytest.fixture(scope="session")
def tools(environ: Mapping[str, str], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Folder with uvx and pipx."""
    folder = tmp_path_factory.mktemp("tools")
    run(sys.executable, "-m", "venv", folder, cwd=folder, env=environ)
    run(folder / "bin" / "pip", "install", "-q", "uv", "pipx", cwd=folder, env=environ)
    return folder / "bin"


@dataclass(slots=True)
class Environments:
    """Virtual environments by what is installed in them, each made once."""

    folder: Path
    uv: Path
    environ: Mapping[str, str]

    def having(self, extra: str, more: list[str]) -> Path:
        """Folder of the programs of an environment with the wheel."""
        place = self.folder / re.sub(r"\W+", "-", "-".join(["with", extra, *more]))
        if not place.exists():
            run(self.uv, "venv", "-q", "--seed", "--python", sys.executable, place, cwd=self.folder, env=self.environ)
            requirements = [f"pytest-nac-qod[{extra}]" if extra else "pytest-nac-qod", *more]
            install: list[str | Path] = ["pip", "install", "-q", "--python", place / "bin" / "python", *requirements]
            run(self.uv, *install, cwd=self.folder, env=self.environ)
        return place / "bin"


@pytest.fixture(scope="session")
def environments(environ: Mapping[str, str], tools: Path, tmp_path_factory: pytest.TempPathFactory) -> Environments:
    return Environments(tmp_path_factory.mktemp("environments"), tools / "uv", environ)


def programs(block: Block, environments: Environments) -> Path:
    if block.about.get("tools"):
        return environments.uv.parent
    return environments.having(block.about["extra"], block.about.get("spec", []))


def dated(document: str, *values: Any) -> Any:  # noqa: ANN401 - what pytest.param takes and gives
    return pytest.param(*values, marks=pytest.mark.slow if document in FIRST else pytest.mark.nightly)


def examples(language: str) -> list[Any]:
    return [dated(block.document, block) for block in EXECUTED if block.language == language]


@pytest.mark.parametrize("block", examples("python"), ids=str)
def test_python(block: Block, environments: Environments, tmp_path: Path) -> None:
    for name in block.about.get("files", []):
        shutil.copy(OWN / name, tmp_path)
    (tmp_path / "test_example.py").write_text(block.text, encoding="utf-8")
    python = programs(block, environments) / "python"
    environ = {**environments.environ, "CI": "true"}  # where Hypothesis has no deadline
    done = run(python, "-m", "pytest", "-q", "-W", "error", cwd=tmp_path, env=environ)
    assert f"{len(re.findall('^def test_', block.text, re.MULTILINE))} passed" in done


@pytest.mark.parametrize("block", examples("sh"), ids=str)
def test_shell(block: Block, environments: Environments, tmp_path: Path) -> None:
    bin_folder = programs(block, environments)
    path = {"PATH": f"{bin_folder}{os.pathsep}{os.environ['PATH']}", "PIPX_HOME": str(tmp_path / "pipx")}
    with ReferenceServer(faults=block.about.get("faults", ())) as server:
        token = httpx.post(f"{server.url}/oauth2/token", data=LOGIN).json()["access_token"]
        (tmp_path / "target").write_text(render_target(server.target(embedded=False)), encoding="utf-8")
        values = {"url": server.url, "token": token, "target": "target"}
        script = "\n".join(_script(block, values))
        done = run("bash", "-c", script, cwd=tmp_path, env={**environments.environ, **path})
    statuses = [int(item) for item in re.findall(r"^\[status\] (\d+)$", done, re.MULTILINE)]
    usual = [] if block.about.get("script") else [0] * len(block.text.splitlines())
    assert statuses == block.about.get("statuses", usual), done


@pytest.mark.parametrize("name", [dated(name, name) for name in TUTORIALS])
def test_tutorial(name: str, environ: Mapping[str, str], tmp_path: Path) -> None:
    """All blocks of a tutorial in one folder, as a reader would type them; last, the tests that were written."""
    (tmp_path / "tests").mkdir()
    shell = [
        "set -euo pipefail",
        'export PATH="$PWD/.venv/bin:$PATH"',
        "trap 'kill $(jobs -p) 2>/dev/null || true' EXIT",
    ]
    for number, block in enumerate(block for block in blocks() if block.document == name):
        if block.language == "python":
            (tmp_path / "tests" / f"test_step_{number}.py").write_text(block.text, encoding="utf-8")
        elif block.about.get("tutorial"):
            shell += [_typed(line) for line in block.text.splitlines()]
    if list((tmp_path / "tests").iterdir()):
        shell.append("pytest -q -W error tests")
    with ReferenceServer(faults=["conflict_ignored"]) as server:
        if ".venv" not in "".join(shell[3:]):  # it goes on from another one
            (tmp_path / "operator.toml").write_text(render_target(server.target(embedded=False)), encoding="utf-8")
            run(sys.executable, "-m", "venv", ".venv", cwd=tmp_path, env=environ)
            run(".venv/bin/pip", "install", "-q", "pytest-nac-qod", cwd=tmp_path, env=environ)
        done = run("bash", "-c", "\n".join(shell), cwd=tmp_path, env={**environ, "CI": "true"})
    assert not re.search(r"\b(failed|error)\b", done.splitlines()[-1]), done


def _typed(line: str) -> str:
    """A line as it is typed, at a free port, by somebody who waits for what was started; runs cut down."""
    if line.endswith("&"):
        return f"{line.replace('--port 9091', '--port 0')}\nuntil [ -s operator.toml ]; do sleep 0.2; done"
    return line.replace("nac-qod check", BRIEF)


def _script(block: Block, values: Mapping[str, str]) -> Iterator[str]:
    if block.about.get("script"):
        yield "set -euo pipefail"
    for line in block.text.splitlines():
        for start, command in block.about.get("before", {}).items():
            if line.startswith(start):
                yield command.format_map(values)
        for own, ours in block.about.get("replace", {}).items():
            line = line.replace(own, ours.format_map(values))  # noqa: PLW2901 - step by step
        yield line if block.about.get("whole") else line.replace("nac-qod check", BRIEF)
        if not block.about.get("script"):
            yield 'echo "[status] $?"'
