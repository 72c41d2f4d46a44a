"""Checks of the contract for what the generators and the client rely on."""

from __future__ import annotations

from collections import Counter
from graphlib import CycleError, TopologicalSorter
from typing import TYPE_CHECKING

from codegen.contract.document import class_of, nodes, references

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from codegen.contract.document import Contract, Node, Operation

REPEATS = ("safe", "idempotent", "keyed", "upsert", "never")
PLACEHOLDER = "TODO"
CODES = (
    "actor_missing",
    "authorization",
    "channel_invalid",
    "resource_missing",
    "workflow_inactive",
    "workflow_missing",
)
"""Codes of errors that are particular to an operation."""


def lint(contract: Contract) -> list[str]:
    """Return a message for each problem; missing references and domains come alone, since later checks need them."""
    return [*_dangling_refs(contract), *_missing_domain(contract)] or [
        *_missing_descriptions(contract),
        *_inline_objects(contract),
        *_always_sent(contract),
        *_operations(contract),
        *_webhooks(contract),
        *_import_circles(contract),
    ]


def _dangling_refs(contract: Contract) -> Iterator[str]:
    found = {node["$ref"] for node in nodes(contract.document) if isinstance(node.get("$ref"), str)}
    for reference in sorted(found):
        if not _resolves(contract, reference):
            yield f"{reference} refers to nothing"


def _resolves(contract: Contract, reference: str) -> bool:
    try:
        contract.lookup(reference)
    except KeyError:
        return False
    return True


def _missing_domain(contract: Contract) -> Iterator[str]:
    for name, node in contract.schemas.items():
        if not node.get("x-knock-domain"):
            yield f"schema {name} has no x-knock-domain"


def _missing_descriptions(contract: Contract) -> Iterator[str]:
    for operation in contract.operations:
        yield from _description(operation.node, operation.key, keywords=("summary", "description"))
        for status, response in operation.node["responses"].items():
            yield from _description(contract.resolve(response), f"the {status} response of {operation.key}")
        for parameter in operation.node.get("parameters", ()):
            if "$ref" not in parameter:
                yield from _description(parameter, f"parameter {parameter['name']} of {operation.key}")
    for name, parameter in contract.document["components"].get("parameters", {}).items():
        yield from _description(parameter, f"parameter {name}")
    for name, schema in contract.schemas.items():
        yield from _description(schema, f"schema {name}")
        for field, node in _fields(schema):
            yield from _description(node, f"field {name}.{field}")


def _description(node: Node, subject: str, keywords: Iterable[str] = ("description",)) -> Iterator[str]:
    for keyword in keywords:
        text = node.get(keyword, "")
        if not text.strip():
            yield f"{subject} has no {keyword}"
        elif PLACEHOLDER in text:
            yield f"{subject} has a placeholder for its {keyword}"


def _fields(schema: Node) -> Iterator[tuple[str, Node]]:
    yield from schema.get("properties", {}).items()
    for member in schema.get("allOf", ()):
        yield from _fields(member)


def _inline_objects(contract: Contract) -> Iterator[str]:
    """Yield a message for each object that is not a named schema: the name of its class would be made up."""
    for name, schema in contract.schemas.items():
        for field, node in _fields(schema):
            if any("properties" in inner for inner in nodes(node)):
                yield f"field {name}.{field} contains an object that is not a named schema"
    for operation in contract.operations:
        for kind, root in (("body", operation.body), ("response", operation.response)):
            if any("properties" in inner for inner in nodes(root)):
                yield f"the {kind} of {operation.key} contains an object that is not a named schema"


def _always_sent(contract: Contract) -> Iterator[str]:
    """Yield a message for each field that is said to be always sent, but does not exist or is required anyway."""
    for name, schema in contract.schemas.items():
        for field in schema.get("x-knock-always-sent", ()):
            if field not in schema.get("properties", {}):
                yield f"schema {name} has x-knock-always-sent {field}, which is not one of its fields"
            elif field in schema.get("required", ()):
                yield f"schema {name} has x-knock-always-sent {field}, which is required"


def _operations(contract: Contract) -> Iterator[str]:
    operations = contract.operations
    called = {operation.key: operation for operation in operations if operation.method}
    for operation in operations:
        if not operation.id:
            yield f"{operation.key} has no operationId"
        yield from _repeat(operation)
        yield from _errors(operation)
        if operation.node.get("x-knock-public", True) is not True:
            yield f"{operation.key} has an x-knock-public that is not true"
        if operation.method is None:
            if operation.replaced_by is None:
                yield f"{operation.key} has neither x-knock-method nor x-knock-replaced-by"
            elif operation.replaced_by not in called:
                yield f"{operation.key} is replaced by {operation.replaced_by}, which has no method"
        if operation.alias_of is not None and operation.alias_of not in {other.method for other in operations}:
            yield f"{operation.key} is an alias of {operation.alias_of}, which is not the method of an operation"
    yield from _duplicates("operationId", (operation.id for operation in operations if operation.id))
    yield from _duplicates("x-knock-method", (operation.method for operation in operations if operation.method))


def _webhooks(contract: Contract) -> Iterator[str]:
    """Yield a message for each webhook that has no class of its own, named after its type and holding only that."""
    for event_type, body in contract.webhooks.items():
        name = class_of(event_type)
        if list(references(body)) != [name]:
            yield f"webhook {event_type} does not have the schema {name}"
        elif contract.schemas[name]["properties"].get("type", {}).get("const") != event_type:
            yield f"the field {name}.type is not the constant {event_type}"
        elif name not in references(contract.schemas.get("Event")):
            yield f"schema Event has no member {name}"
        yield from _description(contract.document["webhooks"][event_type]["post"], f"webhook {event_type}")


def _repeat(operation: Operation) -> Iterator[str]:
    repeat = operation.node.get("x-knock-repeat")
    if repeat is None:
        yield f"{operation.key} has no x-knock-repeat"
    elif repeat not in REPEATS:
        yield f"{operation.key} has x-knock-repeat {repeat!r}, which is not one of {', '.join(REPEATS)}"


def _errors(operation: Operation) -> Iterator[str]:
    for code, when in operation.node.get("x-knock-errors", {}).items():
        if code not in CODES:
            yield f"{operation.key} has x-knock-errors {code!r}, which is not one of {', '.join(CODES)}"
        elif not str(when).strip():
            yield f"{operation.key} has x-knock-errors {code} without saying when"


def _duplicates(keyword: str, values: Iterable[str]) -> Iterator[str]:
    for value, times in Counter(values).items():
        if times > 1:
            yield f"{keyword} {value} is used by {times} operations"


def _import_circles(contract: Contract) -> Iterator[str]:
    for side, names in (("responses", contract.response_schemas), ("requests", contract.request_schemas)):
        graph: dict[str, set[str]] = {}
        for name in names:
            needed = map(contract.domain, references(contract.schemas[name]))
            graph.setdefault(contract.domain(name), set()).update(needed)
        try:
            TopologicalSorter({domain: sorted(graph[domain] - {domain}) for domain in sorted(graph)}).prepare()
        except CycleError as error:
            yield f"domains of {side} import each other: {' → '.join(reversed(error.args[1]))}"
