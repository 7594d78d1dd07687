"""What `nac-qod legal` prints: each behaviour that the documents allow, with the words that allow it."""

from collections.abc import Callable, Sequence

from pytest_nac_qod.reference.legal import legal, named, names, releases
from pytest_nac_qod.verdicts import EXIT_OK

Say = Callable[[str], None]


def listing(wanted: Sequence[str], chosen: Sequence[str], say: Say) -> int:
    """Print each behaviour that is legal in one of the releases, and what it rests on; returns the exit status.

    Raises:
        UnknownLegalError: there is no such behaviour, or it is legal in none of the releases.
    """
    for name in wanted:
        if not set(releases(name)) & set(chosen):
            named(name, chosen[-1])
    for name in wanted or names():
        holding = [release for release in chosen if name in legal(release)]
        if holding:
            first = legal(holding[0])[name]
            say(f"{name}{' (lenient)' if first.lenient_only else ''}")
            say(f"  does    {first.does}")
        for release in holding:
            basis = legal(release)[name].basis
            say(f"  {release}    {basis.where}  {basis.keyword!r}")
    return EXIT_OK
