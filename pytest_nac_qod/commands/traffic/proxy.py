"""nac-qod proxy: pass traffic on unchanged, and judge it as it passes."""

import argparse
import signal
from pathlib import Path
from typing import Any

from pytest_nac_qod.commands import Subparsers
from pytest_nac_qod.commands.traffic import concluding, standard

EXAMPLE = "nac-qod proxy --upstream https://qod.example.com"


def add(subparsers: Subparsers) -> None:
    """Declare the command."""
    proxy = subparsers.add_parser(
        "proxy",
        help="pass traffic on to an upstream, unchanged, and judge it as it passes",
        epilog="Results come on Ctrl-C, and so far at /_nac_qod/results. Exit status as of nac-qod judge.",
    )
    proxy.add_argument("--upstream", required=True, metavar="URL", help="where everything goes to")
    proxy.add_argument(
        "--listen", default="127.0.0.1:0", metavar="HOST:PORT", help="where to listen (default: loopback, any port)"
    )
    proxy.add_argument("--ca-file", type=Path, metavar="FILE", help="certificate authority (PEM) to trust upstream")
    proxy.add_argument("--certificate", type=Path, metavar="FILE", help="certificate chain (PEM) to listen with TLS")
    proxy.add_argument("--key", type=Path, metavar="FILE", help="its private key (PEM)")
    standard.add_options(proxy)
    concluding.add_options(proxy)


def run(args: argparse.Namespace) -> int:
    """Pass on until interrupted, then say what it came to."""
    from pytest_nac_qod.traffic.court import Court
    from pytest_nac_qod.traffic.proxy.watching import Watch
    from pytest_nac_qod.wire.secret_forms import without_userinfo

    concluding.check_options(args)
    host, port = _address(args.listen)
    clients = concluding.pairs("--client", args.client, "LABEL=NAME")
    watch = Watch(
        upstream=args.upstream,
        court=Court(**standard.standard(args), clients=clients),
        host=host,
        port=port,
        trust=_trust(args.ca_file),
        certificate=_certificate(args),
    )
    signal.signal(signal.SIGTERM, _interrupt)
    with watch:
        print(f"{watch.url} passes on to {without_userinfo(watch.upstream)}; Ctrl-C ends it", flush=True)
        try:
            watch.wait()
        except KeyboardInterrupt:
            print()
    court = watch.court
    print(f"{court.calls + court.others} exchanges: {court.calls} calls and events, {court.others} of something else")
    return concluding.conclude(watch.results(), args)


def _interrupt(number: int, frame: Any) -> None:  # noqa: ANN401, ARG001 - as signal has it
    raise KeyboardInterrupt


def _address(text: str) -> tuple[str, int]:
    from pytest_nac_qod.foundation.problems import UnusableError

    host, _, port = text.rpartition(":")
    if not host or not port.isdigit() or int(port) > 65_535:
        raise UnusableError(f"--listen: {text!r}: write it as HOST:PORT")
    return host.strip("[]"), int(port)


def _trust(path: Path | None) -> Any:  # noqa: ANN401 - an SSLContext, which takes long to import
    import ssl

    from pytest_nac_qod.foundation.problems import UnusableError, reason

    if path is None:
        return None
    try:
        return ssl.create_default_context(cafile=path)
    except (OSError, ssl.SSLError) as error:
        why = "no certificates in PEM" if isinstance(error, ssl.SSLError) else reason(error)
        raise UnusableError(f"--ca-file: {path}: {why}") from None


def _certificate(args: argparse.Namespace) -> tuple[Path, Path] | None:
    import ssl

    from pytest_nac_qod.foundation.problems import UnusableError, reason

    if (args.certificate is None) != (args.key is None):
        raise UnusableError("--certificate and --key go together")
    for option, path in (("--certificate", args.certificate), ("--key", args.key)):
        if path is not None and not path.is_file():
            raise UnusableError(f"{option}: {path}: no such file")
    if args.certificate is None:
        return None
    try:
        ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER).load_cert_chain(args.certificate, args.key, password=lambda: b"")
    except OSError as error:  # an ssl.SSLError too
        none = "no chain and key in PEM that go together, the key without a passphrase"
        why = none if isinstance(error, ssl.SSLError) else reason(error)
        raise UnusableError(f"--certificate: {args.certificate}, --key: {args.key}: {why}") from None
    return args.certificate, args.key
