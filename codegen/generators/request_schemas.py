"""Schemas of request bodies, as input for the generator of `params/`.

Wherever a body has an object, a Pydantic model or a dataclass is accepted as well. A mapping is accepted only where the
contract has `additionalProperties`: elsewhere it would hide a misspelt key from type checkers.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from codegen.generators import schemas

if TYPE_CHECKING:
    from collections.abc import Iterable

    from codegen.contract.document import Contract, Node

TYPENAME = "__typename"
"""A property of shared schemas that responses have; in closed shapes, a request may send it back as `_typename`."""

JSON_OBJECT: Node = {"type": "object", "customTypePath": "knock_sdk._core.values.argument_types.JSONObject"}
JSON_MODEL: Node = {"type": "object", "customTypePath": "knock_sdk._core.values.argument_types.JSONModel"}


def document(contract: Contract) -> dict[str, Any]:
    """Return the OpenAPI document from which the typed dicts are generated."""
    names = [name for name in contract.schemas if name in contract.request_schemas]
    return schemas.document({schemas.qualify(contract, name): _rewrite_named(contract, name) for name in names})


def _rewrite_named(contract: Contract, name: str) -> dict[str, Any]:
    node = schemas.as_map(contract.schemas[name])
    if "properties" in node:
        node = schemas.without(("additionalProperties",), _with_python_name(node))
    result = _rewrite(contract, node)
    if "description" in node:
        result["description"] = schemas.summarise(node["description"])
    return result


def _with_python_name(node: Node) -> Node:
    typename = None if is_open(node) else node["properties"].get(TYPENAME)
    other: Node = schemas.without_properties((TYPENAME,), node)
    return other if typename is None else {**other, "properties": {TYPENAME[1:]: typename, **other["properties"]}}


def _rewrite(contract: Contract, node: Node) -> dict[str, Any]:
    if "$ref" in node:
        found = schemas.reference(contract, node)
        other = _other_objects(contract, [node])
        return _with_description(found, {"anyOf": [{"$ref": found["$ref"]}, *other]}, null=False) if other else found
    types = node.get("type")
    if is_open(node) and "properties" not in node:
        return _with_description(node, JSON_OBJECT, null=isinstance(types, list))
    if node.get("format") == "date-time":
        times = {"anyOf": [{"type": "string", "format": "date-time"}, {"type": "string"}]}
        return _with_description(node, times, null=isinstance(types, list))
    result = schemas.rewrite_children(node, lambda child: _rewrite(contract, child))
    if other := _other_objects(contract, node.get("anyOf", ())):
        result["anyOf"] = [*_rewrite_members(contract, node["anyOf"]), *other]
    return result


def _rewrite_members(contract: Contract, members: list[Node]) -> list[dict[str, Any]]:
    return [schemas.reference(contract, member) if "$ref" in member else dict(member) for member in members]


def is_open(node: Node) -> bool:
    """Return whether an object may have keys beside those that its schema names."""
    return node.get("additionalProperties") is True


def _other_objects(contract: Contract, members: Iterable[Node]) -> list[Node]:
    """Return what is accepted beside the typed dicts of these schemas; nothing if none of them is an object."""
    resolved = [contract.resolve(member) for member in members if "$ref" in member]
    objects = [node for node in map(schemas.as_map, resolved) if "properties" in node]
    if not objects:
        return []
    return [JSON_OBJECT if any(map(is_open, objects)) else JSON_MODEL]


def _with_description(node: Node, schema: Node, *, null: bool) -> dict[str, Any]:
    result: dict[str, Any] = dict(schema)
    if null:
        result = {"anyOf": [*result.get("anyOf", [schema]), {"type": "null"}]}
    if "description" in node:
        result["description"] = schemas.fold(node["description"])
    return result
