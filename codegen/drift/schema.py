"""Shapes of schemas: the properties and enum values that a schema admits, however it is written.

A shape is made from one schema or from all arms of a union. References, `allOf`, `anyOf` and `oneOf` are followed, and
null arms dropped, so that `nullable: true`, an arm `{enum: [null]}` and an `allOf` around one reference make no
difference. What else holds of the schema where it is used, such as its types, are its facts.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, TypeAlias

from codegen.drift.document import Document, DriftError, Node, as_list, as_mapping
from codegen.drift.facts import Facts, Reader

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

PREFIX = "#/components/schemas/"
COMBINATORS = ("allOf", "anyOf", "oneOf")
STRUCTURE = ("properties", "patternProperties", "items", "prefixItems")

Key: TypeAlias = tuple[str | None, frozenset[int], Facts]
"""Identity of a shape in one document: its name, the schemas that it is made of, and its facts."""

_ANYTHING: Node = {}


@dataclass(frozen=True, eq=False)
class Shape:
    """The fields and the values of a schema, one level deep."""

    name: str | None
    """The schema's name if it is exactly one named schema."""
    members: frozenset[str]
    """The names of the schemas that it combines."""
    arms: tuple[Node, ...]
    """The schemas with content of their own."""
    alternatives: tuple[Node, ...]
    """The arms of the union, unresolved, if it is only a union."""
    facts: Facts

    @cached_property
    def key(self) -> Key:
        """Identity of the shape: equal for equal shapes of a document."""
        return self.name, frozenset(map(id, self.arms)), self.facts

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing to compare."""
        return not self.fields and not self.values

    @cached_property
    def fields(self) -> Mapping[str, Sequence[Node]]:
        """Schemas one step below, by step: `.name` a property, `[]` the items, `.*` any other property."""
        found: dict[str, list[Node]] = {}
        for arm in self.arms:
            for step, schema in _steps(arm):
                found.setdefault(step, []).append(as_mapping(schema) or _ANYTHING)
        return found

    @cached_property
    def values(self) -> frozenset[str]:
        """The enum values, without null."""
        return frozenset(
            value if isinstance(value, str) else json.dumps(value) for arm in self.arms for value in _enum(arm)
        )


class Shapes:
    """The shapes of one document, each made once."""

    def __init__(self, document: Document) -> None:
        """Start without shapes."""
        self._document = document
        self._reader = Reader(document)
        self._made: dict[tuple[int, ...], Shape] = {}
        self._references: dict[str, Node] = {}

    def of(self, schemas: Sequence[Node]) -> Shape:
        """Return the shape of a schema, or of several schemas combined."""
        key = tuple(map(id, schemas))
        if key not in self._made:
            self._made[key] = self._make(schemas)
        return self._made[key]

    def named(self, name: str) -> Shape:
        """Return the shape of a named schema."""
        return self.of([self._references.setdefault(name, {"$ref": PREFIX + name})])

    def of_parameter(self, schema: Node) -> Shape:
        """Return the shape of a parameter; a list of values is the same as a single value."""
        shape = self.of([schema])
        if "[]" not in shape.fields:
            return shape
        return self.of([arm for arm in shape.arms if not _is_array(arm)] + list(shape.fields["[]"]))

    def _make(self, schemas: Sequence[Node]) -> Shape:
        cores: dict[int, Node] = {}
        names: dict[int, list[str]] = {}
        for found, core in map(self._unwrap, schemas):
            if _has_content(core) or (found and len(schemas) == 1):
                cores[id(core)] = core
                names[id(core)] = [name for name in names.get(id(core), found) if name in found]
        own = next(iter(names.values())) if len(cores) == 1 else []
        members = {name for found in names.values() for name in found}
        arms: dict[int, Node] = {}
        waiting, seen = list(cores.values()), set(cores)
        while waiting:
            schema = waiting.pop()
            if _has_structure(schema):
                arms[id(schema)] = schema
            for found, core in map(self._unwrap, self._branches(schema)):
                members.update(found)
                if id(core) not in seen:
                    seen.add(id(core))
                    waiting.append(core)
        return Shape(
            name=own[0] if own else None,
            members=frozenset(members.difference(own[:1])),
            arms=tuple(arms.values()),
            alternatives=tuple(self._alternatives(*cores.values())) if len(cores) == 1 else (),
            facts=self._reader.facts(schemas),
        )

    def _alternatives(self, core: Node) -> list[Node]:
        """Return the arms of a union, nested unions flattened; none if it is anything else."""
        found: list[Node] = []
        waiting, seen = [core], {id(core)}
        while waiting:
            schema = waiting.pop()
            if _has_structure(schema) or schema.get("allOf") or schema.get("$ref"):
                return []
            for branch in self._branches(schema):
                _, inner = self._unwrap(branch)
                if _has_structure(inner) or inner.get("allOf"):
                    found.append(branch)
                elif id(inner) not in seen:
                    seen.add(id(inner))
                    waiting.append(inner)
        return found

    def _unwrap(self, schema: Node) -> tuple[list[str], Node]:
        """Return the schema inside references and unions of one, and the names of the references."""
        names: list[str] = []
        seen = {id(schema)}
        while not _has_structure(schema):
            branches = self._branches(schema)
            if len(branches) != 1:
                break
            reference = schema.get("$ref")
            if isinstance(reference, str) and reference.startswith(PREFIX):
                names.append(reference[len(PREFIX) :])
            schema = branches[0]
            if id(schema) in seen:
                raise DriftError(f"{self._document.name}: {names} refer only to each other")
            seen.add(id(schema))
        return names, schema

    def _branches(self, schema: Node) -> list[Node]:
        """Return the schemas that a schema refers to or combines, without arms that have neither fields nor values."""
        arms = [as_mapping(arm) for key in COMBINATORS for arm in as_list(schema.get(key))]
        branches = [arm for arm in arms if _has_content(arm)]
        if isinstance(schema.get("$ref"), str):
            branches.append(as_mapping(self._document.lookup(schema["$ref"])) or _ANYTHING)
        return branches


def _steps(arm: Node) -> Iterator[tuple[str, object]]:
    for name, schema in as_mapping(arm.get("properties")).items():
        yield f".{name}", schema
    items = [*as_list(arm.get("prefixItems")), *([] if arm.get("items") is None else [arm["items"]])]
    for schema in items or ([_ANYTHING] if _is_array(arm) else []):
        yield "[]", schema
    for schema in as_mapping(arm.get("patternProperties")).values():
        yield ".*", schema
    if _is_typed(arm.get("additionalProperties")):
        yield ".*", arm["additionalProperties"]


def _enum(schema: Node) -> list[object]:
    values = [*as_list(schema.get("enum")), schema.get("const")]
    return [value for value in values if value is not None]


def _is_array(schema: Node) -> bool:
    return schema.get("type") == "array" or "array" in as_list(schema.get("type"))


def _is_typed(schema: object) -> bool:
    """Return whether a schema of additional properties constrains them."""
    return any(as_mapping(schema).get(key) is not None for key in ("type", "$ref", "enum", *COMBINATORS, *STRUCTURE))


def _has_structure(schema: Node) -> bool:
    return (
        any(schema.get(key) is not None for key in STRUCTURE)
        or _is_array(schema)
        or bool(_enum(schema))
        or _is_typed(schema.get("additionalProperties"))
    )


def _has_content(schema: Node) -> bool:
    return _has_structure(schema) or isinstance(schema.get("$ref"), str) or any(schema.get(key) for key in COMBINATORS)
