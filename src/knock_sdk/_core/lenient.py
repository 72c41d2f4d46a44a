"""Models from answers that do not fit them: what fits is typed, the rest stays as it came."""

from __future__ import annotations

from functools import lru_cache
from types import UnionType
from typing import TYPE_CHECKING, Annotated, Any, Union, get_args, get_origin

from pydantic import BaseModel, TypeAdapter, ValidationError

from .narrow import is_array, is_object

if TYPE_CHECKING:
    from pydantic.fields import FieldInfo


def build(annotation: Any, raw: Any) -> Any:
    """Return `raw` as the annotated type where it fits, as a model with gaps where it nearly does, else unchanged."""
    try:
        return _adapter(annotation).validate_python(raw)
    except ValidationError:
        pass
    if get_origin(annotation) is Annotated:
        annotation = get_args(annotation)[0]
    if is_array(raw) and (array := _arm(annotation, list)):
        return [build(get_args(array)[0], inner) for inner in raw]
    if is_object(raw):
        if model := _nearest(annotation, raw):
            return _build_model(model, raw)
        if mapping := _arm(annotation, dict):
            return {name: build(get_args(mapping)[1], inner) for name, inner in raw.items()}
    return raw


def _arms(annotation: Any) -> tuple[Any, ...]:
    return get_args(annotation) if get_origin(annotation) in (Union, UnionType) else (annotation,)


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
    return model.model_construct(_fields_set=given | unknown.keys(), **values, **unknown)


def _annotation(field: FieldInfo) -> Any:
    return Annotated[(field.annotation, *field.metadata)] if field.metadata else field.annotation


def _nearest(annotation: Any, raw: dict[str, Any]) -> type[BaseModel] | None:
    """Return the model among a union's arms that knows most of the fields."""
    best: type[BaseModel] | None = None
    most = 0
    for arm in _arms(annotation):
        bare = get_args(arm)[0] if get_origin(arm) is Annotated else arm
        if isinstance(bare, type) and issubclass(bare, BaseModel):
            known = sum((field.alias or name) in raw for name, field in bare.model_fields.items())
            if known > most:
                best, most = bare, known
    return best


@lru_cache(maxsize=512)
def _adapter(annotation: Any) -> TypeAdapter[Any]:
    return TypeAdapter(annotation)
