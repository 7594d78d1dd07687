"""attestation.intoto.json: a detached signature of a report.

An in-toto Statement (v1) with a test-result predicate (v0.1), in a DSSE envelope, signed with Ed25519.
"""

import json
import os
from collections.abc import Iterable, Mapping
from pathlib import Path

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import load_pem_private_key, load_pem_public_key
from securesystemslib.dsse import Envelope
from securesystemslib.exceptions import FormatError, VerificationError
from securesystemslib.signer import CryptoSigner, SSlibKey  # type: ignore[attr-defined] # exported, if not explicitly

from pytest_nac_qod.foundation.exits import EXIT_OK
from pytest_nac_qod.foundation.jsontypes import Json, JsonObject
from pytest_nac_qod.foundation.problems import UnusableError
from pytest_nac_qod.report import standard
from pytest_nac_qod.report.records import ResultsDocument
from pytest_nac_qod.report.signing.manifest import digest
from pytest_nac_qod.report.terminal import failure
from pytest_nac_qod.verdicts import exit_status

FILE = "attestation.intoto.json"
PAYLOAD_TYPE = "application/vnd.in-toto+json"
STATEMENT = "https://in-toto.io/Statement/v1"
PREDICATE = "https://in-toto.io/attestation/test-result/v0.1"
PASSPHRASE = "QOD_SIGN_PASSPHRASE"  # noqa: S105 - the variable's name
PublicKey = SSlibKey
_MAKE = "openssl genpkey -algorithm ed25519 -out FILE makes one"


class SigningKeyError(UnusableError):
    """A key that cannot be used; the message names the file and what to do."""


def private_key(path: Path) -> Ed25519PrivateKey:
    """The private key in a PEM file; an encrypted one is opened with the passphrase in the environment.

    Raises:
        SigningKeyError: there is none, it is of another kind, or the passphrase is missing or wrong.
    """
    passphrase = os.environ.get(PASSPHRASE)
    try:
        key = load_pem_private_key(_read(path), passphrase.encode() if passphrase else None)
    except TypeError:
        said = "is not encrypted; unset" if passphrase else "is encrypted; give its passphrase in"
        raise SigningKeyError(f"{path}: {said} {PASSPHRASE}") from None
    except (ValueError, UnsupportedAlgorithm):
        wrong = (
            f"no private key in PEM, or not the passphrase in {PASSPHRASE}" if passphrase else "no private key in PEM"
        )
        raise SigningKeyError(f"{path}: {wrong}; {_MAKE}") from None
    if not isinstance(key, Ed25519PrivateKey):
        raise SigningKeyError(f"{path}: not an Ed25519 key; {_MAKE}")
    return key


def public_key(path: Path) -> PublicKey:
    """The public key in a PEM file.

    Raises:
        SigningKeyError: there is none, or it is of another kind.
    """
    try:
        key = load_pem_public_key(_read(path))
    except (ValueError, UnsupportedAlgorithm):
        raise SigningKeyError(f"{path}: no public key in PEM; make one with openssl pkey -in PRIVATE -pubout") from None
    if not isinstance(key, Ed25519PublicKey):
        raise SigningKeyError(f"{path}: not an Ed25519 key; reports are signed with Ed25519")
    return SSlibKey.from_crypto(key)


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise SigningKeyError(f"{path}: cannot be read: {error.strerror}") from None


def statement(document: ResultsDocument, contents: Mapping[str, bytes]) -> JsonObject:
    """What is signed: the files of the report by their digests, and what the run came to."""
    return {
        "_type": STATEMENT,
        "subject": [
            {"name": name, "digest": {"sha256": digest(content)}} for name, content in sorted(contents.items())
        ],
        "predicateType": PREDICATE,
        "predicate": {
            "result": _result(document),
            "configuration": _configuration(document),
            "passedTests": _named(document, "pass"),
            "warnedTests": _named(document, "warn", "known"),
            "failedTests": _named(document, "fail", "stale", "error", "inconclusive"),
        },
    }


def _result(document: ResultsDocument) -> str:
    if not document["complete"] or exit_status(document["summary"]) != EXIT_OK:
        return "FAILED"
    return "WARNED" if document["summary"].get("warn") or document["summary"].get("known") else "PASSED"


def _configuration(document: ResultsDocument) -> list[JsonObject]:
    suite = document["suite"]
    about: JsonObject = {"release": document["release"], "mode": document["mode"]}
    if "run" in document and (level := standard.level(document, document["run"])):
        about["level"] = level
    if "judged_by" in document:
        about["judged_by"] = document["judged_by"]
    tester = {"name": suite["name"], "uri": f"pkg:pypi/{suite['name']}@{suite['version']}", "annotations": about}
    return [tester, *({"name": api, "uri": url} for api, url in document["target"]["apis"].items())]


def _named(document: ResultsDocument, *verdicts: str) -> list[str]:
    return [failure.title(result) for result in document["results"] if result["verdict"] in verdicts]


def text(document: ResultsDocument, contents: Mapping[str, bytes], key: Ed25519PrivateKey) -> str:
    """The signed envelope as a JSON text."""
    payload = json.dumps(statement(document, contents)).encode()
    envelope = Envelope(payload, PAYLOAD_TYPE, {})
    envelope.sign(CryptoSigner(key))
    return json.dumps(envelope.to_dict(), indent=1) + "\n"


def problems(folder: Path, key: PublicKey | None, signed: Iterable[str]) -> list[str]:
    """What is wrong with the attestation in `folder`, a line for each; nothing of a report that is not signed.

    Args:
        folder: of the report.
        key: that must have signed it; None leaves the signature unchecked.
        signed: names of the files that the signature has to cover.
    """
    try:
        envelope = Envelope.from_dict(json.loads((folder / FILE).read_text(encoding="utf-8")))
        if envelope.payload_type != PAYLOAD_TYPE:
            return [f"{FILE}: a payload of type {envelope.payload_type}, not {PAYLOAD_TYPE}"]
        payload: Json = json.loads(envelope.payload)
        if (payload["_type"], payload["predicateType"]) != (STATEMENT, PREDICATE):
            return [f"{FILE}: states no test result"]
        subjects = {str(subject["name"]): str(subject["digest"]["sha256"]) for subject in payload["subject"]}
    except FileNotFoundError:
        return [] if key is None else [f"{FILE}: missing; the report is not signed"]
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError, FormatError):
        return [f"{FILE}: not a DSSE envelope with an in-toto statement"]
    return [*_signature(envelope, key), *_subjects(folder, subjects, signed)]


def _signature(envelope: Envelope, key: PublicKey | None) -> list[str]:
    if key is None:
        return []
    try:
        envelope.verify([key], threshold=1)
    except VerificationError:
        return [f"{FILE}: not signed with this key"]
    return []


def _subjects(folder: Path, subjects: Mapping[str, str], signed: Iterable[str]) -> list[str]:
    wrong = [f"{name}: not signed" for name in signed if name not in subjects]
    for name, expected in subjects.items():
        path = folder / Path(name).name
        if not path.is_file():
            wrong.append(f"{name}: missing, but signed")
        elif digest(path.read_bytes()) != expected:
            wrong.append(f"{name}: not what was signed")
    return wrong
