"""A request whose token, path and body have been found right, and what it is answered."""

from dataclasses import dataclass

from pytest_nac_qod.contracts import Contract, Operation
from pytest_nac_qod.foundation.jsontypes import Json, JsonObject
from pytest_nac_qod.foundation.values import is_uuid
from pytest_nac_qod.reference.devices import device_echo
from pytest_nac_qod.reference.network import Network
from pytest_nac_qod.reference.world import Grant, KnownDevice


@dataclass(frozen=True, slots=True, kw_only=True)
class ServerCall:
    """One request.

    Attributes:
        key: what the path names: the id of a session or an assignment, or the name of a profile.
    """

    network: Network
    contract: Contract
    operation: Operation
    grant: Grant
    key: str
    body: JsonObject


Result = tuple[int, Json]


def subject(call: ServerCall) -> KnownDevice:
    """The device that the request is about, if the service is offered to it."""
    decide = call.network.decisions
    device = decide.identified(call.network.world, call.grant, call.body.get("device"))
    decide.applicable(device)
    return device


def parts(call: ServerCall, device: KnownDevice) -> JsonObject:
    """What a new session and a new assignment have in common."""
    key, collection = call.network.decisions.issued_id(call.contract.api), call.operation.path
    if not is_uuid(key) or key != key.lower():  # those that are need not be remembered
        call.network.issued.add(key)
    return {
        "id": key,
        "id_name": _id_name(call.contract, collection),
        "api": call.contract.api,
        "path": f"{call.contract.base_path}{collection}/{key}",
        "client": call.grant.client,
        "device": device.name,
        "device_echo": device_echo(call.network.world, device, call.body.get("device")),
        "sent": {name: value for name, value in call.body.items() if name != "sinkCredential"},
        "credential": call.body.get("sinkCredential"),
        "created": call.network.clock.now(),
    }


def _id_name(contract: Contract, collection: str) -> str:
    """Name of the parameter of `/collection/{parameter}`."""
    paths = (operation.path for operation in contract.operations.values())
    inside = (path.removeprefix(f"{collection}/{{") for path in paths if path.startswith(f"{collection}/{{"))
    return next(rest.removesuffix("}") for rest in inside if rest.count("/") == 0)
