"""The types that a caller chooses for responses, checked before anything is sent."""

from __future__ import annotations

from contextlib import suppress
from functools import lru_cache
from inspect import isroutine
from typing import Any, get_args, get_origin

from pydantic import BaseModel, TypeAdapter, ValidationError
from pydantic.errors import PydanticUndefinedAnnotation, PydanticUserError
from pydantic_core import SchemaValidator

from ...errors import InvalidArgumentError
from ..type_guards import is_model
from .decode import validator_of

_NOT_IN_JSON = frozenset({"callable", "is-instance", "is-subclass", "never"})
"""Kinds of Pydantic's schemas that accept no JSON value."""


def check_cast_to(expected: Any) -> None:
    """Raise InvalidArgumentError for whatever no response can be decoded to, such as an instance."""
    if isinstance(expected, str | bytes) or isroutine(expected):  # Pydantic reads names, and calls functions
        raise _refusal(expected)
    try:
        _check(expected)
    except InvalidArgumentError:
        raise
    except Exception as error:  # noqa: BLE001 - an instance may raise any exception when it is examined
        undefined = isinstance(error, PydanticUndefinedAnnotation) or (
            isinstance(error, PydanticUserError) and error.code == "class-not-fully-defined"
        )
        raise _refusal(expected, ", which refers to a type that is not defined" if undefined else "") from None


@lru_cache(maxsize=256)
def _check(expected: Any) -> None:
    model = get_args(expected)[0] if get_origin(expected) is list else expected
    if is_model(model) and (model is BaseModel or (model.__pydantic_complete__ and not model.model_fields)):
        raise _refusal(expected, ", whose model has no fields")
    validator, _ = validator_of(expected)
    if isinstance(validator, TypeAdapter):
        if validator.core_schema["type"] in _NOT_IN_JSON:
            raise _refusal(expected)
        if not isinstance(validator.validator, SchemaValidator):
            with suppress(ValidationError):
                validator.validate_json(b"null")  # builds what was left for later


def _refusal(expected: object, detail: str = "") -> InvalidArgumentError:
    return InvalidArgumentError(
        "cast_to",
        "must be a Pydantic model, a list of one, or another type that Pydantic reads from JSON, not "
        f"{_kind(expected)}{detail}; leave it out for plain JSON",
    )


def _kind(expected: object) -> str:
    """Describe a value without showing what an instance contains."""
    if get_origin(expected) is not None:
        return str(expected)
    if isinstance(expected, type):
        return f"the class {expected.__module__}.{expected.__qualname__}"
    return f"an instance of {type(expected).__name__}"
