"""The loaded contract, `openapi/knock.yaml`: its operations, schemas and references.

Every generator works on a `Contract`; no other module reads the file.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any, TypeAlias, cast

import yaml

if TYPE_CHECKING:
    from pathlib import Path

Node: TypeAlias = Mapping[str, Any]
"""A mapping of the parsed document; its values are Any, because a JSON value has no narrower type."""

VERBS = ("get", "put", "post", "delete")
SCHEMA_PREFIX = "#/components/schemas/"


@dataclass(frozen=True)
class Operation:
    """One verb on one path."""

    id: str
    verb: str
    path: str
    node: Node
    parameters: tuple[Node, ...]

    @property
    def key(self) -> str:
        """Verb and path, by which other operations refer to this one: `PUT /v1/users/{user_id}`."""
        return f"{self.verb} {self.path}"

    @property
    def method(self) -> str | None:
        """The client's method that calls it, such as `users.update`."""
        return self.node.get("x-knock-method")

    @property
    def alias_of(self) -> str | None:
        """The client's method whose request can also be sent to this operation."""
        return self.node.get("x-knock-alias-of")

    @property
    def replaced_by(self) -> str | None:
        """The key of the operation to use instead, for those without a method."""
        return self.node.get("x-knock-replaced-by")

    @property
    def body(self) -> Node | None:
        """The schema of the request's body."""
        return _json_schema(self.node.get("requestBody", {}))

    @property
    def response(self) -> Node | None:
        """The schema of a successful response, or None if it has no body."""
        found = (_json_schema(node) for status, node in self.node["responses"].items() if status.startswith("2"))
        return next((schema for schema in found if schema is not None), None)


class Contract:
    """A loaded contract."""

    def __init__(self, document: Node) -> None:
        """Store the parsed document."""
        self.document = document

    @cached_property
    def schemas(self) -> Mapping[str, Node]:
        """The named schemas, in the order of the file."""
        return cast("Mapping[str, Node]", self.document["components"]["schemas"])

    @cached_property
    def operations(self) -> tuple[Operation, ...]:
        """Every operation, in the order of the file."""
        paths = cast("Mapping[str, Node]", self.document["paths"])
        return tuple(
            Operation(
                id=node.get("operationId", ""),
                verb=verb.upper(),
                path=path,
                node=node,
                parameters=tuple(map(self.resolve, [*item.get("parameters", ()), *node.get("parameters", ())])),
            )
            for path, item in paths.items()
            for verb, node in item.items()
            if verb in VERBS
        )

    @cached_property
    def webhooks(self) -> Mapping[str, Node]:
        """The bodies of webhooks, by the type of their event: each is a reference to a named schema."""
        items = cast("Mapping[str, Node]", self.document.get("webhooks", {}))
        return {event_type: _json_schema(item["post"]["requestBody"]) or {} for event_type, item in items.items()}

    def resolve(self, node: Node) -> Node:
        """Follow references until a node that is not one; return it."""
        while "$ref" in node:
            node = self.lookup(node["$ref"])
        return node

    def lookup(self, reference: str) -> Node:
        """Return the node that a local reference names; raise KeyError if there is none."""
        if not reference.startswith("#/"):
            raise KeyError(reference)
        node = self.document
        for part in reference.removeprefix("#/").split("/"):
            node = node[part.replace("~1", "/").replace("~0", "~")]
        return node

    def domain(self, name: str) -> str:
        """Return the module that a schema belongs to."""
        return cast("str", self.schemas[name]["x-knock-domain"])

    @cached_property
    def response_schemas(self) -> frozenset[str]:
        """Names of the schemas of responses, errors included, of webhooks, and of those that nothing uses."""
        return self._in_responses | {name for name in self._unused if "Request" not in name}

    @cached_property
    def request_schemas(self) -> frozenset[str]:
        """Names of the schemas of requests, in bodies or parameters, and of unused ones named "…Request…"."""
        return self._in_requests | {name for name in self._unused if "Request" in name}

    @cached_property
    def _in_responses(self) -> frozenset[str]:
        responses = [node for operation in self.operations for node in operation.node["responses"].values()]
        return self._reachable([*map(self.resolve, responses), *self.webhooks.values()])

    @cached_property
    def _in_requests(self) -> frozenset[str]:
        bodies = [operation.body for operation in self.operations if operation.body is not None]
        parameters = [parameter for operation in self.operations for parameter in operation.parameters]
        return self._reachable([*bodies, *parameters])

    @property
    def _unused(self) -> frozenset[str]:
        return frozenset(self.schemas) - self._in_responses - self._in_requests

    def _reachable(self, nodes: Iterable[Node]) -> frozenset[str]:
        found: set[str] = set()
        waiting = list(nodes)
        while waiting:
            new = set(references(waiting.pop())) - found
            found |= new
            waiting.extend(self.schemas[name] for name in new)
        return frozenset(found)


def load(path: Path) -> Contract:
    """Read a contract from a YAML file."""
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    return Contract(yaml.load(path.read_text(encoding="utf-8"), Loader=loader))  # noqa: S506 - both loaders are safe ones


def class_of(event_type: str) -> str:
    """Return the name of an event's class: `MessageBounced` for `message.bounced`."""
    return "".join(word.capitalize() for word in event_type.replace("_", ".").split("."))


def nodes(value: object) -> Iterator[Node]:
    """Yield every mapping in a value, itself first, at any depth."""
    if isinstance(value, Mapping):
        node = cast("Node", value)
        yield node
        for inner in node.values():
            yield from nodes(inner)
    elif isinstance(value, list):
        for inner in cast("list[object]", value):
            yield from nodes(inner)


def references(value: object) -> Iterator[str]:
    """Yield the names of the schemas that a value refers to, with repetitions."""
    for node in nodes(value):
        reference: object = node.get("$ref")
        if isinstance(reference, str) and reference.startswith(SCHEMA_PREFIX):
            yield reference.removeprefix(SCHEMA_PREFIX)


def _json_schema(node: Node) -> Node | None:
    content: Node = node.get("content", {})
    schema: Node | None = content.get("application/json", {}).get("schema")
    return schema
