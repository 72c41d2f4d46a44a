"""Shapes of types: the fields, names and parts that Pydantic's core schema of a type has."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Any, NamedTuple

from pydantic import TypeAdapter

from .._core.type_guards import is_array, is_object

if TYPE_CHECKING:
    from collections.abc import Iterator

_WHOLE = frozenset(
    {"model", "dataclass", "typed-dict", "dict", "list", "set", "frozenset", "tuple", "generator", "literal"}
)
_INNER = ("schema", "lax_schema", "strict_schema", "python_schema")
_CONVERTING = frozenset({"function-before", "function-wrap", "function-plain"})


class Field(NamedTuple):
    """A field of a model, a dataclass or a typed dict."""

    name: str
    """Its name in Python."""
    read: tuple[str, ...]
    """The names under which it is read, aliases first."""
    written: str
    """The name under which it is sent."""
    is_read: bool
    """Whether it can be given: computed fields, and those that `__init__` does not take, cannot."""
    schema: Any
    """Its core schema."""


class Shape:
    """One type without what stands around it, such as `| None`, a default or a validator.

    Its parts are found once, so that a shape serves as the key of a cache.
    """

    def __init__(self, schema: Any, definitions: dict[str, Any]) -> None:
        """Store the core schema, and those that it refers to."""
        self.schema = schema
        self.definitions = definitions
        self._fields: dict[str, Field] | None = None
        self._parts: dict[str, tuple[Shape, ...]] = {}

    @property
    def kind(self) -> str:
        """The type of the core schema, such as `model` or `list`."""
        kind: str = self.schema["type"]
        return kind

    def is_class_of(self, value: object) -> bool:
        """Return whether the type is a class of models or dataclasses, and a value is an instance of it."""
        return self.kind in ("model", "dataclass") and isinstance(value, self.schema["cls"])

    def fields(self) -> dict[str, Field]:
        """Return the fields by their Python names, also computed ones; none for other types."""
        if self._fields is None:
            self._fields = self._find_fields()
        return self._fields

    def _find_fields(self) -> dict[str, Field]:
        inner = _fields_schema(self.schema)
        given: Any = inner.get("fields", {})
        pairs: list[tuple[str, Any]] = (
            [*given.items()] if is_object(given) else [(each["name"], each) for each in given]
        )
        found = {
            name: Field(
                name,
                (*_aliases(each.get("validation_alias")), name),
                each.get("serialization_alias") or name,
                each.get("init", True),
                each["schema"],
            )
            for name, each in pairs
        }
        for each in inner.get("computed_fields", ()):
            name = each["property_name"]
            found[name] = Field(name, (), each.get("alias") or name, is_read=False, schema=each["return_schema"])
        return found

    def keeps_others(self) -> bool:
        """Return whether keys that are no fields are kept, or are read by a validator of the whole object."""
        inner = _fields_schema(self.schema)
        config: Any = self.schema.get("config") or {}
        return bool(
            not inner
            or (inner.get("extra_behavior") or config.get("extra_fields_behavior")) == "allow"
            or self.schema.get("schema", {}).get("type") in _CONVERTING
        )

    def field(self, name: str) -> tuple[Shape, ...]:
        """Return the shapes of a field, by its Python name; of a dict's values, for any name."""
        key = "" if self.kind == "dict" else name
        if (parts := self._parts.get(key)) is None:
            parts = self._parts[key] = self.of(self._part(name))
        return parts

    def _part(self, name: str) -> Any:
        if self.kind == "dict":
            return self.schema.get("values_schema")
        if self.kind == "model" and self.schema.get("root_model"):
            return self.schema["schema"]
        found = self.fields().get(name)
        return found.schema if found is not None and found.is_read else None

    def items(self) -> tuple[Shape, ...]:
        """Return the shapes of the items of a list, a set or a tuple."""
        items: Any = self.schema.get("items_schema") if self.kind not in ("model", "dataclass", "typed-dict") else None
        if "[]" not in self._parts:
            listed: Any = items if is_array(items) else [items]
            self._parts["[]"] = tuple(shape for each in listed for shape in self.of(each))
        return self._parts["[]"]

    def of(self, schema: Any) -> tuple[Shape, ...]:
        """Return the shapes in a core schema that is a part of this one."""
        return tuple(_expand(schema, self.definitions, frozenset()))


@lru_cache(maxsize=1024)
def shapes_of(data_type: Any) -> tuple[Shape, ...]:
    """Return the shapes of a type: several for a union."""
    return tuple(_expand(TypeAdapter(data_type).core_schema, {}, frozenset()))


def shape_of(cls: Any) -> Shape | None:
    """Return the shape of a class of models or dataclasses; None if Pydantic's schema for it is another."""
    return next((each for each in shapes_of(cls) if each.schema.get("cls") is cls), None)


def _expand(schema: Any, definitions: dict[str, Any], seen: frozenset[str]) -> Iterator[Shape]:
    if not is_object(schema):
        return
    kind: str = schema["type"]
    if kind in _WHOLE:
        yield Shape(schema, definitions)
        return
    if kind == "definitions":
        definitions = {**definitions, **{each["ref"]: each for each in schema["definitions"]}}
    if kind == "definition-ref":
        reference = schema["schema_ref"]
        if reference not in seen:
            yield from _expand(definitions.get(reference), definitions, seen | {reference})
        return
    choices: Any = schema.get("choices") or schema.get("steps") or ()
    for each in choices.values() if is_object(choices) else choices:
        yield from _expand(each[0] if isinstance(each, tuple) else each, definitions, seen)
    for name in _INNER:
        yield from _expand(schema.get(name), definitions, seen)


def _fields_schema(schema: Any) -> dict[str, Any]:
    """Return the part of a core schema that has the fields."""
    while is_object(schema):
        if "fields" in schema and schema["type"] != "dataclass":
            return schema
        schema = schema.get("schema")
    return {}


def _aliases(alias: Any) -> tuple[str, ...]:
    """Return the keys at which an alias, some aliases, or paths begin."""
    if alias is None or isinstance(alias, str):
        return () if alias is None else (alias,)
    if alias and isinstance(alias[0], list):
        return tuple(str(path[0]) for path in alias)
    return (str(alias[0]),)
