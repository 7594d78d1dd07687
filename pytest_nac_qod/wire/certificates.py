"""A certificate of the sink that stays the same from run to run: made, and checked as a target would check it."""

import ssl
from collections.abc import Iterator, Sequence
from pathlib import Path
from urllib.parse import urlsplit

from pytest_nac_qod.foundation.jsontypes import JsonObject
from pytest_nac_qod.foundation.problems import UnusableError
from pytest_nac_qod.foundation.ticking import true_datetime

LOOPBACK = ("127.0.0.1", "localhost", "::1")
NAMES = ("certificate", "key", "authority")
_STEPS = 10  # of a handshake, at most
# X509_V_ERR_… of OpenSSL
_MENDS = {
    9: "is not valid yet; is the clock right?",
    10: "has expired; make a new one",
    62: "is not for {host}; make one that is, or give sink.url by the name in it",
    64: "is not for {host}; make one that is, or give sink.url by the name in it",
}


class CertificateError(UnusableError):
    """A certificate that cannot be made; the message says why, and what to do."""


def make(folder: Path, hosts: Sequence[str]) -> list[Path]:
    """Write a certificate for these hosts and for loopback, its key, and the authority that it is trusted by.

    The key of the authority is not kept, so that nobody can make others.

    Raises:
        CertificateError: there is such a file already, or none can be written.
    """
    try:
        with true_datetime():  # cryptography remembers the class that it sees first
            import trustme  # noqa: PLC0415 - a run whose events cannot arrive has no use for cryptography

            authority = trustme.CA()
            leaf = authority.issue_cert(*dict.fromkeys((*hosts, *LOOPBACK)))
    except ValueError as error:
        raise CertificateError(f"--host: {error}; give a name or an address") from None
    chain = b"".join(blob.bytes() for blob in leaf.cert_chain_pems)
    contents = (chain, leaf.private_key_pem.bytes(), authority.cert_pem.bytes())
    paths = [folder / f"{name}.pem" for name in NAMES]
    if there := next((path for path in paths if path.exists()), None):
        raise CertificateError(f"{there}: already exists; give another folder, or move it away")
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for path, content in zip(paths, contents, strict=True):
            path.touch(mode=0o600)
            path.write_bytes(content)
    except OSError as error:
        raise CertificateError(f"{folder}: cannot be written: {error.strerror}") from None
    return paths


def problems(section: JsonObject, folder: Path) -> Iterator[str]:
    """What is wrong with the files of [sink], one line for the first problem.

    Args:
        section: [sink] of a target file, of the right shape.
        folder: that their names are relative to.
    """
    given = {name: folder / section[name] for name in NAMES if name in section}
    if not given:
        return
    for name in ("certificate", "key"):
        if name not in given:
            yield f"sink.{name}: missing; certificate and key go together"
            return
    for name, path in given.items():
        if not path.is_file():
            yield f"sink.{name}: {section[name]}: no such file; give a path relative to the target file"
            return
    host = urlsplit(section["url"]).hostname if "url" in section else section.get("host", LOOPBACK[0])
    if host in ("0.0.0.0", "::"):  # noqa: S104 - compared with, not bound to
        host = LOOPBACK[0]
    yield from _unusable(section, given, str(host))


def _unusable(section: JsonObject, given: dict[str, Path], host: str) -> Iterator[str]:
    server, client = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER), ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    client.verify_flags |= ssl.VERIFY_X509_PARTIAL_CHAIN
    certificate = f"sink.certificate: {section['certificate']}"
    try:
        server.load_cert_chain(given["certificate"], given["key"], password=lambda: "")
    except ssl.SSLError as error:
        if error.reason == "KEY_VALUES_MISMATCH":
            yield f"sink.key: {section['key']}: does not belong to {section['certificate']}; give the one that does"
        else:
            yield f"{certificate}: cannot be used with {section['key']}; give both in PEM form, without a passphrase"
        return
    trusted = "authority" if "authority" in given else "certificate"
    try:
        client.load_verify_locations(given[trusted])
    except ssl.SSLError:
        yield f"sink.{trusted}: {section[trusted]}: no certificate in PEM form"
        return
    try:
        _handshake(server, client, host)
    except ssl.SSLCertVerificationError as error:
        usual = f"is not trusted by {section[trusted]} ({error.verify_message}); give the authority that issued it"
        yield f"{certificate}: {_MENDS.get(error.verify_code, usual).format(host=host)}"


def _handshake(server: ssl.SSLContext, client: ssl.SSLContext, host: str) -> None:
    """What happens when a target connects to the sink at `host`, without a socket.

    Raises:
        ssl.SSLCertVerificationError: the target would not trust the sink.
    """
    incoming, outgoing = ssl.MemoryBIO(), ssl.MemoryBIO()
    sides = (
        client.wrap_bio(outgoing, incoming, server_hostname=host),
        server.wrap_bio(incoming, outgoing, server_side=True),
    )
    for _ in range(_STEPS):
        for side in sides:
            try:
                side.do_handshake()
            except ssl.SSLWantReadError:
                continue
