"""Decoding of responses: HTTP → data, or a typed error."""

from __future__ import annotations

import logging
import re
from functools import lru_cache
from typing import TYPE_CHECKING, Any, TypeVar, get_args, get_origin

from pydantic import BaseModel, TypeAdapter, ValidationError
from pydantic_core import SchemaValidator, from_json

from ...errors import KnockError
from ...errors._text import one_line
from ..signals import raised_by_a_handler
from ..type_guards import is_array, is_model, is_object
from .error_factory import BYTE_ORDER_MARK, status_error, validation_error
from .lenient import build

if TYPE_CHECKING:
    from typing_extensions import Self, TypeIs

    from ..outcome import Response
    from ..requests.config import Config
    from ..requests.encode import Outgoing
    from ..requests.request import Request

T = TypeVar("T")

log = logging.getLogger("knock_sdk")

_NAN, _INFINITY = re.compile(b"NaN"), re.compile(b"Infinity")
"""Expressions of one word each: these are found in two thirds of the time that `in` takes."""
_OWN = "knock_sdk."
_warned: set[object] = set()


class BodyReader:
    """Base class of types that read the body of a response themselves, where its text matters."""

    @classmethod
    def validate_json(cls, body: bytes) -> Self:
        """Read a body; raise ValueError if it is not JSON, and Pydantic's ValidationError if it is of another form."""
        raise NotImplementedError


def decode(request: Request[T], outgoing: Outgoing, response: Response, attempts: int, config: Config) -> T:
    """Return the data of a success; raise a typed error for any other response."""
    if not 200 <= response.status < 300:
        raise status_error(outgoing, response, attempts)
    try:
        value: T = _decode(request.response_type, outgoing, response, attempts, config)
    except KnockError:
        raise
    except Exception as error:  # a validator of the caller's own model may raise any exception
        if raised_by_a_handler(error) is error:
            raise
        problem = f"cannot be read ({type(error).__name__})"
        raise validation_error(problem, outgoing, response, attempts) from error
    return value


def _decode(expected: Any, outgoing: Outgoing, response: Response, attempts: int, config: Config) -> Any:
    # The body is no local variable here: tracebacks may show these, and a server may repeat a key in it.
    if response.body.startswith(BYTE_ORDER_MARK) and response.body != BYTE_ORDER_MARK:
        response = response._replace(body=response.body[len(BYTE_ORDER_MARK) :])
    try:
        if expected is object or expected is type(None):
            return _decode_plain(expected, response.body)
        if _NAN.search(response.body) or (
            (start := response.body.find(b"I")) >= 0 and _INFINITY.search(response.body, start)
        ):
            from_json(response.body, allow_inf_nan=False)  # models would take them as numbers
        value, known = _validate(expected, response.body)
        if known:
            return value
        problem = "has none of the expected fields"
    except ValidationError as error:
        problem = _describe(expected, error)
        if not config.strict and (value := _read_leniently(expected, response.body, problem)) is not None:
            return value
    except (ValueError, RecursionError) as error:
        if raised_by_a_handler(error) is error:
            raise
        problem = "is not JSON"
    raise validation_error(problem, outgoing, response, attempts)


def _decode_plain(expected: Any, body: bytes) -> Any:
    """Return JSON unchanged, or None where no data is expected; raise ValueError for anything else, such as HTML."""
    if not body:
        return None  # nothing here says whether the operation has a body
    value = from_json(body, allow_inf_nan=False, cache_strings="keys")  # the quickest: few values repeat
    return value if expected is object else None


def _validate(expected: Any, body: bytes) -> tuple[Any, bool]:
    validator, needs_check = validator_of(expected)
    value = validator.validate_json(body)
    if not needs_check:
        return value, True
    return value, _has_known_field(value)


@lru_cache(maxsize=256)
def validator_of(expected: Any) -> tuple[SchemaValidator | TypeAdapter[Any] | type[BodyReader], bool]:
    """Return the validator of a type, and whether its values must be checked for a known field."""
    if _is_reader(expected):
        return expected, False
    if is_model(expected):
        needs_check = not any(field.is_required() for field in expected.model_fields.values())
        validator = expected.__pydantic_validator__
        if isinstance(validator, SchemaValidator):
            return validator, needs_check
        return TypeAdapter[Any](expected), needs_check
    return TypeAdapter[Any](expected), True


def _is_reader(expected: object) -> TypeIs[type[BodyReader]]:
    return isinstance(expected, type) and get_origin(expected) is None and issubclass(expected, BodyReader)


def _has_known_field(value: object) -> bool:
    """Return whether a model has at least one known field; in a list, every element must. Other data passes."""
    if isinstance(value, BaseModel):
        return not value.model_fields_set.isdisjoint(type(value).model_fields)
    if is_array(value):
        return all(_has_known_field(element) for element in value)
    return True


def _read_leniently(expected: Any, body: bytes, problem: str) -> Any:
    """Build a value with missing fields; return None if the body is not JSON, or has no known field."""
    try:
        raw = from_json(body, allow_inf_nan=False)
    except ValueError:
        return None
    of_list = get_origin(expected) is list
    model = get_args(expected)[0] if of_list else expected
    elements = raw if of_list else [raw]
    if not is_array(elements) or not all(_has_known_name(model, element) for element in elements):
        return None
    if expected not in _warned:
        _warned.add(expected)
        log.warning("a response %s; it was read leniently", problem)
    return build(expected, raw)


def _has_known_name(model: Any, raw: object) -> bool:
    # A caller's own model means what it says, its validators too.
    if not is_model(model) or not model.__module__.startswith(_OWN):
        return False
    names = {field.alias or name for name, field in model.model_fields.items()}
    return is_object(raw) and not names.isdisjoint(raw)


def _describe(expected: Any, error: ValidationError) -> str:
    first = error.errors(include_url=False, include_context=False, include_input=False)[0]
    if first["type"] == "json_invalid":
        return "is not JSON"
    path = ".".join(map(str, first["loc"]))
    problem = f"{path}: {first['msg']}" if path else first["msg"]
    return f"does not match {_name(expected)}: {one_line(problem, 200)}"


def _name(expected: Any) -> str:
    return expected.__name__ if isinstance(expected, type) and not get_args(expected) else str(expected)
