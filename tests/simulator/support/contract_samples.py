"""Requests made from the contract's schemas: minimal, complete and invalid ones."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any, NamedTuple

from jsonschema import Draft202012Validator
from pydantic_core import to_json

from .conformance import CONTRACT, OPERATIONS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from codegen.contract.document import Node, Operation

UUID = "0b5d1f6e-6c1f-4f53-9a3e-3f3f6c0f2d11"
FORMATS = {"date-time": "2026-02-03T04:05:06Z", "uuid": UUID}
NOT_SAMPLED = {"after", "before"}
"""Parameters whose values only an earlier response gives: cursors."""
KINDS: dict[str, Any] = {
    "array": [],
    "boolean": True,
    "integer": 7,
    "null": None,
    "number": 7.5,
    "object": {"unheard_of": 1},
    "string": "text",
}


class Mistake(NamedTuple):
    """A body that the contract does not allow."""

    at: str
    """Field path of the mistake, with dots between the names; empty for the body as a whole."""
    type: str
    """Expected `type` of the error."""
    body: Any
    within_union: bool
    """Whether objects of several schemas are allowed at the path, so that errors may refer to another of them."""


def sample(schema: Node, *, whole: bool) -> Any:
    """Return a value that a schema allows: with its required fields only, or with all of them."""
    schema = members(schema)[0]
    kind = kinds(schema)[0]
    if kind == "object":
        return _object(schema, whole=whole)
    if kind == "array":
        return [sample(schema["items"], whole=whole)]
    if "contentSchema" in schema:
        return to_json(sample(schema["contentSchema"], whole=whole)).decode()
    fixed = schema.get("enum", [schema.get("minimum")])[0]
    return FORMATS.get(schema.get("format", ""), KINDS[kind]) if fixed is None else fixed


def _object(schema: Node, *, whole: bool) -> dict[str, Any]:
    names = schema.get("properties", {}) if whole else schema.get("required", ())
    made = {name: sample(schema["properties"][name], whole=whole) for name in names if name != "__typename"}
    rest = schema.get("additionalProperties")
    if whole and isinstance(rest, dict):
        made["key"] = sample(rest, whole=whole)
    return made


def members(schema: Node) -> list[Node]:
    """Return the schemas of a union, including nested ones; a schema that is not a union is its only member."""
    return [member for _, member in _named_members(schema)]


def _named_members(schema: Node, name: str | None = None) -> list[tuple[str | None, Node]]:
    """Return the members of a schema, each with its name in the contract, or with its union's name and its index."""
    name = schema.get("$ref", name)
    schema = CONTRACT.resolve(schema)
    inner = [
        each
        for index, member in enumerate(schema.get("anyOf", ()))
        for each in _named_members(member, name and f"{name} {index}")
    ]
    return inner or [(name, schema)]


def kinds(schema: Node) -> list[str]:
    """Return the JSON types that a schema allows."""
    types = [member.get("type", list(KINDS)) for member in members(schema)]
    return [kind for some in types for kind in ([some] if isinstance(some, str) else some)]


@cache
def mistakes() -> Mapping[str, Sequence[Mistake]]:
    """Return bodies with one mistake each, by operation: wrong types, missing fields, values outside an enum or range.

    A named schema is sampled to its full depth only at its first position, and at its first position within a union; at
    all others, only its own fields are.
    """
    found: dict[str, Sequence[Mistake]] = {}
    known: set[tuple[str, bool]] = set()
    for name, operation in sorted(OPERATIONS.items()):
        if operation.body is not None:
            allowed = Draft202012Validator(
                {**operation.body, "components": {"schemas": CONTRACT.schemas}},
                format_checker=Draft202012Validator.FORMAT_CHECKER,
            )
            # In a union, the value may be valid for another member.
            found[name] = [
                mistake
                for mistake in _mistakes(operation.body, "", lambda value: value, known, within_union=False)
                if not mistake.within_union or not allowed.is_valid(mistake.body)
            ]
    return found


def _mistakes(
    schema: Node, at: str, embed: Callable[[Any], Any], known: set[tuple[str, bool]] | None, *, within_union: bool
) -> Iterator[Mistake]:
    """Yield mistakes in a value, and in nested values unless `known`, the named schemas sampled before, is None."""
    right = set(kinds(schema))
    if "number" in right:
        right.add("integer")
    yield from (Mistake(at, "type", embed(KINDS[kind]), within_union) for kind in KINDS.keys() - right)
    allowed = _named_members(schema)
    several = within_union or sum("object" in kinds(member) for _, member in allowed) > 1
    for name, member in allowed:
        yield from (Mistake(at, kind, embed(value), several) for kind, value in _wrong_values(member))
        if known is None:
            continue
        seen = name is not None and (name, several) in known
        if name is not None:
            known.add((name, several))
        yield from _nested_mistakes(
            member, f"{at}." if at else "", embed, None if seen else known, within_union=several
        )


def _wrong_values(schema: Node) -> Iterator[tuple[str, Any]]:
    """Yield invalid values of the right type, each with the type of its error."""
    if "enum" in schema:
        yield "inclusion", "unheard_of"
    if schema.get("format") in FORMATS:
        yield "format", "unheard_of"
    if "minimum" in schema:
        yield "number", schema["minimum"] - 1
    if "maximum" in schema:
        yield "number", schema["maximum"] + 1
    if "maxItems" in schema:
        yield "length", [sample(schema["items"], whole=False)] * (schema["maxItems"] + 1)
    if "maxProperties" in schema:
        yield "length", {f"k{index}": 1 for index in range(schema["maxProperties"] + 1)}


def _nested_mistakes(
    schema: Node, before: str, embed: Callable[[Any], Any], known: set[tuple[str, bool]] | None, *, within_union: bool
) -> Iterator[Mistake]:
    """Yield mistakes in the elements of a list or the fields of an object."""

    def inner(schema: Node, name: str, embed: Callable[[Any], Any]) -> Iterator[Mistake]:
        return _mistakes(schema, f"{before}{name}", embed, known, within_union=within_union)

    if "items" in schema:
        yield from inner(schema["items"], "0", lambda value: embed([value]))
    rest = schema.get("additionalProperties")
    if isinstance(rest, dict):
        yield from inner(rest, "key", lambda value: embed({"key": value}))
    needed = {name: sample(schema["properties"][name], whole=False) for name in schema.get("required", ())}
    for name in needed:
        others = {other: value for other, value in needed.items() if other != name}
        yield Mistake(f"{before}{name}", "required", embed(others), within_union)
    for name, field in schema.get("properties", {}).items():
        yield from inner(field, name, lambda value, name=name: embed({**needed, name: value}))


def query_forms(operation: Operation, *, whole: bool) -> dict[str, list[str]]:
    """Return the query parameters of an operation, the required ones or all, as names and values on the wire."""
    found: dict[str, list[str]] = {}
    for parameter in operation.parameters:
        wanted = whole and parameter["name"] not in NOT_SAMPLED
        if parameter["in"] == "query" and (wanted or parameter.get("required")):
            schema = CONTRACT.resolve(parameter["schema"])
            name, value = wire_name(parameter), sample(schema, whole=whole)
            if not isinstance(value, list):
                found[name] = [_text(value)]
            elif value and isinstance(value[0], dict):
                for index, element in enumerate(value):
                    found.update({f"{name}[{index}][{field}]": [_text(inner)] for field, inner in element.items()})
            else:
                found[f"{name}[]"] = [_text(element) for element in value]
    return found


def wire_name(parameter: Node) -> str:
    """Return a parameter's name as clients send it, without a list's `[]`: `inserted_at.gte` is `inserted_at[gte]`."""
    outer, *inner = parameter["name"].removesuffix("[]").split(".")
    return outer + "".join(f"[{name}]" for name in inner)


def query_mistakes(parameter: Node) -> Iterator[tuple[str, str, str]]:
    """Yield invalid values of a query parameter, as the name and value on the wire and the error's type."""
    schema, name = CONTRACT.resolve(parameter["schema"]), wire_name(parameter)
    if schema.get("type") == "array":
        yield name, "a,b", "type"
        if "enum" in schema["items"]:
            yield f"{name}[]", "unheard_of", "inclusion"
        return
    if "contentSchema" in schema:
        yield name, "{", "format"
        yield name, "[]", "type"
    if schema.get("type") in {"boolean", "integer"}:
        yield name, "perhaps", "type"
    yield from ((name, _text(value), kind) for kind, value in _wrong_values(schema))
    yield f"{name}[]", "x", "type"


def _text(value: Any) -> str:
    return value if isinstance(value, str) else to_json(value).decode()
