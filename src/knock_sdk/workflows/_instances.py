"""Instances of models and dataclasses, checked as they are: they may have been changed, or made unchecked."""

from __future__ import annotations

import dataclasses
from collections.abc import Set as AbstractSet
from functools import lru_cache
from typing import Any, NamedTuple, Protocol

from pydantic import BaseModel, RootModel, TypeAdapter, ValidationError
from pydantic_core import ArgsKwargs, PydanticSerializationError, SchemaSerializer, SchemaValidator

from .._core.type_guards import is_items, is_mapping
from .._core.values.values import to_key
from ..errors import InvalidArgumentError
from ._forms import check_forms
from ._problems import refuse
from ._shapes import Shape, shape_of


def is_instance(value: object) -> bool:
    """Return whether a value is an instance of a model or a dataclass."""
    return isinstance(value, BaseModel) or (dataclasses.is_dataclass(value) and not isinstance(value, type))


def check(value: Any, path: str, shapes: tuple[Shape, ...] = ()) -> None:
    """Check all instances in a value, each against its class, and against the type that is declared at its place.

    Args:
        value: the value.
        path: its path, for errors.
        shapes: the shapes of the type that is declared for it; none if it is not known.

    Raises:
        InvalidArgumentError: An instance has a value that its class or the declared type does not accept, or two keys
            of a mapping become the same text; the error names the place.
    """
    if is_instance(value):
        _check_instance(value, path, shapes)
    elif is_mapping(value):
        _refuse_same_keys(value, path)
        for name, inner in value.items():
            check(inner, f"{path}.{name}", tuple(part for each in shapes for part in each.field(_own(each, name))))
    elif is_items(value):
        parts = tuple(part for each in shapes for part in each.items())
        for index, inner in enumerate(value):
            if isinstance(value, AbstractSet) and is_instance(inner):
                raise InvalidArgumentError(path, "is a set of objects, which Pydantic does not write: use a list")
            check(inner, f"{path}[{index}]", parts)
    elif isinstance(value, bool) and shapes:
        _refuse_equal(path, shapes)


def _check_instance(value: Any, path: str, shapes: tuple[Shape, ...]) -> None:
    own = shape_of(value.__class__)
    _check_fields(value, path, _adapter_of(value.__class__), value.__class__)
    declared = [each for each in shapes if each.is_class_of(value)]
    exact = [each for each in declared if each.schema["cls"] is value.__class__]
    accepting = _find_accepting(value, path, exact or declared) or ([] if own is None else [own])
    for each in accepting:
        check_forms(value, path, each, _checked_by(each).serializer)
    for name, inner in _held(value, value.__class__).items():
        parts = [part for each in accepting for part in each.field(name)]
        if not any(name in each.fields() for each in accepting) and own is not None:
            parts = [*parts, *own.field(name)]
        place = path if isinstance(value, RootModel) else f"{path}.{name_read(value.__class__, name)}"
        check(inner, place, tuple(parts))


def _find_accepting(value: Any, path: str, declared: list[Shape]) -> list[Shape]:
    """Return the declared types that accept an instance; raise the first problem if all refuse it."""
    accepting: list[Shape] = []
    problem: InvalidArgumentError | None = None
    for each in declared:
        cls = each.schema["cls"]
        is_checked = cls is value.__class__ and not (each.kind == "dataclass" and hasattr(cls, "__parameters__"))
        try:
            if not is_checked:
                _check_fields(value, path, _checked_by(each), cls)
        except InvalidArgumentError as error:
            problem = problem or error
        else:
            accepting.append(each)
    if problem is not None and not accepting:
        raise problem
    return accepting


@lru_cache(maxsize=1024)
def _checked_by(shape: Shape) -> Checks:
    """Return what checks and writes instances of a declared type."""
    cls = shape.schema["cls"]
    if shape.kind == "dataclass" and hasattr(cls, "__parameters__"):
        # The class itself does not know of its arguments, such as `int` in `Box[int]`.
        schema: Any = {"type": "definitions", "schema": shape.schema, "definitions": [*shape.definitions.values()]}
        return _Checks(SchemaValidator(schema), SchemaSerializer(schema))
    return _adapter_of(cls)


class Checks(Protocol):
    """What reads and writes instances of one type."""

    @property
    def validator(self) -> Any:
        """Reads."""

    @property
    def serializer(self) -> Any:
        """Writes."""


class _Checks(NamedTuple):
    validator: SchemaValidator
    serializer: SchemaSerializer


def _own(shape: Shape, key: Any) -> str:
    """Return the Python name of the field that a key of a mapping is for."""
    return next((name for name, field in shape.fields().items() if key in field.read), str(key))


def _refuse_same_keys(value: Any, path: str) -> None:
    if any(type(name) is not str for name in value) and len({to_key(name, path) for name in value}) < len(value):
        raise InvalidArgumentError(path, "has two keys that become the same text: rename one of them")


def _refuse_equal(path: str, shapes: tuple[Shape, ...]) -> None:
    """Refuse True and False for the literals 1 and 0, to which they are equal in Python but not in JSON."""
    if all(each.kind == "literal" for each in shapes) and not any(
        isinstance(expected, bool) for each in shapes for expected in each.schema["expected"]
    ):
        raise InvalidArgumentError(path, "must be one of the values of the type, not a boolean")


def fields_of(value: Any, cls: Any = None) -> dict[str, Any]:
    """Return what an instance holds, under the names that its class reads: aliases where there are any.

    Args:
        value: the instance.
        cls: the class whose fields are meant, if it is not the instance's own but one that this inherits from.
    """
    read_by = cls or value.__class__
    return {name_read(read_by, name): inner for name, inner in _held(value, read_by).items()}


def _held(value: Any, cls: Any) -> dict[str, Any]:
    """Return what an instance holds by the Python names of a class's fields, and further fields."""
    if isinstance(value, BaseModel):
        held = {name: inner for name, inner in vars(value).items() if name in cls.model_fields}
        held.update(value.model_extra or {})
        return held
    return {
        field.name: getattr(value, field.name)
        for field in dataclasses.fields(cls)
        if field.init and hasattr(value, field.name)
    }


def name_read(cls: Any, name: str) -> str:
    """Return the name under which a class reads a field: its alias, if it has one."""
    fields: dict[str, Any] = getattr(cls, "__pydantic_fields__", {})
    alias = getattr(fields.get(name), "validation_alias", None)
    return alias if isinstance(alias, str) else name


def _check_fields(value: Any, path: str, own: Checks, cls: Any) -> None:
    """Check one instance as one of a class, apart from the instances in it.

    The class must accept what it holds, and write what it has read as it writes the instance itself. Where a validator
    changes the value each time, such as one that doubles a number, it is enough that the values are of their types.
    """
    fields = fields_of(value, cls)
    problem: InvalidArgumentError | None = None
    try:
        read = construct(own, cls, fields, strict=True)
        accepted = _is_of_its_types(own, value)
    except ValidationError as error:
        problem, accepted = refuse(error, fields, path), False
        read = None
    if read is None:
        # Pydantic's strict mode refuses some values that an instance may well hold, such as a list for a tuple.
        try:
            read = construct(own, cls, fields, strict=None)
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


def construct(own: Checks, cls: Any, fields: Any, *, strict: bool | None) -> Any:
    """Return a new instance of a class with some fields, without a call of its own `__init__`."""
    given: Any = fields
    empty: Any = object.__new__(cls)
    if issubclass(cls, RootModel):
        given = fields.get("root")
    elif not issubclass(cls, BaseModel):
        given = ArgsKwargs((), fields)
    return own.validator.validate_python(given, strict=strict, self_instance=empty, by_alias=True, by_name=True)


def _is_of_its_types(own: Checks, value: Any) -> bool:
    """Return whether the serializer finds each value of the type that it expects."""
    try:
        own.serializer.to_python(value, by_alias=True, warnings="error")
    except (PydanticSerializationError, TypeError):  # TypeError: it would make a set of what cannot be hashed
        return False
    return True


def _write(own: Checks, value: Any) -> bytes | None:
    """Return an instance as JSON; None where it cannot be written, which the encoding of the whole reports."""
    try:
        written: bytes = own.serializer.to_json(value, by_alias=True, warnings=False)
    except PydanticSerializationError:
        return None
    return written


@lru_cache(maxsize=1024)
def _adapter_of(cls: Any) -> TypeAdapter[Any]:
    return TypeAdapter(cls)
