"""Instances of models and dataclasses, checked as they are: they may have been changed, or made unchecked."""

from __future__ import annotations

import dataclasses
from functools import lru_cache
from typing import Any

from pydantic import BaseModel, RootModel, TypeAdapter, ValidationError
from pydantic_core import ArgsKwargs, PydanticSerializationError

from .._core.type_guards import is_items, is_mapping
from ..errors import InvalidArgumentError
from ._problems import refuse


def is_instance(value: object) -> bool:
    """Return whether a value is an instance of a model or a dataclass."""
    return isinstance(value, BaseModel) or (dataclasses.is_dataclass(value) and not isinstance(value, type))


def check(value: Any, path: str, adapter: TypeAdapter[Any] | None = None) -> None:
    """Check all instances in a value.

    Args:
        value: the value.
        path: its path, for errors.
        adapter: for a value that is an instance, the adapter of its type, if that is not its class.

    Raises:
        InvalidArgumentError: An instance has a value that its class does not accept; the error names the place.
    """
    if is_instance(value):
        _check_fields(value, path, adapter or _adapter_of(value.__class__))
        for name, inner in fields_of(value).items():
            check(inner, f"{path}.{name}")
    elif is_mapping(value):
        for name, inner in value.items():
            check(inner, f"{path}.{name}")
    elif is_items(value):
        for index, inner in enumerate(value):
            check(inner, f"{path}[{index}]")


def fields_of(value: Any) -> dict[str, Any]:
    """Return what an instance holds, under the names that its class reads: aliases where there are any."""
    cls: Any = value.__class__
    if isinstance(value, BaseModel):
        held = {name: inner for name, inner in vars(value).items() if name in cls.model_fields}
        held.update(value.model_extra or {})
    else:
        held = {
            field.name: getattr(value, field.name)
            for field in dataclasses.fields(value)
            if field.init and hasattr(value, field.name)
        }
    return {name_read(cls, name): inner for name, inner in held.items()}


def name_read(cls: Any, name: str) -> str:
    """Return the name under which a class reads a field: its alias, if it has one."""
    fields: dict[str, Any] = getattr(cls, "__pydantic_fields__", {})
    alias = getattr(fields.get(name), "validation_alias", None)
    return alias if isinstance(alias, str) else name


def _check_fields(value: Any, path: str, own: TypeAdapter[Any]) -> None:
    """Check one instance, apart from the instances in it.

    Its class must accept what it holds, and write what it has read as it writes the instance itself. Where a validator
    changes the value each time, such as one that doubles a number, it is enough that the values are of their types.
    """
    fields = fields_of(value)
    problem: InvalidArgumentError | None = None
    try:
        read = _construct(own, value, fields, strict=True)
        accepted = _is_of_its_types(own, value)
    except ValidationError as error:
        problem, accepted = refuse(error, fields, path), False
        read = None
    if read is None:
        # Pydantic's strict mode refuses some values that an instance may well hold, such as a list for a tuple.
        try:
            read = _construct(own, value, fields, strict=None)
        except ValidationError as error:
            problem = refuse(error, fields, path)
    if accepted or (read is not None and _write(own, read) == _write(own, value)):
        return
    raise problem or InvalidArgumentError(
        _place_of_conversion(value, read, path), "is of another type, which was not converted: make a new instance"
    )


def _place_of_conversion(value: Any, read: Any, path: str) -> str:
    """Return the path of the first field that has another type than what its class has read."""
    held = fields_of(value)
    for name, inner in fields_of(read).items():
        if type(inner) is not type(held.get(name)):
            return f"{path}.{name}"
    return path


def _construct(own: TypeAdapter[Any], value: object, fields: dict[str, Any], *, strict: bool | None) -> Any:
    given: Any = fields
    empty: Any = object.__new__(value.__class__)
    if isinstance(value, RootModel):
        given = fields.get("root")
    elif not isinstance(value, BaseModel):
        given = ArgsKwargs((), fields)
    return own.validator.validate_python(given, strict=strict, self_instance=empty, by_alias=True, by_name=True)


def _is_of_its_types(own: TypeAdapter[Any], value: Any) -> bool:
    """Return whether the serializer finds each value of the type that it expects."""
    try:
        own.serializer.to_python(value, by_alias=True, warnings="error")
    except PydanticSerializationError:
        return False
    return True


def _write(own: TypeAdapter[Any], value: Any) -> bytes | None:
    """Return an instance as JSON; None where it cannot be written, which the encoding of the whole reports."""
    try:
        return own.serializer.to_json(value, by_alias=True, warnings=False)
    except PydanticSerializationError:
        return None


@lru_cache(maxsize=1024)
def _adapter_of(cls: Any) -> TypeAdapter[Any]:
    return TypeAdapter(cls)
