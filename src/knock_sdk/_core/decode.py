"""HTTP answer → data, or a typed error."""

from __future__ import annotations

import logging
from functools import lru_cache
from typing import TYPE_CHECKING, Any, TypeVar, get_args, get_origin

from pydantic import BaseModel, TypeAdapter, ValidationError
from pydantic_core import SchemaValidator, from_json

from ..errors import KnockError
from ..errors._text import one_line
from .error_factory import invalid, status_error
from .lenient import build
from .type_guards import is_array, is_model, is_object

if TYPE_CHECKING:
    from .config import Config
    from .encode import Outgoing
    from .outcome import Answer
    from .request import Request

T = TypeVar("T")

log = logging.getLogger("knock_sdk")

_warned: set[object] = set()


def decode(request: Request[T], outgoing: Outgoing, answer: Answer, attempts: int, config: Config) -> T:
    """Return the data of a success, or raise the error that the answer stands for."""
    if not 200 <= answer.status < 300:
        raise status_error(outgoing, answer, attempts, config)
    try:
        value: T = _decode(request.answer, outgoing, answer, attempts, config)
    except KnockError:
        raise
    except Exception as error:  # a validator of the caller's own model may raise anything
        problem = f"it cannot be read ({type(error).__name__})"
        raise invalid(problem, outgoing, answer, attempts, config) from error
    return value


def _decode(expected: Any, outgoing: Outgoing, answer: Answer, attempts: int, config: Config) -> Any:
    try:
        if expected is object or expected is type(None):
            return _plain(expected, answer.body)
        value, known = _validate(expected, answer.body)
        if known:
            return value
        problem = "it holds none of the fields that are due"
    except ValidationError as error:
        problem = _what_is_wrong(error)
        if config.strict:
            problem = f"it does not fit {_name(expected)}: {problem}"
        elif (value := _lenient(expected, answer.body, problem)) is not None:
            return value
    except (ValueError, RecursionError):
        problem = "it is not JSON"
    raise invalid(problem, outgoing, answer, attempts, config)


def _plain(expected: Any, body: bytes) -> Any:
    """Return JSON as it is, or None where no data is due: there JSON is let pass, but no proxy's page."""
    if not body:
        return None  # whether a body is due is not known here
    value = from_json(body, allow_inf_nan=False)
    return value if expected is object else None


def _validate(expected: Any, body: bytes) -> tuple[Any, bool]:
    validator, needs_look = _validator(expected)
    value = validator.validate_json(body)
    if not needs_look:
        return value, True
    return value, _knows(value)


@lru_cache(maxsize=256)
def _validator(expected: Any) -> tuple[SchemaValidator | TypeAdapter[Any], bool]:
    """Return what validates a type, and whether its values may lack every field that the type knows."""
    if is_model(expected):
        needs_look = not any(field.is_required() for field in expected.model_fields.values())
        validator = expected.__pydantic_validator__
        if isinstance(validator, SchemaValidator):
            return validator, needs_look
        return TypeAdapter[Any](expected), needs_look
    return TypeAdapter[Any](expected), True


def _knows(value: object) -> bool:
    """Return whether a value has at least one field that its model knows; lists and plain data always do."""
    if isinstance(value, BaseModel):
        return not value.model_fields_set.isdisjoint(type(value).model_fields)
    if is_array(value):
        return all(_knows(element) for element in value)
    return True


def _lenient(expected: Any, body: bytes, problem: str) -> Any:
    """Build what can be built, if the body is JSON of the right kind with a known field; else return None."""
    try:
        raw = from_json(body, allow_inf_nan=False)
    except ValueError:
        return None
    of_list = get_origin(expected) is list
    model = get_args(expected)[0] if of_list else expected
    elements = raw if of_list else [raw]
    if not is_array(elements) or not all(_fits(model, element) for element in elements):
        return None
    if expected not in _warned:
        _warned.add(expected)
        log.warning("an answer does not fit %s and was read leniently: %s", _name(expected), problem)
    return build(expected, raw)


def _fits(model: Any, raw: object) -> bool:
    if not is_model(model):
        return False  # a caller's own type that is no model has no gaps to be left in
    names = {field.alias or name for name, field in model.model_fields.items()}
    return is_object(raw) and not names.isdisjoint(raw)


def _what_is_wrong(error: ValidationError) -> str:
    first = error.errors(include_url=False, include_context=False, include_input=False)[0]
    if first["type"] == "json_invalid":
        return "it is not JSON"
    place = ".".join(str(part) for part in first["loc"]) or "the answer"
    return one_line(f"{place}: {first['msg']}", 200)


def _name(expected: Any) -> str:
    return expected.__name__ if isinstance(expected, type) and not get_args(expected) else str(expected)
