"""nac-qod release: draft a release from what is published, and say what is left to decide."""

import argparse
from pathlib import Path

from pytest_nac_qod.commands import Subparsers
from pytest_nac_qod.foundation.exits import EXIT_OK

EXAMPLE = "nac-qod release new r10.1 --from published/r10.1 --follows r4.1"


def add(subparsers: Subparsers) -> None:
    """Declare the command."""
    release = subparsers.add_parser("release", help="draft a release from what is published, and see what is left")
    what = release.add_subparsers(dest="what", metavar="new|status", required=True)
    new = what.add_parser("new", help="draft a release into a folder")
    new.add_argument("name", help="of the release: r, a version, and perhaps a hyphen and more")
    new.add_argument(
        "--from", dest="source", type=Path, required=True, metavar="DIR", help="folder with what is published"
    )
    new.add_argument("--follows", required=True, metavar="RELEASE", help="the release that it is most like")
    new.add_argument(
        "--follows-from",
        type=Path,
        metavar="DIR",
        help="what is published of that (default: beside --from, by its name)",
    )
    status = what.add_parser("status", help="what is left to decide; exit status 1 unless ready")
    status.add_argument("name", help="of the release")
    status.add_argument(
        "--from", dest="source", type=Path, metavar="DIR", help="what is published, if it is elsewhere now"
    )
    for command in (new, status):
        command.add_argument("--release-dir", type=Path, metavar="DIR", help="folder of the draft (default: its name)")


def run(args: argparse.Namespace) -> int:
    """Draft, or tell what is left."""
    from pytest_nac_qod.catalogue import drafts

    folder = args.release_dir or Path(args.name)
    if args.what == "new":
        from pytest_nac_qod.drafting.writing import draft

        for line in draft(args.name, args.source, args.follows, folder, args.follows_from):
            print(line)
        return EXIT_OK
    from pytest_nac_qod.drafting.status import left, lines

    if args.release_dir or drafts.releases_in(folder):
        drafts.use(folder)
    items = left(args.name, args.source)
    for line in lines(args.name, items):
        print(line)
    return 1 if items else EXIT_OK
