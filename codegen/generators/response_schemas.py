"""Schemas of responses, as input for the generator of `types/`.

Responses are read leniently: unknown enum values, unknown properties and values beyond the limits are accepted.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from codegen.generators import schemas

if TYPE_CHECKING:
    from collections.abc import Mapping

    from codegen.contract.document import Contract, Node

DECIDED_BY = "x-decided-by"
"""Keyword for the template: the marker of a union whose members Pydantic alone could confuse."""

ALWAYS_SENT = "x-knock-always-sent"
"""Keyword of the contract: fields that are not optional, although they are not in `required`."""


def document(contract: Contract) -> dict[str, Any]:
    """Return the OpenAPI document from which the models are generated."""
    names = [name for name in contract.schemas if name in contract.response_schemas]
    return schemas.document({schemas.qualify(contract, name): _rewrite_named(contract, name) for name in names})


def _rewrite_named(contract: Contract, name: str) -> dict[str, Any]:
    node = schemas.as_map(contract.schemas[name])
    if "x-knock-discriminator" in node:
        node = _with_deciding_sibling(node, node["x-knock-discriminator"])
    node = _with_always_sent(node)
    # A named enum is what annotations call its known values; each field of that type takes other strings too.
    result = schemas.rewrite_children(node, dict) if "enum" in node else _rewrite(contract, node)
    if "description" in node:
        result["description"] = schemas.summarise(node["description"])
    if "properties" in result and result.pop("additionalProperties", False):
        result["customBasePath"] = "knock_sdk._core.responses.model.OpenModel"
    return result


def _with_always_sent(node: Node) -> Node:
    """Require the fields that are always sent."""
    if ALWAYS_SENT not in node:
        return node
    return {**node, "required": [*node.get("required", ()), *node[ALWAYS_SENT]]}


def _rewrite(contract: Contract, node: Node) -> dict[str, Any]:
    if "$ref" in node:
        result = schemas.reference(contract, node)
        if "enum" in contract.resolve(node):
            return _open_enum(result)
        return {**result, DECIDED_BY: node[DECIDED_BY]} if DECIDED_BY in node else result
    result = schemas.rewrite_children(node, lambda child: _rewrite(contract, child))
    if "enum" in result:
        result = _open_enum(result)
    if DECIDED_BY in node:
        result[DECIDED_BY] = node[DECIDED_BY]
    elif _all_have_typename(contract, node):
        result[DECIDED_BY] = "ByTypename"
    return result


def _open_enum(schema: dict[str, Any]) -> dict[str, Any]:
    """Return a schema with the enum's values, for editors, that also admits any other string."""
    description = schema.pop("description", None)
    result: dict[str, Any] = {"anyOf": [schema, {"type": "string"}]}
    if description is not None:
        result["description"] = description
    return result


def _all_have_typename(contract: Contract, node: Node) -> bool:
    members = [contract.resolve(member) for member in node.get("anyOf", ())]
    return len(members) > 1 and all("__typename" in member.get("properties", {}) for member in members)


def _with_deciding_sibling(node: Node, discriminator: Mapping[str, Any]) -> Node:
    """Mark the union of an object, and move the property that selects its model to the front, to be read first."""
    deciding, decided = discriminator["by"], discriminator["field"]
    models = ", ".join(f'"{value}": {model}' for value, model in discriminator["mapping"].items())
    properties = dict(node["properties"])
    first = {deciding: properties.pop(deciding)}
    properties[decided] = {**properties[decided], DECIDED_BY: f"ByProvider({{{models}}})"}
    return {**node, "properties": {**first, **properties}}
