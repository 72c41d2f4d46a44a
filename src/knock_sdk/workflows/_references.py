"""References and definitions within a JSON schema."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote

from .._core.type_guards import is_array, is_object

if TYPE_CHECKING:
    from collections.abc import Iterator

DEFINITIONS = frozenset({"$defs", "definitions"})

_SAFE = re.compile(r"[A-Za-z][A-Za-z0-9_-]*")
_UNSAFE = re.compile(r"[^A-Za-z0-9_-]+")


def safe_names(schema: Any) -> dict[str, str]:
    """Return names for all definitions in a schema that class names can be made of; all are different.

    The generator of models takes a dot in a name for the path of a module.
    """
    names = dict.fromkeys(_definitions(schema))
    used = {name for name in names if _SAFE.fullmatch(name)}
    chosen = {name: name for name in used}
    for name in names:
        if name not in chosen:
            wanted = free = "Definition" + _UNSAFE.sub("_", name)
            number = 2
            while free in used:
                free, number = f"{wanted}_{number}", number + 1
            used.add(free)
            chosen[name] = free
    return chosen


def _definitions(schema: Any) -> Iterator[str]:
    if is_object(schema):
        for name, value in schema.items():
            if name in DEFINITIONS and is_object(value):
                yield from value
            yield from _definitions(value)
    elif is_array(schema):
        for value in schema:
            yield from _definitions(value)


def rename(reference: object, names: dict[str, str]) -> str:
    """Return a reference after its definitions got other names.

    Raises:
        ValueError: It leads out of its schema.
    """
    if not isinstance(reference, str) or not reference.startswith("#"):
        raise ValueError(
            f"refers to {reference!r}: a $ref must stay within its schema, as '#/definitions/…' does; "
            "copy what it refers to into `definitions`"
        )
    before = ""
    parts: list[str] = []
    for part in reference.split("/"):
        parts.append(names.get(_plain(part), part) if before in DEFINITIONS else part)
        before = part
    return "/".join(parts)


def may_be_object(schema: Any, root: Any, seen: frozenset[str] = frozenset()) -> bool:
    """Return whether a schema can allow an object; one that only refers to itself cannot.

    Args:
        schema: the schema.
        root: the schema that references begin at.
        seen: the references that led here.
    """
    if not is_object(schema):
        return schema is not False
    if (reference := schema.get("$ref")) is not None:
        return reference not in seen and may_be_object(_resolve(reference, root), root, seen | {reference})
    kinds = schema.get("type", "object")
    values: Any = schema.get("enum")
    return (
        "object" in (kinds if is_array(kinds) else [kinds])
        and is_object(schema.get("const", {}))
        and schema.get("not") is not True
        and schema.get("not") != {}
        and (not is_array(values) or any(is_object(value) for value in values))
        and all(may_be_object(part, root, seen) for part in schema.get("allOf") or ())
        and all(
            any(may_be_object(part, root, seen) for part in schema.get(name) or (True,)) for name in ("anyOf", "oneOf")
        )
    )


def _resolve(reference: Any, root: Any) -> Any:
    """Return what a reference refers to, or True, which allows everything: the generator reports what is missing."""
    found = root
    for part in str(reference).split("/")[1:]:
        plain = _plain(part)
        if is_object(found) and plain in found:
            found = found[plain]
        elif is_array(found) and plain.isdecimal() and int(plain) < len(found):
            found = found[int(plain)]
        else:
            return True
    return found


def _plain(part: str) -> str:
    """Return a part of a JSON pointer in a URI without escapes."""
    return unquote(part).replace("~1", "/").replace("~0", "~")
