"""nac-qod serve: run the embedded reference server."""

import argparse
import os
from contextlib import suppress
from pathlib import Path

from pytest_nac_qod.commands import Subparsers, add_release_dir, drafted, port
from pytest_nac_qod.foundation.exits import EXIT_OK

EXAMPLE = "nac-qod serve --port 9091 --write-target target.toml"


def add(subparsers: Subparsers) -> None:
    """Declare the command."""
    serve = subparsers.add_parser("serve", help="run the embedded reference server until interrupted")
    serve.add_argument("--host", default="127.0.0.1", help="address to listen on (default 127.0.0.1)")
    serve.add_argument("--port", type=port, default=9091, help="port to listen on, 0 for any (default 9091)")
    serve.add_argument("--release", help="CAMARA release to speak (default: the current one)")
    add_release_dir(serve)
    serve.add_argument("--fault", action="append", default=[], metavar="NAME", help="start with this defect")
    serve.add_argument(
        "--legal", action="append", default=[], metavar="NAME", help="start with this behaviour that documents allow"
    )
    serve.add_argument(
        "--private-sinks", action="store_true", help="send events to private addresses too, as between containers"
    )
    serve.add_argument("--write-target", type=Path, metavar="FILE", help="write a target file for this server")


def run(args: argparse.Namespace) -> int:
    """Serve until interrupted."""
    from pytest_nac_qod import contracts
    from pytest_nac_qod.foundation.outputs import check_file
    from pytest_nac_qod.reference import ReferenceServer

    release = drafted(args, args.release)
    if args.write_target:
        check_file("--write-target", args.write_target)
    server = ReferenceServer(
        release=release or contracts.CURRENT,
        faults=tuple(args.fault),
        legal=tuple(args.legal),
        host=args.host,
        port=args.port,
        private_sinks=args.private_sinks,
    )
    with server:
        for api in server.apis:
            print(f"{api} {server.release} at {server.base_url(api)}", flush=True)
        if args.write_target:
            from pytest_nac_qod.target.file import render_target

            args.write_target.write_text(render_target(server.target(embedded=False)), encoding="utf-8")
            print(f"nac-qod check --target {args.write_target}", flush=True)
        print(f"Ctrl-C stops it, or kill {os.getpid()}", flush=True)
        with suppress(KeyboardInterrupt):
            server.wait()
    return EXIT_OK
