"""The device of SDK 10, with the calls that devices have up to SDK 8 and in the documentation of QoS profiles."""

from collections.abc import Callable, Mapping
from ipaddress import IPv4Address, IPv6Address
from typing import Any

from pytest_nac_qod.foundation.jsontypes import Json, JsonObject


class GeneratedSession:
    """A session, by the names that sessions have up to SDK 8.

    Attributes:
        raw: as the generated client has it.
        device: the device that it is for.
    """

    def __init__(self, nac: Any, device: "GeneratedDevice", raw: Any) -> None:  # noqa: ANN401 - the SDK's
        self._nac = nac
        self.device = device
        self.raw = raw

    def __repr__(self) -> str:
        return f"Session(id={self.id!r}, profile={self.profile!r}, status={self.status!r})"

    @property
    def id(self) -> str:
        """Id of the session."""
        return str(self.raw.session_id)

    @property
    def profile(self) -> str:
        """Name of the QoS profile."""
        return str(self.raw.qos_profile)

    @property
    def status(self) -> str:
        """REQUESTED, AVAILABLE or UNAVAILABLE."""
        return str(getattr(self.raw.qos_status, "value", self.raw.qos_status))

    @property
    def duration(self) -> int:
        """Seconds."""
        return int(self.raw.duration)

    @property
    def started_at(self) -> Any:  # noqa: ANN401 - the SDK's
        """When it became available; None before."""
        return self.raw.started_at

    @property
    def expires_at(self) -> Any:  # noqa: ANN401 - the SDK's
        """When it ends; None before it is available."""
        return self.raw.expires_at

    @property
    def service_ipv4(self) -> str | None:
        """IPv4 address of the service."""
        return self.raw.application_server.ipv4address or None

    @property
    def service_ipv6(self) -> str | None:
        """IPv6 address of the service."""
        return self.raw.application_server.ipv6address or None

    def extend(self, additional_duration: int) -> None:
        """Make it longer by so many seconds."""
        self.raw = self._nac.qod.extend_session_v1(self.id, requested_additional_duration=additional_duration)

    def delete(self) -> None:
        """End it."""
        self._nac.qod.delete_session_v1(self.id)


class GeneratedDevice(dict[str, Any]):
    """A device of SDK 10: the dict to pass as `device`, and the calls of SDK 8 beside it."""

    def __init__(self, nac: Any, raw: Mapping[str, Any]) -> None:  # noqa: ANN401 - the SDK's
        super().__init__(raw)
        self._nac = nac

    def create_qod_session(  # noqa: PLR0913, PLR0917 - as in SDK 8
        self,
        profile: str,
        duration: int,
        service_ipv4: str | None = None,
        service_ipv6: str | None = None,
        device_ports: JsonObject | None = None,
        service_ports: JsonObject | None = None,
        sink: str | None = None,
        sink_credential: JsonObject | None = None,
    ) -> GeneratedSession:
        """Create a session; the order of the arguments is that of SDK 4.0.0 to 8.0.0.

        Args:
            profile: name of the QoS profile, such as `QOS_L` or `DOWNLINK_M_UPLINK_L`.
            duration: seconds.
            service_ipv4: IPv4 address of the service.
            service_ipv6: IPv6 address of the service.
            device_ports: ports of the device, as `{"ports": […], "ranges": [{"from": …, "to": …}]}`.
            service_ports: ports of the service.
            sink: where events go.
            sink_credential: as the generated client takes it.

        Raises:
            ValueError: the arguments are mixed up, or no address of the service is given; nothing is sent.
            TypeError: the duration is no whole number; nothing is sent.
        """
        server = _server(profile, duration, service_ipv4, service_ipv6)
        optional = {
            "device_ports": _ports(device_ports),
            "application_server_ports": _ports(service_ports),
            "sink": sink,
            "sink_credential": sink_credential,
        }
        given = {name: value for name, value in optional.items() if value is not None}
        created = self._nac.qod.create_session_v1(
            device=dict(self), qos_profile=profile, application_server=server, duration=duration, **given
        )
        return GeneratedSession(self._nac, self, created)

    def sessions(self) -> list[GeneratedSession]:
        """The sessions of the device; an empty list where the network knows no such device, as up to SDK 8."""
        try:
            listed = self._nac.qod.retrieve_sessions_v1(device=dict(self))
        except Exception as error:
            if getattr(error, "status_code", None) == 404:
                return []
            raise
        return [GeneratedSession(self._nac, self, entry) for entry in listed]


def _server(profile: Json, duration: Json, ipv4: Json, ipv6: Json) -> JsonObject:
    """The application server, once nothing stands in the place of something else."""
    if _is(IPv4Address, profile) or _is(IPv6Address, profile):
        raise ValueError(f"profile {profile!r} is an IP address; the profile comes first")
    if not isinstance(duration, int) or isinstance(duration, bool):
        raise TypeError(f"duration {duration!r} is no number of seconds; it follows the profile since SDK 4.0.0")
    if ipv4 is not None and not _is(IPv4Address, ipv4):
        raise ValueError(f"service_ipv4 {ipv4!r} is no IPv4 address")
    if ipv6 is not None and not _is(IPv6Address, ipv6):
        raise ValueError(f"service_ipv6 {ipv6!r} is no IPv6 address")
    if ipv4 is None and ipv6 is None:
        raise ValueError("no address of the service; give service_ipv4 or service_ipv6")
    return {name: value for name, value in (("ipv4address", ipv4), ("ipv6address", ipv6)) if value is not None}


def _is(kind: Callable[[str], object], value: Json) -> bool:
    """Whether the text is an address of that family, a network included."""
    try:
        kind(str(value).partition("/")[0])
    except ValueError:
        return False
    return isinstance(value, str)


def _ports(given: JsonObject | None) -> JsonObject | None:
    """Ports with the names that the typed dictionaries of the SDK have."""
    if given is None or "ranges" not in given:
        return given
    return {**given, "ranges": [{"from_": entry["from"], "to": entry["to"]} for entry in given["ranges"]]}
