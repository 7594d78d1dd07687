"""The NaC SDK that is installed beside the plugin: which it is, whether it can be, and driving it in this process."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from importlib import import_module
from importlib.metadata import PackageNotFoundError, version
from typing import Any

from pytest_nac_qod.foundation.jsontypes import JsonObject
from pytest_nac_qod.reference.dialects import dialect_of
from pytest_nac_qod.sdk import wire
from pytest_nac_qod.sdk.adapters.generated_device import GeneratedDevice
from pytest_nac_qod.sdk.adapters.python_adapter import (
    GENERATED,
    HOST,
    KEY,
    Adapter,
    device_argument,
    device_object,
    path_of,
)
from pytest_nac_qod.sdk.environments import PACKAGE
from pytest_nac_qod.sdk.problems import SdkError
from pytest_nac_qod.sdk.shim import Shim
from pytest_nac_qod.target import Target
from pytest_nac_qod.wire.connections import connection
from pytest_nac_qod.wire.transport.direct import unproxied

OLDEST = (5, 2, 1)


def installed_version() -> tuple[int, ...]:
    """The version of the SDK in this environment.

    Raises:
        SdkError: there is none, or one that cannot share an environment with the plugin.
    """
    try:
        text = version(PACKAGE)
    except PackageNotFoundError:
        raise SdkError(f"{PACKAGE} is not installed; run: pip install 'pytest-nac-qod[nac]'") from None
    parts = tuple(int(part) for part in text.split(".")[:3] if part.isdigit())
    if parts < OLDEST:
        pin = "httpx <0.25" if parts < (5,) else "httpx <0.28"
        raise SdkError(
            f"{PACKAGE} {text} pins {pin}, so it cannot share an environment with this plugin; install 5.2.1 or later, "
            f"or test {text} in an environment of its own: nac-qod client --sdk {text}"
        )
    return parts


@contextmanager
def client(shim: Shim, target: Target) -> Iterator[Any]:
    """The SDK's client, pointed at the target through `shim`; its connections are closed at the end.

    Raises:
        SdkError: the SDK is not there, cannot be here, or speaks what the target does not.
    """
    parts = installed_version()
    path = path_of(parts)
    if dialect_of(f"{path}/") and not target.embedded:
        raise SdkError(
            f"{PACKAGE} {'.'.join(map(str, parts))} speaks {path}, which {target.name} does not: its target file names "
            "quality-on-demand; install 8.0.0 or later"
        )
    given = {name.lower(): value for name, value in target.headers.items()}
    key, host = given.get(KEY, "nac-qod"), given.get(HOST)
    shim.redactor.register("client.key", key)
    sdk = import_module("network_as_code")
    if parts >= GENERATED:
        with connection(timeout=target.timeout) as http:
            yield sdk.NetworkAsCodeApi(base_url=shim.url, api_key=key, rapidapi_host=host, httpx_client=http)
        return
    with unproxied():
        nac = sdk.NetworkAsCodeClient(token=key, qos_base_url=shim.url + path)
    yield nac
    nac._api.sessions.client.close()  # noqa: SLF001 - the SDK offers no way to close it


def device(nac: Any, given: JsonObject) -> Any:  # noqa: ANN401 - the SDK's
    """A device of the target as the SDK has it; from 10.0.0 on the argument `device`, with the calls of an object."""
    on_wire = wire.device_of_protocol(given)
    return device_object(nac, on_wire) if hasattr(nac, "devices") else GeneratedDevice(nac, device_argument(on_wire))


@dataclass(slots=True)
class InstalledSdk:
    """A driver for the SDK in this environment; answers as the program in python_adapter.py does."""

    _adapter: Adapter = field(default_factory=Adapter)

    def ask(self, request: JsonObject) -> JsonObject:
        """The answer to one request."""
        return self._adapter.ask(request)
