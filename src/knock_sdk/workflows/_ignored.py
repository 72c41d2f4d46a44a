"""Keys that Pydantic leaves out without a word when it reads a mapping."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from .._core.type_guards import is_items, is_mapping
from .._core.values.values import to_plain
from ..errors import InvalidArgumentError
from ._problems import UNKNOWN_FIELD

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ._shapes import Field, Shape

_TWICE = "is another name of a field that is given already: leave one of them out"


def refuse_ignored(given: Any, read: Any, path: str, shapes: tuple[Shape, ...]) -> None:
    """Refuse what a type has read as less, or as something else, than was given.

    Args:
        given: what was read.
        read: what the type made of it.
        path: its path, for errors.
        shapes: the shapes of the type.

    Raises:
        InvalidArgumentError: A key is not that of a field, two keys are of the same field, or bytes became text.
    """
    if isinstance(given, bytes | bytearray) and isinstance(read, str):
        to_plain(given, path)
    elif is_mapping(given):
        _refuse_keys(given, read, path, shapes)
    elif is_items(given) and is_items(read) and len(given) == len(read):
        parts = tuple(part for each in shapes for part in each.items())
        for index, (inner, kept) in enumerate(zip(given, read, strict=True)):
            refuse_ignored(inner, kept, f"{path}[{index}]", parts)


def _refuse_keys(given: Mapping[Any, Any], read: Any, path: str, shapes: tuple[Shape, ...]) -> None:
    roots = [each for each in shapes if each.is_class_of(read) and each.schema.get("root_model")]
    if roots:
        refuse_ignored(given, read.root, path, tuple(part for each in roots for part in each.field("root")))
        return
    parts = tuple(part for each in shapes if each.kind == "dict" for part in each.field(""))
    if is_mapping(read) and any(each.kind == "dict" for each in shapes):
        for name in given.keys() & read.keys():
            refuse_ignored(given[name], read[name], f"{path}.{name}", parts)
    elif found := [each for each in shapes if _has_read(each, read)]:
        # Of several that fit, such as two typed dicts with the same fields, the one that knows most of the keys.
        _refuse_fields(given, read, path, max(found, key=lambda each: len(given.keys() & _by_key(each).keys())))


def _has_read(shape: Shape, read: Any) -> bool:
    """Return whether a type may have made a value."""
    if is_mapping(read):
        return shape.kind == "typed-dict" and shape.fields().keys() >= read.keys()
    return shape.is_class_of(read)


def _refuse_fields(given: Mapping[Any, Any], read: Any, path: str, shape: Shape) -> None:
    for field in shape.fields().values():
        for name in [each for each in field.read if each in given][1:]:
            raise InvalidArgumentError(f"{path}.{name}", _TWICE)
    fields = _by_key(shape)
    for name, inner in given.items():
        if (own := fields.get(name)) is not None:
            kept = read.get(own.name) if is_mapping(read) else getattr(read, own.name, None)
            refuse_ignored(inner, kept, f"{path}.{name}", shape.field(own.name))
        elif not shape.keeps_others():
            raise InvalidArgumentError(f"{path}.{name}", UNKNOWN_FIELD)


def _by_key(shape: Shape) -> dict[str, Field]:
    """Return the fields that can be given, by each of the names under which they are read."""
    return {name: field for field in shape.fields().values() if field.is_read for name in field.read}
