"""Lenient decoding: of a response that does not match its model, matching fields are typed, the rest stay raw."""

from __future__ import annotations

from functools import lru_cache
from types import UnionType
from typing import TYPE_CHECKING, Annotated, Any, Union, get_args, get_origin

from pydantic import BaseModel, TypeAdapter, ValidationError

from ..type_guards import is_array, is_model, is_object
from .model import Model, mark_gaps

if TYPE_CHECKING:
    from pydantic.fields import FieldInfo


def build(annotation: Any, raw: Any) -> Any:
    """Return `raw` as the annotated type if it matches, else as the nearest model with gaps, else unchanged."""
    try:
        return _adapter(annotation).validate_python(raw)
    except ValidationError:
        pass
    if is_array(raw) and (array := _find_member(annotation, list)):
        return [build(get_args(array)[0], inner) for inner in raw]
    if is_object(raw):
        if model := _nearest(annotation, raw):
            return _build_model(model, raw)
        if mapping := _find_member(annotation, dict):
            return {name: build(get_args(mapping)[1], inner) for name, inner in raw.items()}
    return raw


def _members(annotation: Any) -> list[Any]:
    """Return the members of a union, or the type itself, without annotations."""
    origin = get_origin(annotation)
    if origin is Annotated:
        return _members(get_args(annotation)[0])
    if origin in (Union, UnionType):
        return [member for inner in get_args(annotation) for member in _members(inner)]
    return [annotation]


def _find_member(annotation: Any, origin: type) -> Any:
    """Return the first member of a union that is a list or dict with type arguments, None if there is none."""
    return next((member for member in _members(annotation) if get_origin(member) is origin), None)


def _build_model(model: type[BaseModel], raw: dict[str, Any]) -> BaseModel:
    values: dict[str, Any] = {}
    given: set[str] = set()
    unknown = dict(raw)
    for name, field in model.model_fields.items():
        key = field.alias or name
        if key in unknown:
            values[name] = build(_annotation(field), unknown.pop(key))
            given.add(name)
        else:
            # A required field that is missing reads as None, like an optional one.
            values[name] = None if field.is_required() else field.get_default(call_default_factory=True)
    built = model.model_construct(_fields_set=given, **values)
    if (extra := built.__pydantic_extra__) is not None:
        # Not passed as arguments above: a name in the response could be that of a parameter of model_construct.
        extra.update((key, inner) for key, inner in unknown.items() if key not in values)
        built.__pydantic_fields_set__.update(extra)
    if isinstance(built, Model):
        mark_gaps(built)
    return built


def _annotation(field: FieldInfo) -> Any:
    return Annotated[(field.annotation, *field.metadata)] if field.metadata else field.annotation


def _nearest(annotation: Any, raw: dict[str, Any]) -> type[BaseModel] | None:
    """Return the member of a union that `__typename` names, else the model with the most known fields, if any."""
    models = [member for member in _members(annotation) if is_model(member)]
    named = [model for model in models if model.__name__ == raw.get("__typename")]
    if named:
        return named[0]
    best = max(models, key=lambda model: _count_known(model, raw), default=None)
    return best if best is not None and _count_known(best, raw) else None


def _count_known(annotation: Any, raw: Any) -> int:
    """Count the fields, at any depth, that a type knows."""
    if is_array(raw):
        array = _find_member(annotation, list)
        return sum(_count_known(get_args(array)[0], inner) for inner in raw) if array else 0
    if not is_object(raw):
        return 0
    return max(
        (
            sum(1 + _count_known(field.annotation, raw[key]) for key, field in _fields(member) if key in raw)
            for member in _members(annotation)
            if is_model(member)
        ),
        default=0,
    )


def _fields(model: type[BaseModel]) -> list[tuple[str, FieldInfo]]:
    return [(field.alias or name, field) for name, field in model.model_fields.items()]


@lru_cache(maxsize=512)
def _adapter(annotation: Any) -> TypeAdapter[Any]:
    return TypeAdapter(annotation)
