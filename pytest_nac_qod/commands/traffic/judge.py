"""nac-qod judge: hold recorded traffic against the contract."""

import argparse
from pathlib import Path

from pytest_nac_qod.commands import Subparsers
from pytest_nac_qod.commands.traffic import concluding, standard

_EPILOG = """\
Kinds of recordings, told by their content: HAR 1.2, mitmproxy flows, and JSON Lines with an exchange in each line:
{"started": RFC 3339 time, "seconds": 0.1, "request": {"method", "url", "headers", "body"}, "response": {"status",
"headers", "body"}}, as results.json has them; "client" and "source" may say who sent it and whose clock it is by.
Secrets are taken out as a recording is read. Exit status: 0 nothing required is broken, 1 a requirement is broken,
2 unusable options or recordings, 3 nothing could be judged.
"""

EXAMPLE = "nac-qod judge traffic.har"


def add(subparsers: Subparsers) -> None:
    """Declare the command."""
    judge = subparsers.add_parser(
        "judge",
        help="judge recorded traffic (HAR, mitmproxy flows, JSON Lines), whoever sent it",
        epilog=_EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    judge.add_argument("files", nargs="+", type=Path, metavar="FILE", help="recording; several are one traffic")
    standard.add_options(judge)
    judge.add_argument(
        "--base-url",
        action="append",
        default=[],
        metavar="API=URL",
        help="where an API is whose URLs do not have its usual base path; may be repeated",
    )
    judge.add_argument(
        "--complete",
        action="store_true",
        help="this is all the traffic that there was, of every client: hold against the target what was not seen, too",
    )
    concluding.add_options(judge)


def run(args: argparse.Namespace) -> int:
    """Judge the recordings."""
    from pytest_nac_qod.traffic import document
    from pytest_nac_qod.traffic.court import Court
    from pytest_nac_qod.traffic.reading.order import together
    from pytest_nac_qod.wire.redaction import Redactor

    concluding.check_options(args)
    by = standard.standard(args)
    court = Court(
        **by,
        base_urls=_base_urls(args, by["release"]),
        complete=args.complete,
        clients=concluding.pairs("--client", args.client, "LABEL=NAME"),
    )
    for seen in together(args.files, Redactor()):
        court.see(seen)
    options = {"complete": True} if args.complete else {}
    judged = document.of_court(court, {"files": [path.name for path in args.files], **options})
    print(f"{court.calls + court.others} exchanges: {court.calls} calls and events, {court.others} of something else")
    return concluding.conclude(judged, args)


def _base_urls(args: argparse.Namespace, release: str) -> dict[str, str]:
    from pytest_nac_qod.contracts import CURRENT, apis
    from pytest_nac_qod.foundation.problems import UnusableError

    given = concluding.pairs("--base-url", args.base_url, "API=URL")
    known = apis(release or CURRENT)
    for api, url in given.items():
        if api not in known:
            raise UnusableError(f"--base-url: no API {api!r} in {release or CURRENT}; there are {', '.join(known)}")
        if not url.startswith(("http://", "https://")):
            raise UnusableError(f"--base-url: {url!r}: a URL begins with http:// or https://")
    return given
