"""What clients create: sessions and assignments, by the names that a contract gives to operations and properties."""

from dataclasses import dataclass
from functools import cache
from typing import Literal
from urllib.parse import urlsplit

from pytest_nac_qod.contracts import Contract, Operation
from pytest_nac_qod.foundation.jsontypes import Json
from pytest_nac_qod.wire.field_values import usable_id


@dataclass(frozen=True, slots=True, kw_only=True)
class Resource:
    """The resource of an API.

    Attributes:
        noun: what people call it.
        create: operationId, as are `read`, `delete`, `retrieve` and `extend`, of which assignments have none.
        retrieve: operationId; empty where there is none.
        id: the property, and path parameter, that identifies it.
        status: the property that says whether the network provides it.
        schema: pointer of the schema that it has in answers.
        created: status of the answer to a creation.
        deleted: status of the answer to a deletion that is over.
    """

    noun: Literal["session", "assignment"]
    create: str
    read: str
    delete: str
    retrieve: str
    extend: str | None
    id: str
    status: str
    schema: str
    created: int = 201
    deleted: int = 204


@cache
def resource_of(contract: Contract) -> Resource | None:
    """The resource of the API; None for one that only tells, such as qos-profiles."""
    told = contract.standard or contract
    by_role = {_role(operation): operation for operation in [*told.operations.values()][::-1]}  # the first one counts
    if not {"create", "read", "delete"} <= by_role.keys():
        return None
    key = by_role["read"].path.rpartition("{")[2].removesuffix("}")
    session = key == "sessionId"
    extend, retrieve = by_role.get("extend"), by_role.get("retrieve")
    created = by_role["create"]
    pointer = contract.response_pointer(created.id, created.fine)
    return Resource(
        noun="session" if session else "assignment",
        create=created.id,
        read=by_role["read"].id,
        delete=by_role["delete"].id,
        retrieve=retrieve.id if retrieve else "",
        extend=extend.id if extend else None,
        id=key,
        status="qosStatus" if session else "status",
        schema=contract.resolved(pointer)[0] if pointer else "#",
        created=created.fine,
        deleted=by_role["delete"].fine,
    )


def told_id(resource: Resource, body: Json, location: str = "") -> str | None:
    """Id of what an answer says was created, wherever it says so; None where it does not.

    Where the document wants it to stand comes first. What another spelling, an object around it or a Location header
    tells is enough to delete it again.
    """
    name = _plain(resource.id)
    told = [body.get(resource.id)] if isinstance(body, dict) else []
    for inner in (body, *(body.values() if isinstance(body, dict) else ())):
        if isinstance(inner, dict):
            told += [value for other, value in inner.items() if _plain(other) in (name, "id")]
    last = urlsplit(location).path.rstrip("/").rpartition("/")[2]
    keys = [*told, *([last] if any(map(str.isdigit, last)) else [])]
    return next((key for key in keys if isinstance(key, str) and usable_id(key)), None)


def may_have_created(status: int) -> bool:
    """Whether an answer without a usable id leaves open if something was created."""
    return 200 <= status < 300 or status == 429 or status >= 500


def _plain(name: str) -> str:
    return name.replace("_", "").replace("-", "").lower()


def _role(operation: Operation) -> str:
    """What an operation does, told by method, path and documented success."""
    single = "{" in operation.path
    match operation.method:
        case "POST" if single:
            return "extend"
        case "POST":
            return "retrieve" if 200 in operation.success else "create"
        case "GET" if operation.path.endswith("}"):
            return "read"
        case "DELETE" if single:
            return "delete"
        case _:
            return "other"
