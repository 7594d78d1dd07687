"""What a scenario needs from the target file, and what to add if it is missing."""

from collections.abc import Iterable
from importlib.util import find_spec

from pytest_nac_qod.catalogue import Row, RowCase
from pytest_nac_qod.run.connecting import reachable
from pytest_nac_qod.target import Target
from pytest_nac_qod.verdicts import NOT_INSTALLED, NotApplicable, NotTested

# Needs under which an operator declares that the thing does not exist, in [unsupported] of the target file.
_CAPABILITIES = {
    "tokens.three_legged": "three_legged_tokens",
    "devices.unsupported": "unsupported_identifiers",
    "devices.not_applicable": "not_applicable_devices",
    "profiles.inactive": "inactive_profiles",
    "sink": "events",
}
_WHERE = {
    "sink": "[sink] url, a public address that is forwarded to the receiver",
    "devices.several": "[devices.alias], the default device by another identifier, or [devices.several]",
    "durations": "min_duration and max_duration to [profiles.default]",
    "hooks.refuse_next_session": "refuse_next_session or terminate_session to [hooks]",
    "hooks.terminate_session": "terminate_session to [hooks]",
    "hooks.advance_clock": "advance_clock to [hooks], or a profile with a min_duration within polling.budget",
    "hooks.rate_limit": "rate_limit to [hooks]",
    "apis.qos-profiles": "qos-profiles to [apis]",
}


def _present(target: Target, need: str) -> bool:
    if need == "sink":
        return reachable(target)
    if need == "durations":
        return target.profiles["default"].max_duration is not None
    if need == "short_session":  # one that expires while we look on
        shortest = target.profiles["default"].min_duration
        return shortest is not None and shortest <= target.polling.budget
    section, _, key = need.partition(".")
    return key in getattr(target, section)


def require(target: Target, row: Row) -> None:
    """Return when the target has all that `row` needs.

    Raises:
        NotApplicable: the target file declares a capability absent.
        NotTested: the target file lacks something; the message says what to add.
    """
    if row.operation in target.unserved:
        raise NotApplicable(f"the target file declares {row.operation} not served: {target.unserved[row.operation]}")
    for need in row.purpose.needs:
        if need.startswith("extras."):
            _require_installed(need.removeprefix("extras."))
            continue
        if need == "sinkless":
            _require_sinkless(target)
            continue
        alternatives = need.split("|")
        for capability in filter(None, (_CAPABILITIES.get(alternative) for alternative in alternatives)):
            if capability in target.unsupported:
                raise NotApplicable(f"the target file declares {capability} absent: {target.unsupported[capability]}")
        if all(alternative.removeprefix("devices.") in target.left_out for alternative in alternatives):
            raise NotApplicable(f"{target.declared()}, so there is no {' and no '.join(alternatives)}")
        if not any(_present(target, alternative) for alternative in alternatives):
            raise NotTested(f"the target file has no {' and no '.join(alternatives)}; add {_where(alternatives[0])}")


def require_identifier(target: Target, name: str) -> None:
    """Return when requests may have identifiers of this type.

    Raises:
        NotApplicable: the target file declares others.
    """
    if name in target.not_sent:
        raise NotApplicable(f"{target.declared()}, and this is about {name}")


def _require_installed(package: str) -> None:
    if find_spec(package) is None:
        raise NotTested(f"{package} is {NOT_INSTALLED}")


def _not_installed(row: Row) -> list[str]:
    wanted = [need.removeprefix("extras.") for need in row.purpose.needs if need.startswith("extras.")]
    return [package for package in wanted if find_spec(package) is None]


def left_out(cases: Iterable[RowCase]) -> str:
    """How many of these cases cannot run because a package is not installed, in one line; nothing when none."""
    cases = list(cases)
    lacking = [_not_installed(case.row) for case in cases]
    packages = sorted({name for names in lacking for name in names})
    if not packages:
        return ""
    verb = "is" if len(packages) == 1 else "are"
    number = sum(bool(names) for names in lacking)
    return f"{number} of {len(cases)} cases are left out: {' and '.join(packages)} {verb} {NOT_INSTALLED}"


def _require_sinkless(target: Target) -> None:
    if target.sink.always:
        raise NotApplicable("the target file says sink.always: nothing is created without a sink")


def _where(need: str) -> str:
    return _WHERE.get(need, f"[{need}]")
