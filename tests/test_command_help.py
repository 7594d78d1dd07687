"""What commands say of themselves, and what they print and ask for people who begin."""

import builtins
import json
import re
import shlex
import sys
import tomllib
from collections.abc import Iterator
from datetime import date
from importlib.resources import files
from pathlib import Path

import httpx
import jsonschema
import pytest

from pytest_nac_qod.cli import COMMANDS, main, parser
from pytest_nac_qod.reference import ReferenceServer
from pytest_nac_qod.run.known import expectations
from pytest_nac_qod.target.file import load_target, template

LOGIN = {"grant_type": "client_credentials", "client_id": "application", "client_secret": "application-secret"}


def helped(capsys: pytest.CaptureFixture[str], *words: str) -> str:
    with pytest.raises(SystemExit) as ended:
        main([*words, "--help"])
    assert ended.value.code == 0
    return " ".join(capsys.readouterr().out.split()).replace("- ", "-")  # as lines break after hyphens


@pytest.mark.parametrize("name", COMMANDS)
def test_help_has_a_sentence_and_an_example(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    text = helped(capsys, name)
    sentence = text.split("options:")[0].split("positional arguments:")[0].rstrip().split("] ")[-1]
    assert sentence.endswith("."), sentence
    assert f"Example: {COMMANDS[name].EXAMPLE}" in text


@pytest.mark.parametrize("name", COMMANDS)
def test_examples_are_commands(name: str) -> None:
    words = shlex.split(COMMANDS[name].EXAMPLE)
    if words[0] == "eval":  # what a shell runs is within
        words = shlex.split(words[1].removeprefix("$(").removesuffix(")"))
    assert words[0] == "nac-qod"
    known = parser().parse_args(words[1 : words.index(">")] if ">" in words else words[1:])
    assert known.command == name


def printed(capsys: pytest.CaptureFixture[str], *words: str) -> dict[str, object]:
    assert main(list(words)) == 0
    content: dict[str, object] = json.loads(capsys.readouterr().out)
    return content


@pytest.mark.parametrize("name", ["target", "results", "expectations"])
def test_schemas_are_printed_with_an_id_of_their_own(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    schema = printed(capsys, "schema", name)
    jsonschema.Draft202012Validator.check_schema(schema)
    assert schema["$id"] == f"urn:pytest-nac-qod:{name}:1"


def entries() -> Iterator[tuple[dict[str, object], bool]]:
    """Entries of expectations files, and whether they may stand there."""
    case: dict[str, object] = {
        "release": "r3.2",
        "reason": "known",
        "scenario": "quality_on_demand_getSession_404.1_not_found",
    }
    yield case, True
    yield {**case, "case": "x", "issue": "https://example.com/1", "expires": date(2027, 1, 31)}, True
    yield {"release": "r3.2", "reason": "known", "cause": "nulls"}, True
    yield {"release": "r3.2", "reason": "known", "cause": "nulls", "case": "x"}, False
    yield {"release": "r3.2", "reason": "known"}, False
    yield {**case, "cause": "nulls"}, False
    yield {**case, "reason": ""}, False
    yield {**case, "expires": "tomorrow"}, False
    yield {**case, "note": "x"}, False
    yield {"scenario": case["scenario"], "release": "r3.2"}, False


@pytest.mark.parametrize(("entry", "right"), [*entries()])
def test_the_schema_of_expectations_agrees_with_what_is_read(entry: dict[str, object], right: bool) -> None:  # noqa: FBT001
    text = files("pytest_nac_qod.run.known").joinpath("expectations.schema.json").read_text(encoding="utf-8")
    validator = jsonschema.Draft202012Validator(json.loads(text), format_checker=jsonschema.FormatChecker())
    as_json = json.loads(json.dumps({"known": [entry]}, default=str))
    assert validator.is_valid(as_json) == right
    assert (not list(expectations._problems({"known": [entry]}, lambda *_: iter(())))) == right  # noqa: SLF001


def test_init_with_a_name_asks_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys.stdin, "isatty", lambda: True)
    monkeypatch.setattr(builtins, "input", lambda _: pytest.fail("asked"))
    assert main(["init", str(tmp_path / "operator.toml")]) == 0
    assert (tmp_path / "operator.toml").read_text(encoding="utf-8") == template()


def test_init_on_a_terminal_asks_writes_and_looks(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    asked: list[str] = []

    def answered(question: str) -> str:
        asked.append(question)
        return next(answers)

    with ReferenceServer() as server:
        answers = iter(["operator.toml", server.url, "MY_TOKEN", "+99999991000"])
        monkeypatch.chdir(tmp_path)
        monkeypatch.setenv("MY_TOKEN", httpx.post(f"{server.url}/oauth2/token", data=LOGIN).json()["access_token"])
        monkeypatch.setattr(sys.stdin, "isatty", lambda: True)
        monkeypatch.setattr(builtins, "input", answered)
        status = main(["init"])
    text = Path("operator.toml").read_text(encoding="utf-8")
    assert text.startswith("#:schema target.schema.json\n")
    jsonschema.validate(tomllib.loads(text), json.loads(Path("target.schema.json").read_text(encoding="utf-8")))
    target = load_target(Path("operator.toml"))
    assert target.apis["quality-on-demand"] == server.base_url("quality-on-demand")
    assert target.devices["default"] == {"phoneNumber": "+99999991000"}
    assert target.variables["tokens.two_legged"] == "MY_TOKEN"
    assert len(asked) == 4
    assert all(question.endswith("]: ") for question in asked)
    said = capsys.readouterr().out
    assert "operator.toml: written; an editor checks it by target.schema.json." in said
    assert "quality-on-demand" in said.partition("says:")[2]
    assert status in (0, 1)


def test_completion_knows_every_command(capsys: pytest.CaptureFixture[str]) -> None:
    pytest.importorskip("shtab")
    assert main(["completion", "bash"]) == 0
    script = capsys.readouterr().out
    (known,) = re.findall(r"^_shtab_nac_qod_subparsers=\((.*)\)$", script, re.MULTILINE)
    assert sorted(shlex.split(known)) == sorted(COMMANDS)
    assert " --max-examples " in script
    assert re.search(r"_schema_pos_0_choices=\W*target\W+results\W+expectations", script)


def test_completion_without_shtab_says_what_to_install(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "shtab", None)
    assert main(["completion", "bash"]) == 2
    assert capsys.readouterr().err == "nac-qod: shtab is not installed; pip install 'pytest-nac-qod[all]'\n"


def test_files_are_checked_without_secrets_and_without_a_network(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("QOD_TOKEN", raising=False)
    right, wrong, known = (tmp_path / name for name in ("right.toml", "wrong.toml", "known.toml"))
    right.write_text(template(), encoding="utf-8")
    wrong.write_text(template().replace("timeout = 10.0", "tmieout = 10.0"), encoding="utf-8")
    known.write_text('[[known]]\ncause = "nulls"\nrelease = "r3.2"\nreason = "x"\n', encoding="utf-8")
    assert main(["schema", "target", "--check", str(right), str(right)]) == 0
    assert main(["schema", "expectations", "--check", str(known)]) == 0
    assert capsys.readouterr().out == ""
    assert main(["schema", "target", "--check", str(right), str(wrong)]) == 2
    assert capsys.readouterr().err.startswith(f"nac-qod: {wrong}: tmieout: ")
