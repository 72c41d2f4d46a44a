"""Schemas of the contract in the form that datamodel-code-generator needs, for responses and requests alike.

Names have a domain, so that each domain becomes a module; limits and formats are left to the server; descriptions are
wrapped into the lines of a docstring.
"""

from __future__ import annotations

import re
import textwrap
from collections.abc import Callable, Iterable, Mapping
from typing import Any, TypeAlias, cast

from codegen.contract.document import SCHEMA_PREFIX, Contract, Node

Rewrite: TypeAlias = Callable[[Node], dict[str, Any]]

KEYWORDS = (
    "type",
    "const",
    "enum",
    "properties",
    "required",
    "items",
    "additionalProperties",
    "anyOf",
    "allOf",
    "description",
)
"""Keywords that define a type or document it; the others (limits, defaults, most formats) are dropped."""

WIDTH = 120 - 4 - 2 * 3
"""Width of a docstring's line: a full line minus the indentation and both quotes."""


def document(schemas: Mapping[str, Node]) -> dict[str, Any]:
    """Return an OpenAPI document with only these schemas."""
    return {
        "openapi": "3.1.0",
        "info": {"title": "knock", "version": "1"},
        "paths": {},
        "components": {"schemas": dict(schemas)},
    }


def qualify(contract: Contract, name: str) -> str:
    """Return a schema's name with its module: `users.User`."""
    return f"{contract.domain(name)}.{name}"


def rewrite_children(node: Node, rewrite: Rewrite) -> dict[str, Any]:
    """Return a node's keywords, with every schema inside it rewritten."""
    result: dict[str, Any] = {}
    for keyword, value in node.items():
        if keyword not in KEYWORDS:
            continue
        if keyword == "properties":
            result[keyword] = {name: rewrite(schema) for name, schema in cast("Mapping[str, Node]", value).items()}
        elif keyword in {"anyOf", "allOf"}:
            result[keyword] = [rewrite(schema) for schema in value]
        elif keyword in {"items", "additionalProperties"} and isinstance(value, Mapping):
            result[keyword] = rewrite(cast("Node", value))
        elif keyword == "description":
            result[keyword] = fold(value)
        else:
            result[keyword] = value
    if node.get("format") == "date-time":
        result["format"] = "date-time"
    return result


def reference(contract: Contract, node: Node) -> dict[str, Any]:
    """Return a reference with the domain in its name, and with its description."""
    name = node["$ref"].removeprefix(SCHEMA_PREFIX)
    result: dict[str, Any] = {"$ref": SCHEMA_PREFIX + qualify(contract, name)}
    if "description" in node:
        result["description"] = fold(node["description"])
    return result


def fold(description: str) -> str:
    """Wrap a description into lines that fit into a docstring."""
    paragraphs = [" ".join(paragraph.split()) for paragraph in re.split(r"\n\s*\n", description.strip())]
    return "\n\n".join(
        textwrap.fill(paragraph, WIDTH, break_long_words=False, break_on_hyphens=False) for paragraph in paragraphs
    )


def summarise(description: str) -> str:
    """Split a class's description into a summary, its first sentence or clause, and a paragraph."""
    text = " ".join(description.split())
    first, separator, rest = text.partition(". ")
    if len(first) >= WIDTH:
        first, separator, rest = text.partition("; ")
    if not separator:
        return fold(text)
    return fold(f"{first}.\n\n{rest[0].upper()}{rest[1:]}")


def without(keywords: Iterable[str], node: Node) -> Node:
    """Return a node without some of its keywords."""
    left = set(keywords)
    return {keyword: value for keyword, value in node.items() if keyword not in left}


def without_properties(names: Iterable[str], node: Node) -> Node:
    """Return an object schema without some of its properties."""
    left = set(names)
    return {
        **node,
        "properties": {name: schema for name, schema in node["properties"].items() if name not in left},
        "required": [name for name in node.get("required", ()) if name not in left],
    }


def as_map(node: Node) -> Node:
    """Return an object of named keys beside others of one type as a map, whose values have all of these types."""
    others = node.get("additionalProperties")
    if "properties" not in node or not isinstance(others, Mapping):
        return node
    named = [without(("description",), schema) for schema in cast("Mapping[str, Node]", node["properties"]).values()]
    values = cast("Node", others).get("anyOf", [others])
    return {**without(("properties",), node), "additionalProperties": {"anyOf": [*values, *named]}}
