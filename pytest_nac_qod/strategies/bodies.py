"""Request bodies of every operation that takes one."""

from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

from pytest_nac_qod.contracts import CURRENT
from pytest_nac_qod.foundation.jsontypes import Json, JsonObject
from pytest_nac_qod.strategies.application_servers import application_servers, server_recipe
from pytest_nac_qod.strategies.devices import device_recipe, devices
from pytest_nac_qod.strategies.durations import durations
from pytest_nac_qod.strategies.ports import port_spec_recipe
from pytest_nac_qod.strategies.profiles import offered, profiles
from pytest_nac_qod.strategies.recipes import Recipe, collected, whatever
from pytest_nac_qod.strategies.releases import PROFILES, schema
from pytest_nac_qod.strategies.sinks import credential_recipe, sink_recipe, usable_credentials
from pytest_nac_qod.target import Profile, Target

Device = SearchStrategy[JsonObject] | None
_DEFAULT: SearchStrategy[JsonObject] = st.nothing()
_NAMED = "named"  # a part whose properties are the body's
_FLOWS, _EVENTS = "flows", "events"  # parts that say which of the others the body has


def create_session_bodies(  # noqa: PLR0913 - each is named by the caller
    *,
    release: str = CURRENT,
    target: Target | None = None,
    device: Device = _DEFAULT,
    application_server: SearchStrategy[JsonObject] | None = None,
    profile: SearchStrategy[str] | None = None,
    duration: SearchStrategy[int] | None = None,
    sink: SearchStrategy[str] | None = None,
) -> SearchStrategy[JsonObject]:
    """Bodies that create a session: what is required always, the rest now and then.

    Args:
        release: whose contract the bodies follow.
        target: whose devices, profiles, bounds of durations and application servers are used.
        device: what to send as the device; None for bodies without one, as a 3-legged token wants them.
        application_server: what to send as the application server.
        profile: names to send as the profile.
        duration: seconds; within the bounds of the profile when None.
        sink: addresses for events; none are asked for from a target unless this is given, or it insists on them.

    >>> from hypothesis import find
    >>> find(create_session_bodies(device=None), lambda body: True)
    {'applicationServer': {'ipv4Address': '198.51.100.1'}, 'qosProfile': 'QOS_L', 'duration': 60}
    """
    given = application_servers(target=target) if target and application_server is None else application_server
    return _bodies(
        {
            **_device(device, release, target),
            "applicationServer": server_recipe(release) if given is None else whatever(given),
            **_profile_and_duration(target, profile, duration),
        },
        _flows(release),
        _notifications(release, target, sink),
        secured=target is not None and target.sink.always,
    )


def create_assignment_bodies(
    *,
    release: str = CURRENT,
    target: Target | None = None,
    device: Device = _DEFAULT,
    profile: SearchStrategy[str] | None = None,
    sink: SearchStrategy[str] | None = None,
) -> SearchStrategy[JsonObject]:
    """Bodies that assign a profile to a device (`createProvisioning`, `triggerProvisioning`, `createQosAssignment`).

    Args:
        release: whose contract the bodies follow.
        target: whose devices and profiles are used.
        device: what to send as the device; None for bodies without one, as a 3-legged token wants them.
        profile: names to send as the profile.
        sink: addresses for events; none are asked for from a target unless this is given, or it insists on them.

    >>> from hypothesis import find
    >>> find(create_assignment_bodies(), lambda body: True)
    {'device': {'phoneNumber': '+99900'}, 'qosProfile': 'QOS_L'}
    """
    named = {"qosProfile": whatever(profiles(target=target) if profile is None else profile)}
    told, secured = _notifications(release, target, sink), target is not None and target.sink.always
    return _bodies({**_device(device, release, target), **named}, {}, told, secured=secured)


def extend_session_bodies(*, seconds: SearchStrategy[int] | None = None) -> SearchStrategy[JsonObject]:
    """Bodies that extend a session, by up to a day unless `seconds` says otherwise.

    >>> from hypothesis import find
    >>> find(extend_session_bodies(), lambda body: True)
    {'requestedAdditionalDuration': 1}
    """
    return st.fixed_dictionaries({"requestedAdditionalDuration": st.integers(1, 86400) if seconds is None else seconds})


def retrieve_bodies(
    *, release: str = CURRENT, target: Target | None = None, device: Device = _DEFAULT
) -> SearchStrategy[JsonObject]:
    """Bodies that ask for the sessions, or the assignment, of a device.

    >>> from hypothesis import find
    >>> find(retrieve_bodies(), lambda body: True)
    {'device': {'phoneNumber': '+99900'}}
    """
    return collected(_device(device, release, target), into=lambda body: body).strategy()


def retrieve_profiles_bodies(
    *, release: str = CURRENT, target: Target | None = None, device: Device = _DEFAULT
) -> SearchStrategy[JsonObject]:
    """Bodies that ask for profiles, by device, name and status."""
    filters: dict[str, SearchStrategy[Json]] = {
        **{name: part.strategy() for name, part in _device(device, release, target).items()},
        "name": profiles(target=target),
        "status": st.sampled_from(schema(release, "QosProfileStatusEnum", PROFILES)["enum"]),
    }
    return st.fixed_dictionaries({}, optional=filters)


def _profile_and_duration(
    target: Target | None, profile: SearchStrategy[str] | None, duration: SearchStrategy[int] | None
) -> dict[str, Recipe]:
    """A profile with a duration within its bounds, in one part where the bounds of profiles differ."""
    names = profiles(target=target) if profile is None else profile
    if target is None or duration is not None:
        return {"qosProfile": whatever(names), "duration": whatever(durations() if duration is None else duration)}
    known: dict[str, Profile] = {entry.name: entry for entry in target.profiles.values()}
    usable = set(offered(target))

    def with_duration(name: str) -> SearchStrategy[JsonObject]:
        lasting = durations(profile=known[name]) if name in usable else durations()
        return lasting.map(lambda seconds: {"qosProfile": name, "duration": seconds})

    return {_NAMED: whatever(names.flatmap(with_duration))}


def _device(device: Device, release: str, target: Target | None) -> dict[str, Recipe]:
    if device is None:
        return {}
    if device is not _DEFAULT:
        return {"device": whatever(device)}
    return {"device": device_recipe(release) if target is None else whatever(devices(target=target))}


def _flows(release: str) -> dict[str, Recipe]:
    return {name: port_spec_recipe(release) for name in ("devicePorts", "applicationServerPorts")}


def _notifications(release: str, target: Target | None, sink: SearchStrategy[str] | None) -> dict[str, Recipe]:
    if target is not None and sink is None and not target.sink.always:
        return {}
    # a key has to be shared with a target beforehand
    kinds = usable_credentials(release) if target is None else ["ACCESSTOKEN"]
    return {"sink": sink_recipe() if sink is None else whatever(sink), "sinkCredential": credential_recipe(kinds)}


def _bodies(
    required: dict[str, Recipe], flows: dict[str, Recipe], notifications: dict[str, Recipe], *, secured: bool
) -> SearchStrategy[JsonObject]:
    """What is required always; half of the bodies have no ports, and half no sink."""
    ports = [(), (), (), ("devicePorts",), ("applicationServerPorts",), tuple(flows)] if flows else [()]
    told = [tuple(notifications)] if secured else [(), (), ("sink",), tuple(notifications)] if notifications else [()]
    given = {_FLOWS: whatever(st.sampled_from(ports)), _EVENTS: whatever(st.sampled_from(told))}

    def body(parts: JsonObject) -> JsonObject:
        names = {*required, *parts.pop(_FLOWS), *parts.pop(_EVENTS)}
        made: JsonObject = {}
        for name, part in parts.items():
            if name in names:
                made.update(part if name == _NAMED else {name: part})
        return made

    return collected({**required, **given, **flows, **notifications}, into=body).strategy()
