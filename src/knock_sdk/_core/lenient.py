"""Models from answers that do not fit them: what fits is typed, the rest stays as it came."""

from __future__ import annotations

from functools import lru_cache
from types import UnionType
from typing import TYPE_CHECKING, Annotated, Any, Union, get_args, get_origin

from pydantic import BaseModel, TypeAdapter, ValidationError

from .type_guards import is_array, is_model, is_object

if TYPE_CHECKING:
    from pydantic.fields import FieldInfo


def build(annotation: Any, raw: Any) -> Any:
    """Return `raw` as the annotated type where it fits, as a model with gaps where it nearly does, else unchanged."""
    try:
        return _adapter(annotation).validate_python(raw)
    except ValidationError:
        pass
    if is_array(raw) and (array := _arm(annotation, list)):
        return [build(get_args(array)[0], inner) for inner in raw]
    if is_object(raw):
        if model := _nearest(annotation, raw):
            return _build_model(model, raw)
        if mapping := _arm(annotation, dict):
            return {name: build(get_args(mapping)[1], inner) for name, inner in raw.items()}
    return raw


def _arms(annotation: Any) -> list[Any]:
    """Return the types that a value may have; what is said of them beside their names is left out."""
    origin = get_origin(annotation)
    if origin is Annotated:
        return _arms(get_args(annotation)[0])
    if origin in (Union, UnionType):
        return [arm for part in get_args(annotation) for arm in _arms(part)]
    return [annotation]


def _arm(annotation: Any, origin: type) -> Any:
    """Return the first of a union's arms that is a list or a dict of something."""
    return next((arm for arm in _arms(annotation) if get_origin(arm) is origin), None)


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
            # A field that is due and missing reads as None, like one that may be missing.
            values[name] = None if field.is_required() else field.get_default(call_default_factory=True)
    built = model.model_construct(_fields_set=given, **values)
    if (extra := built.__pydantic_extra__) is not None:
        # Not among the arguments above: a name of the answer could be that of one of the method's own parameters.
        extra.update((key, inner) for key, inner in unknown.items() if key not in values)
        built.__pydantic_fields_set__.update(extra)
    return built


def _annotation(field: FieldInfo) -> Any:
    return Annotated[(field.annotation, *field.metadata)] if field.metadata else field.annotation


def _nearest(annotation: Any, raw: dict[str, Any]) -> type[BaseModel] | None:
    """Return the model among a union's arms that `__typename` names, or else the one that knows most of the fields."""
    models = [arm for arm in _arms(annotation) if is_model(arm)]
    named = [model for model in models if model.__name__ == raw.get("__typename")]
    if named:
        return named[0]
    best = max(models, key=lambda model: _known(model, raw), default=None)
    return best if best is not None and _known(best, raw) else None


def _known(annotation: Any, raw: Any) -> int:
    """Count the fields, at any depth, that a type knows."""
    if is_array(raw):
        array = _arm(annotation, list)
        return sum(_known(get_args(array)[0], inner) for inner in raw) if array else 0
    if not is_object(raw):
        return 0
    return max(
        (
            sum(1 + _known(field.annotation, raw[key]) for key, field in _fields(arm) if key in raw)
            for arm in _arms(annotation)
            if is_model(arm)
        ),
        default=0,
    )


def _fields(model: type[BaseModel]) -> list[tuple[str, FieldInfo]]:
    return [(field.alias or name, field) for name, field in model.model_fields.items()]


@lru_cache(maxsize=512)
def _adapter(annotation: Any) -> TypeAdapter[Any]:
    return TypeAdapter(annotation)
