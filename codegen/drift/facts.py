"""Facts of a schema where it is used: types, null, required properties, limits and deprecation.

As with shapes, the notation makes no difference: `nullable: true`, a list of types, an arm `{type: 'null'}` and a type
that only the enum values show are the same.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

from codegen.drift.document import as_list, as_mapping

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from codegen.drift.document import Document, Node

Types: TypeAlias = "frozenset[str] | None"
"""Names of JSON types, `null` among them; None if anything is admitted."""
Change: TypeAlias = tuple[str, str, str]
"""Sign, group and text of a difference."""

CHANGED = "~"
LIMITS = (
    "format",
    "pattern",
    *("minItems", "maxItems", "uniqueItems", "minLength", "maxLength", "minProperties", "maxProperties"),
    *("minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf"),
)

_NULL = frozenset({"null"})
_JSON_TYPES: Mapping[type, str] = {
    type(None): "null",
    bool: "boolean",
    int: "integer",
    float: "number",
    str: "string",
    list: "array",
    dict: "object",
}
_UNIONS = ("anyOf", "oneOf")


@dataclass(frozen=True)
class Facts:
    """What holds of a schema beside its fields and values."""

    types: Types
    required: frozenset[str]
    limits: frozenset[tuple[str, str]]
    """Name and value of each limit of the schema, of those that it refers to, and of arms that are no objects."""
    deprecated: bool

    def limit(self, name: str) -> str:
        """Return the values of a limit, or `none`."""
        return ", ".join(sorted(value for key, value in self.limits if key == name)) or "none"


class Reader:
    """Reader of the facts of one document."""

    def __init__(self, document: Document) -> None:
        """Store the document, in which references are looked up."""
        self._document = document

    def facts(self, schemas: Sequence[Node]) -> Facts:
        """Return the facts of a schema, or of several that are arms of a union."""
        types = [self.types(schema, ()) for schema in schemas]
        required = [self._required(schema, ()) for schema in schemas if self._takes_objects(schema)]
        return Facts(
            types=_any_of(types),
            required=_all_of(required),
            limits=frozenset(limit for schema in schemas for limit in self._limits(schema, ())),
            deprecated=bool(schemas) and all(self._is_deprecated(schema, ()) for schema in schemas),
        )

    def types(self, schema: Node, seen: tuple[int, ...] = ()) -> Types:
        """Return the types that a schema admits."""
        if id(schema) in seen:
            return None
        seen = (*seen, id(schema))
        found = _own_types(schema)
        for inner in self._combined(schema):
            found = _both(found, self.types(inner, seen))
        for key in _UNIONS:
            arms = [self.types(as_mapping(arm), seen) for arm in as_list(schema.get(key))]
            found = _both(found, _any_of(arms))
        return found | _NULL if found and schema.get("nullable") is True else found

    def _combined(self, schema: Node) -> Iterator[Node]:
        """Yield the schemas that hold together with this one."""
        if isinstance(schema.get("$ref"), str):
            yield as_mapping(self._document.lookup(schema["$ref"]))
        yield from map(as_mapping, as_list(schema.get("allOf")))

    def _required(self, schema: Node, seen: tuple[int, ...]) -> frozenset[str]:
        if id(schema) in seen:
            return frozenset()
        seen = (*seen, id(schema))
        found = frozenset(map(str, as_list(schema.get("required"))))
        for inner in self._combined(schema):
            found |= self._required(inner, seen)
        for key in _UNIONS:
            arms = [arm for arm in map(as_mapping, as_list(schema.get(key))) if self._takes_objects(arm)]
            found |= _all_of([self._required(arm, seen) for arm in arms])
        return found

    def _takes_objects(self, arm: Node) -> bool:
        types = self.types(arm)
        return types is None or "object" in types

    def _limits(self, schema: Node, seen: tuple[int, ...]) -> Iterator[tuple[str, str]]:
        if id(schema) in seen:
            return
        seen = (*seen, id(schema))
        for name in LIMITS:
            value = schema.get(name)
            if value is not None and value is not False:
                yield name, str(value)
        for inner in self._combined(schema):
            yield from self._limits(inner, seen)
        arms = [arm for key in _UNIONS for arm in map(as_mapping, as_list(schema.get(key))) if self.types(arm) != _NULL]
        for arm in arms:
            if len(arms) == 1 or not self._has_parts(arm):
                yield from self._limits(arm, seen)

    def _has_parts(self, arm: Node) -> bool:
        """Return whether an arm has a shape of its own, which is compared with that of another arm."""
        types = self.types(arm)
        return types is None or bool(types & {"object", "array"})

    def _is_deprecated(self, schema: Node, seen: tuple[int, ...]) -> bool:
        if id(schema) in seen:
            return False
        seen = (*seen, id(schema))
        return schema.get("deprecated") is True or any(
            self._is_deprecated(inner, seen) for inner in self._combined(schema)
        )


def changes(ours: Facts, theirs: Facts) -> Iterator[Change]:
    """Yield what differs, apart from required properties, of which only those that both sides have are compared."""
    if ours.types is not None and theirs.types is not None:
        mine, others = ours.types - _NULL, theirs.types - _NULL
        if mine != others and mine and others:
            yield CHANGED, "type", f": {_words(mine)} -> {_words(others)}"
        if ("null" in ours.types) != ("null" in theirs.types):
            yield "-" if "null" in ours.types else "+", "null", ""
    if ours.deprecated != theirs.deprecated:
        yield "-" if ours.deprecated else "+", "deprecated", ""
    for name in LIMITS:
        mine_, others_ = ours.limit(name), theirs.limit(name)
        if mine_ != others_:
            yield CHANGED, "limit", f" {name}: {mine_} -> {others_}"


def differ_in_kind(ours: Facts, theirs: Facts) -> bool:
    """Return whether two schemas have no type in common, so that their fields, values and limits say nothing more."""
    return bool(ours.types and theirs.types) and not ((ours.types or _NULL) & (theirs.types or _NULL)) - _NULL


def _own_types(schema: Node) -> Types:
    explicit = schema.get("type")
    if explicit is not None:
        return frozenset(map(str, as_list(explicit) or [explicit]))
    values = as_list(schema.get("enum"))
    if schema.get("const") is not None:
        values = [*values, schema["const"]]
    if values:
        return frozenset(_JSON_TYPES[type(value)] for value in values)
    if any(schema.get(key) is not None for key in ("properties", "patternProperties", "additionalProperties")):
        return frozenset({"object"})
    if any(schema.get(key) is not None for key in ("items", "prefixItems")):
        return frozenset({"array"})
    return None


def _any_of(arms: Sequence[Types]) -> Types:
    """Return the types that any of the arms admits, None if there are no arms."""
    found: set[str] = set()
    for arm in arms:
        if arm is None:
            return None
        found |= arm
    return frozenset(found) if arms else None


def _all_of(arms: Sequence[frozenset[str]]) -> frozenset[str]:
    """Return the names that all arms have."""
    return frozenset(name for name in arms[0] if all(name in arm for arm in arms)) if arms else frozenset()


def _both(one: Types, two: Types) -> Types:
    """Return the types that two schemas admit together; those of both if they contradict each other."""
    if one is None or two is None:
        return two if one is None else one
    return one & two or one | two


def _words(types: frozenset[str]) -> str:
    return " or ".join(sorted(types))
