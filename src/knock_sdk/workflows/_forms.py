"""What authors' serializers and computed fields write, checked against what they say that they return."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pydantic import ValidationError
from pydantic_core import PydanticSerializationError, SchemaValidator, from_json, to_json

from .._core.type_guards import is_object
from ..errors import InvalidArgumentError

if TYPE_CHECKING:
    from pydantic_core import SchemaSerializer

    from ._shapes import Shape

_SIMPLE = frozenset({"int", "str", "bool", "date", "datetime", "uuid"})
"""Types whose JSON a strict validator accepts and all other JSON not."""
_OTHER = "is written as another type than its serializer or property says: correct the annotation of what it returns"


def check_forms(value: Any, path: str, shape: Shape, serializer: SchemaSerializer) -> None:
    """Check what the serializers and computed fields of an instance write.

    Args:
        value: the instance.
        path: its path, for errors.
        shape: the shape of its class.
        serializer: the serializer of the class.

    Raises:
        InvalidArgumentError: One writes another type than its annotation says; the error names the field.
    """
    returned = [(each, form) for each in shape.fields().values() if (form := _returned(each.schema, each.is_read))]
    if not returned:
        return
    try:
        written = from_json(serializer.to_json(value, by_alias=True, warnings=False))
    except PydanticSerializationError:
        return  # the encoding of the whole reports it
    for field, form in returned:
        if is_object(written) and field.written in written and not _is_valid(form, written[field.written]):
            raise InvalidArgumentError(f"{path}.{field.written}", _OTHER)


def _is_valid(schema: Any, written: Any) -> bool:
    try:
        SchemaValidator(schema).validate_json(to_json(written), strict=True)
    except ValidationError:
        return False
    return True


def _returned(schema: Any, is_read: bool) -> Any:
    """Return the core schema of what an author's function writes, if it is one that JSON can be checked against."""
    if is_read:
        while is_object(schema) and "serialization" not in schema:
            schema = schema.get("schema")
        serialization: dict[str, Any] = schema["serialization"] if is_object(schema) else {}
        if serialization.get("when_used", "always") not in ("always", "json"):
            return None
        schema = serialization.get("return_schema") if serialization.get("type", "").startswith("function-") else None
    elif is_object(schema) and "serialization" in schema:
        return None  # a serializer of a computed field writes another form
    return schema if _is_simple(schema) else None


def _is_simple(schema: Any) -> bool:
    if not is_object(schema):
        return False
    kind: Any = schema["type"]
    if kind in ("nullable", "list"):
        return _is_simple(schema.get("schema") or schema.get("items_schema"))
    return kind in _SIMPLE and "serialization" not in schema
