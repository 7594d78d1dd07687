"""Names of QoS profiles."""

from collections.abc import Sequence

from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

from pytest_nac_qod.contracts import CURRENT
from pytest_nac_qod.labels import CAMARA, NAC
from pytest_nac_qod.strategies.releases import schema
from pytest_nac_qod.target import Target

CAMARA_PROFILES = tuple(label.name for label in reversed(CAMARA))  # the largest first: examples shrink to it
NAC_PROFILES = tuple(label.name for label in reversed(NAC))
INACTIVE_PROFILES = ("QOS_PAUSED", "QOS_OLD")  # of the embedded server
_NOT_OFFERED = ("inactive", "unknown")


def profiles(
    *, names: Sequence[str] = CAMARA_PROFILES + NAC_PROFILES, target: Target | None = None
) -> SearchStrategy[str]:
    """Profiles that are offered: the four CAMARA and the nine Network-as-Code labels, or those of `target`.

    >>> from hypothesis import find
    >>> find(profiles(), lambda name: name not in CAMARA_PROFILES)
    'DOWNLINK_L_UPLINK_L'
    """
    return st.sampled_from(offered(target) if target else list(names))


def inactive_profiles(*, target: Target | None = None) -> SearchStrategy[str]:
    """Profiles that exist and cannot be used at present: of `target`, or of the embedded server.

    Raises:
        ValueError: the target declares none.
    """
    if target is None:
        return st.sampled_from(INACTIVE_PROFILES)
    if "inactive" not in target.profiles:
        raise ValueError(f"{target.name}: no inactive profile; give one as profiles.inactive of the target file")
    return st.just(target.profiles["inactive"].name)


def unknown_profiles(*, target: Target | None = None) -> SearchStrategy[str]:
    """Well-formed names of profiles that do not exist; the one that `target` declares, where it does.

    >>> from hypothesis import find
    >>> find(unknown_profiles(), lambda name: True)
    'NO_SUCH_PROFILE_0'
    """
    if target is not None and "unknown" in target.profiles:
        return st.just(target.profiles["unknown"].name)
    return st.integers(0, 10**12).map("NO_SUCH_PROFILE_{}".format)


def malformed_profiles(*, release: str = CURRENT) -> SearchStrategy[str]:
    """Names that break the schema: too short, too long, or with a character that no name has.

    >>> from hypothesis import find
    >>> find(malformed_profiles(), lambda name: len(name) > 2)
    'QOS L'
    """
    bounds = schema(release, "QosProfileName")
    short = st.text("QOS", max_size=bounds["minLength"] - 1)
    long = st.integers(bounds["maxLength"] + 1, bounds["maxLength"] + 16).map(lambda length: "Q" * length)
    return short | st.sampled_from(" \n/!é").map(lambda char: f"QOS{char}L") | long


def offered(target: Target) -> list[str]:
    """Names of the profiles that the target declares as usable."""
    return [profile.name for role, profile in target.profiles.items() if role not in _NOT_OFFERED]
