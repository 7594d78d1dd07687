"""Certificates of the addresses of a target file: validity, name and expiry."""

import socket
import ssl
import time
from collections.abc import Mapping

import httpx

from pytest_nac_qod.preflight.finding import Finding
from pytest_nac_qod.wire.connections import proxy_for

SOON = 14  # days before its expiry from which a certificate is worth a warning


def context(ca_file: str | None) -> ssl.SSLContext:
    """Whom a run trusts: the certificate authority of the target file, else those that httpx trusts."""
    return ssl.create_default_context(cafile=ca_file) if ca_file else httpx.create_ssl_context()


def certificate(host: str, port: int, trust: ssl.SSLContext, seconds: float) -> list[Finding]:
    """Whether the certificate at an address is valid for it, and for how long."""
    about = f"certificate of {host}:{port}"
    if proxy_for(httpx.URL(scheme="https", host=host, port=port)):
        return [Finding("skip", about, "reached through a proxy, so the certificate is not looked at")]
    try:
        with (
            socket.create_connection((host, port), timeout=seconds) as plain,
            trust.wrap_socket(plain, server_hostname=host) as secured,
        ):
            return [_valid(about, secured.getpeercert() or {}, time.time())]
    except ssl.SSLCertVerificationError as error:
        return [Finding("fail", about, f"{error.verify_message.rstrip('.')}; {_mend(error)}")]
    except ssl.SSLError as error:
        return [Finding("fail", about, f"no TLS: {error.reason or error}; is it https?")]
    except OSError as error:
        return [Finding("fail", about, f"cannot be reached: {error.strerror or error}")]


def _valid(about: str, details: Mapping[str, object], now: float) -> Finding:
    until = str(details["notAfter"])
    days = int((ssl.cert_time_to_seconds(until) - now) // 86400)
    if days < SOON:
        return Finding("warn", about, f"valid for {days} more days only, until {until}; renew it in time")
    return Finding("ok", about, f"valid for {days} more days")


def _mend(error: ssl.SSLCertVerificationError) -> str:
    # X509_V_ERR_CERT_HAS_EXPIRED, X509_V_ERR_HOSTNAME_MISMATCH and X509_V_ERR_IP_ADDRESS_MISMATCH of OpenSSL
    mends = {10: "have it renewed", 62: "give the address by the name in it", 64: "give the address by the name in it"}
    return mends.get(error.verify_code, "give its certificate authority as ca_file in the target file")
