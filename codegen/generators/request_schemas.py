"""Schemas of request bodies, as input for the generator of `params/`.

Wherever a body has an object, any mapping with string keys, Pydantic model or dataclass is accepted as well.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from codegen.contract.document import SCHEMA_PREFIX
from codegen.generators import schemas

if TYPE_CHECKING:
    from codegen.contract.document import Contract, Node

WRITTEN_BY_THE_API = ("__typename",)
"""Properties of shared schemas that only responses have."""

JSON_OBJECT: Node = {"type": "object", "customTypePath": "knock_sdk._core.argument_types.JSONObject"}


def document(contract: Contract) -> dict[str, Any]:
    """Return the OpenAPI document from which the typed dicts are generated."""
    names = [name for name in contract.schemas if name in contract.request_schemas]
    return schemas.document({schemas.qualify(contract, name): _rewrite_named(contract, name) for name in names})


def _rewrite_named(contract: Contract, name: str) -> dict[str, Any]:
    node = contract.schemas[name]
    if "properties" in node:
        node = schemas.without(("additionalProperties",), schemas.without_properties(WRITTEN_BY_THE_API, node))
    result = _rewrite(contract, node)
    if "description" in node:
        result["description"] = schemas.summarise(node["description"])
    return result


def _rewrite(contract: Contract, node: Node) -> dict[str, Any]:
    if "$ref" in node:
        found = schemas.reference(contract, node)
        return _or_json_object(found) if _is_object(contract, node) else found
    types = node.get("type")
    if node.get("additionalProperties") is True and "properties" not in node:
        return _with_description(node, JSON_OBJECT, null=isinstance(types, list))
    if node.get("format") == "date-time":
        times = {"anyOf": [{"type": "string", "format": "date-time"}, {"type": "string"}]}
        return _with_description(node, times, null=isinstance(types, list))
    result = schemas.rewrite_children(node, lambda child: _rewrite(contract, child))
    if any(_is_object(contract, member) for member in node.get("anyOf", ())):
        result["anyOf"] = [*_rewrite_members(contract, node["anyOf"]), JSON_OBJECT]
    return result


def _rewrite_members(contract: Contract, members: list[Node]) -> list[dict[str, Any]]:
    return [schemas.reference(contract, member) if "$ref" in member else dict(member) for member in members]


def _is_object(contract: Contract, node: Node) -> bool:
    return "$ref" in node and node["$ref"].startswith(SCHEMA_PREFIX) and "properties" in contract.resolve(node)


def _or_json_object(schema: dict[str, Any]) -> dict[str, Any]:
    return _with_description(schema, {"anyOf": [{"$ref": schema["$ref"]}, JSON_OBJECT]}, null=False)


def _with_description(node: Node, schema: Node, *, null: bool) -> dict[str, Any]:
    result: dict[str, Any] = dict(schema)
    if null:
        result = {"anyOf": [*result.get("anyOf", [schema]), {"type": "null"}]}
    if "description" in node:
        result["description"] = schemas.fold(node["description"])
    return result
