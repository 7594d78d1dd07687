"""The operations of a contract, and the values that its schemas enumerate."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from pytest_nac_qod.contracts.pointers import escaped, followed, resolved
from pytest_nac_qod.foundation.jsontypes import Json, JsonObject

ACCEPTED = 202  # status: it takes time
_METHODS = ("get", "put", "post", "delete", "patch", "head", "options")
FAMILY = "x-family-name"
"""What an assembled document has of an operation that is called otherwise in the family."""
_EVENT = "application/cloudevents+json"


@dataclass(frozen=True, slots=True, kw_only=True)
class Operation:
    """One operation of a contract.

    Attributes:
        id: operationId; method and path where the document gives none.
        family: what the operation is called in all releases.
        method: in capitals.
        path: template, such as `/sessions/{sessionId}`.
        own_path: as the document has it; another than `path` where that is the release's.
        query: names of its query parameters.
        scopes: that an access token needs.
        success: documented statuses under 400.
        errors: documented codes by status from 400 on: those that the schema enumerates, else those that examples show.
        enumerated: statuses of which the schema enumerates the codes, so that no other code is valid.
        pointer: of the operation, such as `#/paths/~1sessions/post`.
    """

    id: str
    family: str
    method: str
    path: str
    own_path: str
    query: tuple[str, ...]
    scopes: tuple[str, ...]
    success: tuple[int, ...]
    errors: Mapping[int, tuple[str, ...]]
    enumerated: frozenset[int]
    pointer: str

    @property
    def fine(self) -> int:
        """Status of an answer that does at once what was asked for; 0 where none is documented."""
        return min(self.success, key=lambda status: (status == ACCEPTED, status), default=0)


def operations(document: JsonObject) -> Iterator[Operation]:
    """The operations of `document`, in its order."""
    for path in document["paths"]:
        place, item = resolved(document, f"#/paths/{escaped(path)}")
        for method in _METHODS:
            if method in item:
                yield _operation(document, path, method, f"{place}/{method}")


def _operation(document: JsonObject, path: str, method: str, pointer: str) -> Operation:
    _, operation = resolved(document, pointer)
    parameters = [parameter for _, parameter in parameters_of(document, pointer)]
    statuses = sorted(int(status) for status in operation["responses"] if status.isdigit())
    answers = _answers(document, pointer)
    enumerated = _enumerated(document, answers)
    name = operation.get("operationId") or f"{method.upper()} {path}"
    return Operation(
        id=name,
        family=operation.get(FAMILY, name),
        method=method.upper(),
        path=path,
        own_path=path,
        query=tuple(parameter["name"] for parameter in parameters if parameter["in"] == "query"),
        scopes=tuple(scope for item in operation.get("security", []) for scopes in item.values() for scope in scopes),
        success=tuple(status for status in statuses if status < 400),
        errors=errors_of(document, pointer),
        enumerated=frozenset(status for status, codes in enumerated.items() if codes is not None),
        pointer=pointer,
    )


def errors_of(document: JsonObject, pointer: str) -> Mapping[int, tuple[str, ...]]:
    """Codes by status from 400 on of the operation at `pointer`: enumerated by the schema, else shown by examples."""
    answers = _answers(document, pointer)
    return {
        status: _shown_codes(document, answers[status]) if codes is None else codes
        for status, codes in _enumerated(document, answers).items()
    }


def _answers(document: JsonObject, pointer: str) -> dict[int, JsonObject]:
    """The JSON bodies of refusals by status."""
    statuses = sorted(int(status) for status in resolved(document, pointer)[1]["responses"] if status.isdigit())
    return {s: _json_body(document, f"{pointer}/responses/{s}") for s in statuses if s >= 400}


def _enumerated(document: JsonObject, answers: Mapping[int, JsonObject]) -> dict[int, tuple[Any, ...] | None]:
    return {status: values(document, body.get("schema"), "code") for status, body in answers.items()}


def parameters_of(document: JsonObject, pointer: str) -> Iterator[tuple[str, JsonObject]]:
    """The parameters of an operation with their pointers, references followed; those of its path first."""
    path, _, _ = pointer.rpartition("/")
    for place in (path, pointer):
        for number, _ in enumerate(resolved(document, place)[1].get("parameters", [])):
            yield resolved(document, f"{place}/parameters/{number}")


def _json_body(document: JsonObject, pointer: str) -> JsonObject:
    body: JsonObject = resolved(document, pointer)[1].get("content", {}).get("application/json", {})
    return body


def _shown_codes(document: JsonObject, body: JsonObject) -> tuple[str, ...]:
    examples = [followed(document, "", example)[1].get("value") for example in body.get("examples", {}).values()]
    shown = [example.get("code") for example in (*examples, body.get("example")) if isinstance(example, dict)]
    return tuple(dict.fromkeys(code for code in shown if isinstance(code, str)))


def values(document: JsonObject, schema: Json, *way: str) -> tuple[Any, ...] | None:
    """The values to which `schema` confines a property; None where it does not.

    Args:
        document: in which references lead.
        schema: of the object.
        way: names of the properties that lead to the one that is meant.
    """
    _, schema = followed(document, "", schema)
    if not isinstance(schema, dict):
        return None
    limits = [values(document, part, *way) for part in schema.get("allOf", [])]
    limits += [_any_of(document, schema[key], way) for key in ("oneOf", "anyOf") if key in schema]
    if way:
        limits.append(values(document, schema.get("properties", {}).get(way[0]), *way[1:]))
    elif "enum" in schema:
        limits.append(tuple(schema["enum"]))
    known = [limit for limit in limits if limit is not None]
    return tuple(value for value in known[0] if all(value in other for other in known[1:])) if known else None


def _any_of(document: JsonObject, branches: list[Json], way: tuple[str, ...]) -> tuple[Any, ...] | None:
    limits = [values(document, branch, *way) for branch in branches]
    known = [limit for limit in limits if limit is not None]
    return tuple(dict.fromkeys(value for limit in known for value in limit)) if len(known) == len(limits) else None


def events(document: JsonObject, among: Iterable[Operation]) -> tuple[str, str] | None:
    """Pointers of the callback of these operations that carries CloudEvents, and of their schema, references followed.

    None when none of them has such a callback.
    """
    for operation in among:
        for name in resolved(document, operation.pointer)[1].get("callbacks", {}):
            place, callback = resolved(document, f"{operation.pointer}/callbacks/{escaped(name)}")
            for address, item in callback.items():
                if _EVENT in item.get("post", {}).get("requestBody", {}).get("content", {}):
                    body = f"{place}/{escaped(address)}/post/requestBody"
                    return place, resolved(document, f"{body}/content/{escaped(_EVENT)}/schema")[0]
    return None
