"""What clients create: sessions and assignments, by the names that a contract gives to operations and properties."""

from dataclasses import dataclass
from functools import cache
from typing import Literal

from pytest_nac_qod.contracts import Contract, Operation


@dataclass(frozen=True, slots=True, kw_only=True)
class Resource:
    """The resource of an API.

    Attributes:
        noun: what people call it.
        create: operationId, as are `read`, `delete`, `retrieve` and `extend`, of which assignments have none.
        id: the property, and path parameter, that identifies it.
        status: the property that says whether the network provides it.
        schema: pointer of the schema that it has in answers.
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


@cache
def resource_of(contract: Contract) -> Resource | None:
    """The resource of the API; None for one that only tells, such as qos-profiles."""
    told = contract.standard or contract
    by_role = {_role(operation): operation for operation in told.operations.values()}
    if "create" not in by_role or "read" not in by_role:
        return None
    key = by_role["read"].path.rpartition("{")[2].removesuffix("}")
    session = key == "sessionId"
    extend = by_role.get("extend")
    pointer = contract.response_pointer(by_role["create"].id, 201)
    return Resource(
        noun="session" if session else "assignment",
        create=by_role["create"].id,
        read=by_role["read"].id,
        delete=by_role["delete"].id,
        retrieve=by_role["retrieve"].id,
        extend=extend.id if extend else None,
        id=key,
        status="qosStatus" if session else "status",
        schema=contract.resolved(pointer)[0] if pointer else "#",
    )


def _role(operation: Operation) -> str:
    """What an operation does, told by method, path and documented success."""
    single = "{" in operation.path
    match operation.method:
        case "POST" if single:
            return "extend"
        case "POST":
            return "create" if 201 in operation.success else "retrieve"
        case "GET" if single:
            return "read"
        case "DELETE":
            return "delete"
        case _:
            return "other"
