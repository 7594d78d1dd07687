"""nac-qod report and nac-qod verify: what was made, by whom, and whether it still is that."""

import base64
import json
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import load_pem_public_key

from pytest_nac_qod import cli
from pytest_nac_qod.report import results
from pytest_nac_qod.report.signing import attestation
from tests.support.report_documents import document, result

Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def nac_qod(capsys: pytest.CaptureFixture[str]) -> Run:
    def run(*words: str | Path) -> tuple[int, str, str]:
        status = cli.main([str(word) for word in words])
        printed = capsys.readouterr()
        return status, printed.out, printed.err

    return run


@pytest.fixture(scope="session")
def keys(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Made as the messages tell: `mine.pem`, `other.pem`, `encrypted.pem`, `rsa.pem`, each with its `.pub`."""
    openssl = shutil.which("openssl")
    if openssl is None:
        pytest.skip("no openssl on this machine")
    folder = tmp_path_factory.mktemp("keys")

    def make(name: str, *words: str) -> None:
        subprocess.run([openssl, "genpkey", *words, "-out", name], cwd=folder, check=True, capture_output=True)
        public = [openssl, "pkey", "-in", name, "-pubout", "-out", f"{name}.pub", "-passin", "pass:open sesame"]
        subprocess.run(public, cwd=folder, check=True, capture_output=True)

    make("mine.pem", "-algorithm", "ed25519")
    make("other.pem", "-algorithm", "ed25519")
    make("encrypted.pem", "-algorithm", "ed25519", "-aes-256-cbc", "-pass", "pass:open sesame")
    make("rsa.pem", "-algorithm", "rsa")
    return folder


@pytest.fixture
def elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The current folder is an empty one."""
    monkeypatch.chdir(tmp_path)


@pytest.fixture
def report(tmp_path: Path, nac_qod: Run, keys: Path) -> Path:
    """A signed report."""
    folder = tmp_path / "out"
    results.write(document(result(), result("fail")), folder)
    assert nac_qod("report", folder, "--sign", keys / "mine.pem")[0] == 0
    return folder


def test_report_says_what_it_wrote_and_is_the_same_each_time(tmp_path: Path, nac_qod: Run) -> None:
    path = results.write(document(result()), tmp_path / "out")
    status, out, _ = nac_qod("report", path, "--output", tmp_path / "a")
    names = ("results.json", "report.html", "junit.xml", "exchanges.har", "manifest.json")
    assert (status, out.splitlines()) == (0, [str(tmp_path / "a" / name) for name in names])
    nac_qod("report", path, "--output", tmp_path / "b")
    for name in names:
        assert (tmp_path / "a" / name).read_bytes() == (tmp_path / "b" / name).read_bytes()
    assert (tmp_path / "a" / "results.json").read_bytes() == path.read_bytes()


def test_verify_confirms(report: Path, nac_qod: Run, keys: Path) -> None:
    said = f"{report}: unchanged: complete run, 2 cases, signed"
    assert nac_qod("verify", report, "--key", keys / "mine.pem.pub") == (0, f"{said} with this key\n", "")
    assert nac_qod("verify", report) == (0, f"{said}; give --key to see by whom\n", "")


def test_attestation_is_a_signed_in_toto_statement(report: Path, keys: Path) -> None:
    envelope = json.loads((report / attestation.FILE).read_text(encoding="utf-8"))
    assert envelope["payloadType"] == "application/vnd.in-toto+json"
    payload = base64.b64decode(envelope["payload"])
    encoded = b"DSSEv1 28 application/vnd.in-toto+json %d %b" % (len(payload), payload)  # as the specification of DSSE
    key = load_pem_public_key((keys / "mine.pem.pub").read_bytes())
    assert isinstance(key, Ed25519PublicKey)
    key.verify(base64.b64decode(envelope["signatures"][0]["sig"]), encoded)
    statement = json.loads(payload)
    assert statement["_type"] == "https://in-toto.io/Statement/v1"
    assert statement["predicateType"] == "https://in-toto.io/attestation/test-result/v0.1"
    predicate = statement["predicate"]
    assert predicate["result"] == "FAILED"
    assert predicate["failedTests"] == predicate["passedTests"] == ["quality_on_demand_getSession_404.1_not_found"]
    assert predicate["configuration"][0]["annotations"] == {"release": "r3.2", "mode": "lenient", "level": "full"}


@pytest.mark.parametrize(
    ("cases", "complete", "expected"),
    [
        (["pass"], True, "PASSED"),
        (["pass", "warn"], True, "WARNED"),
        (["pass", "known"], True, "WARNED"),
        (["pass"], False, "FAILED"),
        (["pass", "inconclusive"], True, "FAILED"),
        (["not_tested"], True, "FAILED"),
    ],
)
def test_attested_result(cases: list[str], complete: bool, expected: str) -> None:  # noqa: FBT001 - a parameter
    content = document(*(result(verdict) for verdict in cases), complete=complete)
    assert attestation.statement(content, {})["predicate"]["result"] == expected


def _edit(name: str, old: str, new: str) -> Callable[[Path], None]:
    def edit(folder: Path) -> None:
        path = folder / name
        text = path.read_text(encoding="utf-8")
        assert old in text
        path.write_text(text.replace(old, new), encoding="utf-8")

    return edit


DEEP = "[" * 100_000


@pytest.mark.parametrize(
    ("spoil", "said"),
    [
        (
            _edit("report.html", "1 published scenario broken", "Conformant"),
            ["report.html: changed since the report was made"],
        ),
        (
            _edit("results.json", '"fail"', '"pass"'),
            ["results.json: changed since", "results.json: $.causes[0].verdict"],
        ),
        (_edit("results.json", '"lenient"', '"lax"'), ["results.json: changed since", "results.json: $.mode: 'lax'"]),
        (lambda folder: (folder / "results.json").write_text("{"), ["results.json: not valid JSON"]),
        (lambda folder: (folder / "junit.xml").unlink(), ["junit.xml: missing", "junit.xml: missing, but signed"]),
        (lambda folder: (folder / "manifest.json").unlink(), ["manifest.json: missing"]),
        (lambda folder: (folder / "manifest.json").write_text("[]"), ["manifest.json: not a manifest"]),
        (lambda folder: (folder / "manifest.json").write_text(DEEP), ["manifest.json: not a manifest"]),
        (_edit("manifest.json", "exchanges.har", "other.har"), ["exchanges.har: not listed in manifest.json"]),
        (_edit("manifest.json", "exchanges.har", "../../etc/passwd"), ["../../etc/passwd: not a file of this folder"]),
        (lambda folder: (folder / attestation.FILE).unlink(), ["attestation.intoto.json: missing; the report is not"]),
        (lambda folder: (folder / attestation.FILE).write_text("{}"), ["attestation.intoto.json: not a DSSE envelope"]),
        (lambda folder: (folder / attestation.FILE).write_text(DEEP), ["attestation.intoto.json: not a DSSE envelope"]),
        (_edit(attestation.FILE, "in-toto+json", "other"), ["attestation.intoto.json: a payload of type"]),
    ],
)
def test_whatever_was_changed_is_told(
    report: Path, nac_qod: Run, keys: Path, spoil: Callable[[Path], object], said: list[str]
) -> None:
    spoil(report)
    status, out, err = nac_qod("verify", report, "--key", keys / "mine.pem.pub")
    assert (status, out) == (1, "")
    for line in said:
        assert f"{report}: {line}" in err
    assert all(line.startswith(f"{report}: ") for line in err.splitlines())


def test_a_new_manifest_does_not_hide_a_change(report: Path, nac_qod: Run, keys: Path) -> None:
    signed = (report / attestation.FILE).read_bytes()
    _edit("results.json", '"lenient"', '"strict"')(report)
    nac_qod("report", report)
    (report / attestation.FILE).write_bytes(signed)
    status, _, err = nac_qod("verify", report, "--key", keys / "mine.pem.pub")
    assert status == 1
    names = ("exchanges.har", "manifest.json", "report.html", "results.json")
    assert {name for name in names if f"{report}: {name}: not what was signed" in err} == set(names) - {"exchanges.har"}


@pytest.mark.parametrize("name", ["manifest.json", "attestation.intoto.json", "results.json"])
def test_a_file_that_is_too_deep_is_told(report: Path, nac_qod: Run, name: str) -> None:
    (report / name).write_text("[" * 100_000, encoding="utf-8")
    status, _, err = nac_qod("verify", report)
    assert status == 1
    assert any(line.startswith(f"{report}: {name}: not ") for line in err.splitlines()), err


def test_a_manifest_of_long_names_gets_short_lines(report: Path, nac_qod: Run) -> None:
    files = {"x" * 5_000: {"sha256": ""}, "\x1b[31m\n": {"sha256": ""}, ".": {"sha256": ""}}
    (report / "manifest.json").write_text(json.dumps({"files": files}), encoding="utf-8")
    status, _, err = nac_qod("verify", report)
    assert status == 1
    assert all(len(line) < 500 and line.startswith(f"{report}: ") for line in err.splitlines()), err


def test_another_key_has_not_signed_it(report: Path, nac_qod: Run, keys: Path) -> None:
    status, _, err = nac_qod("verify", report, "--key", keys / "other.pem.pub")
    assert (status, err) == (1, f"{report}: attestation.intoto.json: not signed with this key\n")


def test_a_report_made_anew_without_key_is_not_signed(report: Path, nac_qod: Run) -> None:
    nac_qod("report", report)
    assert nac_qod("verify", report) == (0, f"{report}: unchanged: complete run, 2 cases, not signed\n", "")


def test_an_incomplete_run_is_told(tmp_path: Path, nac_qod: Run) -> None:
    results.write(document(result(), complete=False), tmp_path)
    nac_qod("report", tmp_path)
    assert nac_qod("verify", tmp_path)[1] == f"{tmp_path}: unchanged: incomplete run, 1 cases, not signed\n"
    page = (tmp_path / "report.html").read_text(encoding="utf-8")
    assert "<title>Incomplete run · My deployment · r3.2</title>" in page


def test_an_encrypted_key_is_opened_with_its_passphrase(
    report: Path, nac_qod: Run, keys: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    key = keys / "encrypted.pem"
    said = f"nac-qod: {key}: is encrypted; give its passphrase in QOD_SIGN_PASSPHRASE\n"
    assert nac_qod("report", report, "--sign", key) == (2, "", said)
    monkeypatch.setenv("QOD_SIGN_PASSPHRASE", "open sesame")
    assert nac_qod("report", report, "--sign", key)[0] == 0
    assert nac_qod("verify", report, "--key", keys / "encrypted.pem.pub")[0] == 0
    monkeypatch.setenv("QOD_SIGN_PASSPHRASE", "wrong")
    assert "or not the passphrase in QOD_SIGN_PASSPHRASE" in nac_qod("report", report, "--sign", key)[2]


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["report", "nowhere"], "nowhere: no such file; nac-qod check --report nowhere writes it"),
        (
            ["report", "junk.json"],
            "junk.json: not valid JSON: Expecting value: line 1 column 1 (char 0); run the check",
        ),
        (["report", "empty.json"], "empty.json: $: 'suite' is a required property; was it written by another version?"),
        (["verify", "nowhere"], "nowhere: no such folder; give the one that --report named"),
        (["verify", ".", "--key", "nowhere"], "nowhere: cannot be read: No such file or directory"),
        (
            ["verify", ".", "--key", "{keys}/mine.pem"],
            "{keys}/mine.pem: no public key in PEM; make one with openssl pkey -in PRIVATE",
        ),
        (["verify", ".", "--key", "{keys}/rsa.pem.pub"], "{keys}/rsa.pem.pub: not an Ed25519 key; reports are signed"),
        (["report", ".", "--sign", "{keys}/rsa.pem"], "{keys}/rsa.pem: not an Ed25519 key; openssl genpkey -algorithm"),
        (
            ["report", ".", "--sign", "junk.json"],
            "junk.json: no private key in PEM; openssl genpkey -algorithm ed25519",
        ),
    ],
)
@pytest.mark.usefixtures("elsewhere")
def test_unusable_arguments_get_one_line(words: list[str], said: str, nac_qod: Run, keys: Path) -> None:
    Path("junk.json").write_text("junk", encoding="utf-8")
    Path("empty.json").write_text("{}", encoding="utf-8")
    status, out, err = nac_qod(*(word.format(keys=keys) for word in words))
    assert (status, out) == (2, "")
    assert err.startswith(f"nac-qod: {said.format(keys=keys)}")
    assert err.count("\n") == 1


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (["--qod-sign=key.pem"], "ERROR: --qod-sign: nothing to sign without --qod-report; give both"),
        (
            ["--qod-sign=key.pem", "--qod-report=out"],
            "ERROR: --qod-sign: key.pem: cannot be read: No such file or directory",
        ),
    ],
)
def test_a_key_is_looked_at_before_the_run(pytester: pytest.Pytester, options: list[str], said: str) -> None:
    done = pytester.runpytest_subprocess("--pyargs", "pytest_nac_qod.conformance", *options)
    assert done.ret == pytest.ExitCode.USAGE_ERROR
    done.stderr.fnmatch_lines([said])


def test_check_writes_and_signs_it_all(pytester: pytest.Pytester, nac_qod: Run, keys: Path) -> None:
    options = (f"--qod-sign={keys / 'mine.pem'}", "--qod-report=out", "-k", "getSession_404.1")
    pytester.runpytest_subprocess("--pyargs", "pytest_nac_qod.conformance", *options).assert_outcomes(passed=1)
    folder = pytester.path / "out"
    assert nac_qod("verify", folder, "--key", keys / "mine.pem.pub")[0] == 0
    assert str(keys) not in (folder / "results.json").read_text(encoding="utf-8")
