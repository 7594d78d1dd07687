"""Request bodies of every operation that takes one."""

from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

from pytest_nac_qod.contracts import CURRENT
from pytest_nac_qod.foundation.jsontypes import Json, JsonObject
from pytest_nac_qod.strategies.application_servers import application_servers
from pytest_nac_qod.strategies.devices import devices
from pytest_nac_qod.strategies.durations import durations
from pytest_nac_qod.strategies.ports import port_specs
from pytest_nac_qod.strategies.profiles import offered, profiles
from pytest_nac_qod.strategies.releases import PROFILES, schema
from pytest_nac_qod.strategies.sinks import sink_credentials, sinks
from pytest_nac_qod.target import Profile, Target

Device = SearchStrategy[JsonObject] | None
_DEFAULT: SearchStrategy[JsonObject] = st.nothing()


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
    return _bodies(
        _device(device, release, target),
        {
            "applicationServer": application_servers(release=release, target=target)
            if application_server is None
            else application_server
        },
        profile_and_duration(target, profile, duration),
        _flows(release),
        _notifications(release, target, sink),
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
    named = st.fixed_dictionaries({"qosProfile": profiles(target=target) if profile is None else profile})
    return _bodies(_device(device, release, target), {}, named, st.just({}), _notifications(release, target, sink))


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
    return st.fixed_dictionaries(_device(device, release, target))


def retrieve_profiles_bodies(
    *, release: str = CURRENT, target: Target | None = None, device: Device = _DEFAULT
) -> SearchStrategy[JsonObject]:
    """Bodies that ask for profiles, by device, name and status."""
    filters: dict[str, SearchStrategy[Json]] = {
        **_device(device, release, target),
        "name": profiles(target=target),
        "status": st.sampled_from(schema(release, "QosProfileStatusEnum", PROFILES)["enum"]),
    }
    return st.fixed_dictionaries({}, optional=filters)


def profile_and_duration(
    target: Target | None, profile: SearchStrategy[str] | None = None, duration: SearchStrategy[int] | None = None
) -> SearchStrategy[JsonObject]:
    """A profile with a duration within its bounds."""
    known: dict[str, Profile] = {entry.name: entry for entry in target.profiles.values()} if target else {}
    usable = set(offered(target)) if target else set()

    def with_duration(name: str) -> SearchStrategy[JsonObject]:
        lasting = durations(profile=known[name]) if name in usable else durations()
        return st.fixed_dictionaries(
            {"qosProfile": st.just(name), "duration": lasting if duration is None else duration}
        )

    return (profiles(target=target) if profile is None else profile).flatmap(with_duration)


def _device(device: Device, release: str, target: Target | None) -> dict[str, SearchStrategy[Json]]:
    if device is None:
        return {}
    return {"device": devices(release=release, target=target) if device is _DEFAULT else device}


def _flows(release: str) -> SearchStrategy[JsonObject]:
    device = {"devicePorts": port_specs(release=release)}
    server = {"applicationServerPorts": port_specs(release=release)}
    both = st.fixed_dictionaries({**device, **server})
    return st.just({}) | st.fixed_dictionaries(device) | st.fixed_dictionaries(server) | both


def _notifications(release: str, target: Target | None, sink: SearchStrategy[str] | None) -> SearchStrategy[JsonObject]:
    always = target is not None and target.sink.always
    if target is not None and sink is None and not always:
        return st.just({})
    to = {"sink": sinks() if sink is None else sink}
    kinds = None if target is None else ["ACCESSTOKEN"]  # a key has to be shared with a target beforehand
    secured = {**to, "sinkCredential": sink_credentials(release=release, kinds=kinds)}
    if always:
        return st.fixed_dictionaries(secured)
    return st.just({}) | st.fixed_dictionaries(to) | st.fixed_dictionaries(secured)


def _bodies(
    device: dict[str, SearchStrategy[Json]],
    required: dict[str, SearchStrategy[Json]],
    profile: SearchStrategy[JsonObject],
    flows: SearchStrategy[JsonObject],
    notifications: SearchStrategy[JsonObject],
) -> SearchStrategy[JsonObject]:
    parts = (
        st.fixed_dictionaries({**device, **required}),
        profile,
        flows,
        notifications,
    )
    return st.tuples(*parts).map(lambda drawn: {key: value for part in drawn for key, value in part.items()})
