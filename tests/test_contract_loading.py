"""Contracts that cannot be had."""

from pathlib import Path

import pytest

from pytest_nac_qod import contracts
from pytest_nac_qod.contracts import facts

PATHS = "paths:\n  /a:\n    get:\n      responses: {}\n"


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (
            "a: [",
            "neither YAML nor JSON: while parsing a flow node expected the node content, but found '<stream end>'",
        ),
        (
            "a: &a [x, x]\n" + "".join(f"{chr(n + 1)}: &{chr(n + 1)} [*{chr(n)}, *{chr(n)}]\n" for n in range(97, 121)),
            "too deep, or anchors within anchors; write it out",
        ),
        (f"a: 0x{'f' * 5_000}", "neither YAML nor JSON: a number of too many digits"),
        ("hello", "no openapi version; expected an OpenAPI 3.0 document"),
        ("openapi: 3.1.0", "openapi: 3.1.0; expected an OpenAPI 3.0 document"),
        ("openapi: 3.0.3", "paths: missing or empty; expected the operations of an API"),
        (
            f"openapi: 3.0.3\n{PATHS}x: {{$ref: other.yaml#/A}}",
            "$ref other.yaml#/A: no such file; add it, or bundle the document into one",
        ),
        (
            f"openapi: 3.0.3\n{PATHS}x: {{$ref: 'https://example.com/a.yaml#/A'}}",
            "$ref https://example.com/a.yaml#/A: only local files are read; bundle the document into one",
        ),
        (
            f"openapi: 3.0.3\n{PATHS}x: {{$ref: 'contract.yaml#/A'}}",
            "$ref contract.yaml#/A: leads nowhere; add what it names",
        ),
        (f"openapi: 3.0.3\n{PATHS}x: {{$ref: '#/nowhere'}}", "$ref #/nowhere: leads nowhere; add what it names"),
    ],
)
def test_unusable_file_gets_one_clear_line(tmp_path: Path, content: str, message: str) -> None:
    path = tmp_path / "contract.yaml"
    path.write_text(content, encoding="utf-8")
    with pytest.raises(contracts.ContractError) as caught:
        contracts.load(str(path))
    assert str(caught.value).startswith(f"{path}: {message}")


def test_a_file_that_is_too_large_is_not_read(tmp_path: Path) -> None:
    (tmp_path / "large.yaml").write_bytes(b" " * 10_000_001)
    said = "large.yaml: 10,000,001 bytes, of which 10,000,000 at most are read; give the document of an API"
    with pytest.raises(contracts.ContractError, match=said):
        contracts.load(str(tmp_path / "large.yaml"))


def test_missing_file_is_told_what_there_is(tmp_path: Path) -> None:
    with pytest.raises(contracts.ContractError) as caught:
        contracts.load(str(tmp_path / "none.yaml"))
    assert str(caught.value) == (
        f"{tmp_path / 'none.yaml'}: no such file; give a path, or one of "
        "r1.3:quality-on-demand, r1.3:qos-profiles, r1.3:qod-provisioning, "
        "r2.2:quality-on-demand, r2.2:qos-profiles, r2.2:qod-provisioning, "
        "r3.2:quality-on-demand, r3.2:qos-profiles, r3.2:qos-provisioning, "
        "r4.1:quality-on-demand, r4.1:qos-profiles, r4.1:qos-provisioning"
    )


@pytest.mark.parametrize(
    ("release", "api", "message"),
    [
        ("r9", "quality-on-demand", "no contracts of release 'r9'; there are r1.3, r2.2, r3.2, r4.1"),
        ("r3.2", "qos", "r3.2 has no API 'qos'; it has quality-on-demand, qos-profiles, qos-provisioning"),
    ],
)
def test_unknown_release_and_api_are_told_what_there_is(release: str, api: str, message: str) -> None:
    with pytest.raises(contracts.ContractError) as caught:
        contracts.document(release, api)
    assert str(caught.value) == message


@pytest.mark.parametrize("path", sorted(Path(facts.__file__).parent.glob("*.yaml")), ids=lambda path: path.name)
def test_our_own_files_read_the_same_by_either_parser(path: Path) -> None:
    """They are read by the one of libyaml, where it is there, and by that of Python elsewhere."""
    text = path.read_text(encoding="utf-8")
    assert facts.parse_own(text) == facts.parse_yaml(text)
