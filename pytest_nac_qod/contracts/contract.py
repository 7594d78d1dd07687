"""The reading side of a contract: its operations, and judgement of JSON values by its schemas."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache, cached_property, lru_cache
from itertools import islice
from json import loads
from typing import TYPE_CHECKING, Any

from pytest_nac_qod.contracts.aligning import PARAMETER, Alignment, align
from pytest_nac_qod.contracts.counterparts import counterparts, located
from pytest_nac_qod.contracts.operations import Operation, events, operations, parameters_of, values
from pytest_nac_qod.contracts.pointers import escaped, followed, resolved
from pytest_nac_qod.contracts.validation.schema import COMPONENTS, PLAIN, Direction, translated
from pytest_nac_qod.contracts.validation.wording import expectation
from pytest_nac_qod.foundation.jsontypes import Json, JsonObject
from pytest_nac_qod.foundation.values import short_text

if TYPE_CHECKING:
    from pytest_nac_qod.contracts.validation.judge import Registry, ValidationError, Validator

_URI = "urn:contract"
_OF_SHAPE = ("type", "required", "additionalProperties", "minProperties", "maxProperties")
_ABSENT = object()
_MOST_ERRORS = 300  # of one value
_LONGEST = 1_000  # characters of a value that an error shows


@dataclass(frozen=True, slots=True, kw_only=True)
class SchemaError:
    """One broken constraint.

    Attributes:
        path: JSONPath of the value, such as `$.devicePorts.ports[0]`.
        clause: JSON pointer of the constraint in the document, references followed.
        expected: what the constraint asks for.
        actual: the value as it is, or `absent`.
        value: the value itself; None when absent.
    """

    path: str
    clause: str
    expected: str
    actual: str
    value: Json

    @property
    def message(self) -> str:
        """The error in one line."""
        return f"{self.path}: expected {self.expected}, got {self.actual}"


@dataclass(frozen=True, eq=False, repr=False)  # it holds a whole document
class Contract:
    """The OpenAPI document of one API in one release.

    Attributes:
        api: name of the API in its family.
        standard: the release's own contract, when `document` stands in for it: a document of somebody's own, whose
            names of operations, path parameters and components may be others.
        extra_pointers: operations of such a document that are of the API, though the release has no such; None for all.
    """

    document: JsonObject
    api: str
    standard: "Contract | None" = None
    extra_pointers: frozenset[str] | None = None

    @classmethod
    def of(cls, document: JsonObject, api: str | None = None) -> "Contract":
        """The contract that `document` is; the API's name is taken from its base path unless given."""
        return cls(document, api or _base_path(document).strip("/").split("/")[0] or "api")

    @property
    def base_path(self) -> str:
        """Path under which the operations stand, such as `/quality-on-demand/v1`."""
        return _base_path(self.document)

    @cached_property
    def alignment(self) -> Alignment:
        """The operations of the document beside those of the release."""
        own = tuple(operations(self.document))
        return align(own, own if self.standard is None else self.standard.operations.values())

    @cached_property
    def operations(self) -> Mapping[str, Operation]:
        """Operations by operationId, or the family's name; where the document lacks one, that of the release."""
        aligned = self.alignment.operations
        standard = aligned if self.standard is None else self.standard.operations
        known = {name: aligned.get(name, operation) for name, operation in standard.items()}
        return _Operations({**known, **{item.id: item for item in self.extra if item.id not in known}})

    @property
    def extra(self) -> tuple[Operation, ...]:
        """The operations of the API that only a document of somebody's own has, and not the release."""
        wanted = self.extra_pointers
        return tuple(item for item in self.alignment.extra if wanted is None or item.pointer in wanted)

    def documents(self, operation: str) -> bool:
        """Whether the document itself has the operation."""
        return operation in self.alignment.operations or operation in [item.id for item in self.extra]

    def place(self, pointer: str) -> str:
        """Pointer of what the release's own document has at `pointer`; told by where it is used, not by its name.

        Where this document has nothing of the kind, `pointer` itself, which leads into the release's.
        """
        return pointer if self.standard is None else located(self._counterparts, pointer) or pointer

    def validate_as(self, instance: Json, pointer: str, *, direction: Direction) -> list[SchemaError]:
        """As validate, by what the release's own document has at `pointer`, or by that itself if this has no such."""
        if self.standard is None or located(self._counterparts, pointer):
            return self.validate(instance, self.place(pointer), direction=direction)
        return self.standard.validate(instance, pointer, direction=direction)

    def resolved_as(self, pointer: str) -> Any:  # noqa: ANN401 - a part of a document
        """The value of what the release's own document has at `pointer`, or that itself if this has no such."""
        try:
            return self.resolved(self.place(pointer))[1]
        except KeyError:
            if self.standard is None:
                raise
            return self.standard.resolved(pointer)[1]

    def parameters(self, operation: str) -> Iterator[tuple[str, JsonObject]]:
        """The parameters of an operation with their pointers, those in the path by the names that `path` has."""
        aligned = self.operations[operation]
        own, names = (PARAMETER.findall(path)[::-1] for path in (aligned.own_path, aligned.path))
        renamed = {here[1:-1]: there[1:-1] for here, there in zip(own, names, strict=False)}
        for pointer, parameter in parameters_of(self.document, aligned.pointer):
            yield pointer, {**parameter, "name": renamed[parameter["name"]]} if parameter["in"] == "path" else parameter

    @cached_property
    def _counterparts(self) -> dict[str, str]:
        if self.standard is None:
            return {}
        aligned = self.alignment.operations
        pairs = [(self.standard.operations[name].pointer, operation.pointer) for name, operation in aligned.items()]
        return counterparts(self.standard.document, self.document, pairs)

    @cached_property
    def callback(self) -> str | None:
        """Pointer of the callback that carries events, such as `#/paths/~1sessions/post/callbacks/notifications`."""
        return pointers[0] if (pointers := events(self.document, self.alignment.operations.values())) else None

    @cached_property
    def event_schema(self) -> str | None:
        """Pointer of the schema of events, such as `#/components/schemas/CloudEvent`; None when there are none."""
        return pointers[1] if (pointers := events(self.document, self.alignment.operations.values())) else None

    @cached_property
    def event_types(self) -> tuple[str, ...]:
        """The values that the schema of events enumerates for `type`; empty when there are no events."""
        if self.event_schema is None:
            return ()
        return values(self.document, {"$ref": self.event_schema}, "type") or ()

    def resolved(self, pointer: str) -> tuple[str, Any]:
        """The pointer and the value that `pointer` leads to, references followed.

        Raises:
            KeyError: it leads nowhere.
        """
        return resolved(self.document, pointer)

    @cache  # noqa: B019 - contracts live as long as the process
    def response_pointer(self, operation: str, status: int) -> str | None:
        """Pointer of the schema of this answer's JSON body; None when it has none or is not documented."""
        try:
            place, response = self.resolved(f"{self.operations[operation].pointer}/responses/{status}")
        except KeyError:
            return None
        media = response.get("content", {}).get("application/json")
        return f"{place}/content/application~1json/schema" if media else None

    @cache  # noqa: B019 - contracts live as long as the process
    def request_pointer(self, operation: str) -> str | None:
        """Pointer of the schema of this operation's JSON body; None when it takes none."""
        try:
            place, body = self.resolved(f"{self.operations[operation].pointer}/requestBody")
        except KeyError:
            return None
        return f"{place}/content/application~1json/schema" if "application/json" in body["content"] else None

    def validate(self, instance: Json, pointer: str, *, direction: Direction) -> list[SchemaError]:
        """Every constraint of the schema at `pointer` that `instance` breaks, one for each place and clause.

        Where there are more than anybody reads, the first ones.
        """
        certainly_valid = self._quick(pointer, direction)
        if certainly_valid and certainly_valid(instance):
            return []
        text = short_text(instance) if direction == "request" else None
        return list(self._errors(instance, pointer, direction) if text is None else self._remembered(text, pointer))

    @lru_cache(512)  # noqa: B019 - of all contracts; what was sent is judged by the embedded server as well
    def _remembered(self, text: str, pointer: str) -> tuple[SchemaError, ...]:
        return self._errors(loads(text), pointer, "request")

    def _errors(self, instance: Json, pointer: str, direction: Direction) -> tuple[SchemaError, ...]:
        raw_errors = islice(self._validator(pointer, direction).iter_errors(instance), _MOST_ERRORS)
        errors = (self._error(meant, pointer) for error in raw_errors for meant in _meant(error))
        return tuple({(error.path, error.clause): error for error in errors}.values())

    @cache  # noqa: B019 - contracts live as long as the process
    def _validator(self, pointer: str, direction: Direction) -> "Validator":
        from pytest_nac_qod.contracts.validation.judge import validator

        return validator(self._registry(direction), _URI, pointer)

    @cache  # noqa: B019 - contracts live as long as the process
    def _quick(self, pointer: str, direction: Direction) -> Callable[[Json], bool] | None:
        from pytest_nac_qod.contracts.validation import quick

        return quick.validator(self._as_published(direction), _URI, pointer)

    @cache  # noqa: B019 - contracts live as long as the process
    def _as_published(self, direction: Direction) -> JsonObject:
        return translated(self.document, direction, pattern=str)

    @cache  # noqa: B019 - contracts live as long as the process
    def _registry(self, direction: Direction) -> "Registry[Any]":
        from pytest_nac_qod.contracts.validation.judge import registry

        return registry(self.document, direction, _URI)

    def _error(self, error: "ValidationError", pointer: str) -> SchemaError:
        clause = self._clause(error, pointer)
        path = "$" + "".join(f"[{step}]" if isinstance(step, int) else f".{step}" for step in error.absolute_path)
        value: Any = error.instance
        if error.validator == "required":
            missing = error.message.split("'")[1]
            path, value = f"{path}.{missing}", _ABSENT
        return SchemaError(
            path=path,
            clause=clause,
            expected=expectation(str(error.validator), self._at(clause, error.validator_value)),
            actual="absent" if value is _ABSENT else _shown(value),
            value=None if value is _ABSENT else value,
        )

    def _clause(self, error: "ValidationError", pointer: str) -> str:
        """Pointer of the violated keyword: the schema path walked through the references on the way."""
        schemas = self._registry("response")[_URI].contents
        place, node = resolved(schemas, pointer)
        for step in error.absolute_schema_path:
            inner = node.get(step) if isinstance(node, dict) else node[step]
            place, node = followed(schemas, f"{place}/{escaped(step)}", inner)
        return place.replace(PLAIN, COMPONENTS, 1)

    def _at(self, clause: str, otherwise: Json) -> Json:
        """What stands in the document itself, not in its translation."""
        try:
            return self.resolved(clause)[1]
        except (KeyError, IndexError):
            return otherwise


def _shown(value: Json) -> str:
    text = repr(value)
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]}…"


class _Operations(dict[str, Operation]):
    """Operations by operationId; they are found by their names in the family as well."""

    def __missing__(self, name: str) -> Operation:
        for operation in self.values():
            if operation.family == name:
                return operation
        raise KeyError(name)

    def __contains__(self, name: object) -> bool:
        return super().__contains__(name) or any(operation.family == name for operation in self.values())


def _meant(error: "ValidationError") -> "Iterator[ValidationError]":
    """The error; or if the value evidently means one of several alternatives, what is wrong with it as that one.

    It means the only alternative of which it has neither too few properties nor one too many.
    """
    branches: dict[Any, list[Any]] = {}
    if error.validator in ("oneOf", "anyOf"):
        for inner in error.context or ():
            branches.setdefault(inner.schema_path[0], []).append(inner)
    candidates = [inner for inner in branches.values() if not any(map(_is_of_another_shape, inner))]
    if len(candidates) != 1:
        yield error
        return
    for inner in candidates[0]:
        yield from _meant(inner)


def _is_of_another_shape(error: "ValidationError") -> bool:
    return not error.relative_path and error.validator in _OF_SHAPE


def _base_path(document: JsonObject) -> str:
    url: str = (document.get("servers") or [{"url": ""}])[0].get("url", "")
    return "/" + url.split("://", 1)[-1].partition("/")[2].rstrip("/") if "/" in url else ""
