"""The validator of JSON values, with the formats and the integers that OpenAPI 3.0 means."""

from collections.abc import Callable

from jsonschema import Draft202012Validator, FormatChecker
from jsonschema.protocols import Validator
from jsonschema.validators import extend

from pytest_nac_qod.foundation.values import is_integer, is_uuid, moment

__all__ = ["VALIDATOR", "Validator", "formats"]

Check = Callable[[object], bool]
formats = FormatChecker(formats=())


def _of_text(holds: Callable[[str], object]) -> Check:
    return lambda value: not isinstance(value, str) or bool(holds(value))


def _as_known(name: str) -> Check:
    """As jsonschema judges the format, whose regular expressions let a line end follow."""
    known = Draft202012Validator.FORMAT_CHECKER
    return _of_text(lambda text: not text.endswith("\n") and known.conforms(text, name))


def _integer_of(bits: int) -> Check:
    bound = 2 ** (bits - 1)
    return lambda value: not isinstance(value, int) or isinstance(value, bool) or -bound <= value < bound


for _name in Draft202012Validator.FORMAT_CHECKER.checkers:
    formats.checks(_name)(_as_known(_name))
formats.checks("url")(_as_known("uri"))  # of old releases
formats.checks("date-time")(_of_text(lambda text: moment(text) is not None))
formats.checks("uuid")(_of_text(is_uuid))
formats.checks("int32")(_integer_of(32))
formats.checks("int64")(_integer_of(64))

# JSON Schema 2020-12 takes 3600.0 for an integer; OpenAPI 3.0 is built on an older draft, which does not.
VALIDATOR: type[Validator] = extend(  # type: ignore[no-untyped-call] # of jsonschema
    Draft202012Validator,
    type_checker=Draft202012Validator.TYPE_CHECKER.redefine("integer", lambda _, value: is_integer(value)),
)
