"""An operation of a published document as a file of facts states it."""

from pytest_nac_qod.contracts import Contract, Operation
from pytest_nac_qod.contracts.operations import errors_of
from pytest_nac_qod.contracts.pointers import escaped, resolved
from pytest_nac_qod.drafting.stripping import by_name
from pytest_nac_qod.foundation.jsontypes import JsonObject

_JSON, _EVENT = "application/json", "application/cloudevents+json"


def operation_facts(contract: Contract, operation: Operation) -> JsonObject:
    """Call, scope, parameters, body, answers, codes and callback; whether it takes a device by its body."""
    document = contract.document
    _, described = contract.resolved(operation.pointer)
    facts: JsonObject = {"call": f"{operation.method.lower()} {operation.path}"}
    if operation.scopes:
        facts["scope"] = operation.scopes[0]
    parameters = [parameter for _, parameter in contract.parameters(operation.id)]
    for place in ("path", "query"):
        if of_place := {item["name"]: by_name(item["schema"]) for item in parameters if item["in"] == place}:
            facts[place] = of_place
    if pointer := contract.request_pointer(operation.id):
        facts["body"] = by_name(_at(document, pointer))
        facts |= {"device": True} if _takes_device(contract, pointer) else {}
    facts["success"] = {status: _success(contract, operation, status) for status in operation.success}
    facts["errors"] = {status: list(codes) for status, codes in operation.errors.items()}
    return facts | _callback(document, operation, described)


def _at(document: JsonObject, pointer: str) -> JsonObject:
    """What stands there, a reference as it is."""
    holder, _, last = pointer.rpartition("/")
    found: JsonObject = resolved(document, holder)[1][last]
    return found


def _takes_device(contract: Contract, pointer: str) -> bool:
    return "device" in _properties(contract, pointer)


def _properties(contract: Contract, pointer: str) -> set[str]:
    place, schema = contract.resolved(pointer)
    inherited = (_properties(contract, f"{place}/allOf/{number}") for number in range(len(schema.get("allOf", []))))
    return set(schema.get("properties", {})).union(*inherited)


def _success(contract: Contract, operation: Operation, status: int) -> str | JsonObject | bool:
    pointer = contract.response_pointer(operation.id, status)
    return by_name(_at(contract.document, pointer)) if pointer else False


def _callback(document: JsonObject, operation: Operation, described: JsonObject) -> JsonObject:
    for name in described.get("callbacks", {}):
        place, callback = resolved(document, f"{operation.pointer}/callbacks/{escaped(name)}")
        for address, item in callback.items():
            if "post" in item:
                post = f"{place}/{escaped(address)}/post"
                event = resolved(document, f"{post}/requestBody")[1]["content"][_EVENT]["schema"]
                return {
                    "callback": {
                        "name": name,
                        "to": address,
                        "operation": item["post"].get("operationId", "notify"),
                        "event": by_name(event),
                        "errors": {status: list(codes) for status, codes in errors_of(document, post).items()},
                    }
                }
    return {}
