"""Rows held against the contract: what a row says that the contract does not know, and what no row shows."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache
from typing import TYPE_CHECKING, Any, NamedTuple
from urllib.parse import unquote

from jsonschema import Draft202012Validator

from codegen.contract.document import SCHEMA_PREFIX
from knock_sdk import types as t
from tests.support.calls.recording import CONTRACT, OPERATIONS
from tests.support.calls.row import NO_BODY, PageOf, Row

if TYPE_CHECKING:
    from collections.abc import Iterator

    from codegen.contract.document import Node, Operation


class Form(NamedTuple):
    """A name that a query parameter has on the wire, and the schema of its value."""

    parameter: str
    pattern: str
    schema: Node


def problems(row: Row) -> Iterator[str]:
    """What a row says that the contract does not."""
    operation = OPERATIONS.get(row.operation)
    if operation is None:
        yield f"{row.operation} is no operation"
        return
    if row.call != (operation.method or operation.alias_of):
        yield f"{row.call} does not call {row.operation}"
    if row.returns != expected_result(operation):
        yield f"returns {row.returns}, not {expected_result(operation)}"
    yield from path_problems(operation, row)
    yield from query_problems(operation, row)
    yield from body_problems(operation, row)
    known = {parameter["name"].lower() for parameter in operation.parameters if parameter["in"] == "header"}
    yield from (f"header {name} is not in the contract" for name in row.headers.keys() - known)


def path_problems(operation: Operation, row: Row) -> Iterator[str]:
    """Whether the path is the template with the ids in their order."""
    template = re.sub(r"\\\{(\w+)\\\}", r"(?P<\1>[^/]+)", re.escape(operation.path))
    found = re.fullmatch(template, row.path)
    if found is None:
        yield f"{row.path} does not fit {operation.path}"
        return
    values = {name: unquote(value) for name, value in found.groupdict().items()}
    if tuple(values.values()) != row.args:
        yield f"{row.path} does not hold {row.args}"
    for parameter in operation.parameters:
        if parameter["in"] == "path":
            yield from value_problems(parameter["name"], values[parameter["name"]], parameter["schema"])


def query_problems(operation: Operation, row: Row) -> Iterator[str]:
    """Whether the query has the contract's parameters only, those that are required among them."""
    forms = query_forms(operation)
    met = set()
    for name, value in row.query:
        form = next((form for form in forms if re.fullmatch(form.pattern, name)), None)
        if form is None:
            yield f"query {name} is not in the contract"
        else:
            met.add(form.parameter)
            yield from value_problems(name, value, form.schema)
    for parameter in operation.parameters:
        if parameter["in"] == "query" and parameter.get("required") and parameter["name"] not in met:
            yield f"query {parameter['name']} is required"


def value_problems(name: str, text: str, schema: Node) -> Iterator[str]:
    """Whether a text on the wire can be the value that a schema describes."""
    value: Any = text
    if schema["type"] == "boolean":
        value = {"true": True, "false": False}.get(text, text)
    elif schema["type"] == "integer" and text.isdecimal():
        value = int(text)
    for error in Draft202012Validator(schema).iter_errors(value):
        yield f"{name}: {error.message}"


def body_problems(operation: Operation, row: Row) -> Iterator[str]:
    """Whether there is a body where one is due, and whether it fits its schema, without any field beside it."""
    if operation.body is None or row.body is NO_BODY:
        if operation.body is not None:
            yield "there has to be a body"
        elif row.body is not NO_BODY:
            yield "there is no body in the contract"
        return
    for error in validator(operation.body["$ref"]).iter_errors(row.body):
        yield f"body: {error.json_path}: {error.message}"


@cache
def validator(reference: str) -> Draft202012Validator:
    """A validator of a named schema that knows no other fields than those in the contract."""
    return Draft202012Validator({"$ref": reference, "components": {"schemas": closed(CONTRACT.schemas)}})


def closed(node: Any) -> Any:
    """A schema whose objects have their own fields only, unless it says otherwise."""
    if isinstance(node, list):
        return [closed(inner) for inner in node]
    if not isinstance(node, Mapping):
        return node
    copy = {key: closed(value) for key, value in node.items()}
    if "properties" in copy and copy.get("type") == "object":
        copy.setdefault("additionalProperties", False)
    return copy


def query_forms(operation: Operation) -> list[Form]:
    """Every name that a query of this operation can have."""
    return [
        Form(parameter["name"], pattern, schema)
        for parameter in operation.parameters
        if parameter["in"] == "query"
        for pattern, schema in forms_of(parameter)
    ]


def forms_of(parameter: Node) -> Iterator[tuple[str, Node]]:
    """The names of a parameter: `a.b` is `a[b]`; a list has brackets, with an index if an element has fields."""
    outer, *inner = parameter["name"].removesuffix("[]").split(".")
    name = re.escape(outer + "".join(f"[{part}]" for part in inner))
    schema = CONTRACT.resolve(parameter["schema"])
    if schema.get("type") != "array":
        yield from ((name + suffix, leaf) for suffix, leaf in leaves(schema))
        return
    elements = list(leaves(schema["items"]))
    for suffix, leaf in elements:
        if not suffix:
            yield name + r"\[\]", leaf
        if any(other for other, _ in elements):
            yield name + r"\[\d+\]" + suffix, leaf


def leaves(schema: Node) -> Iterator[tuple[str, Node]]:
    """What a value is made of: itself, or its fields."""
    schema = CONTRACT.resolve(schema)
    for member in schema.get("anyOf", ()):
        yield from leaves(member)
    if "properties" in schema:
        yield from ((rf"\[{field}\]", CONTRACT.resolve(inner)) for field, inner in schema["properties"].items())
    elif "anyOf" not in schema:
        yield "", schema


def expected_result(operation: Operation) -> object:
    """What a row's `returns` has to be."""
    schema = operation.response
    if schema is None:
        return None
    if "$ref" in schema:
        name = schema["$ref"].removeprefix(SCHEMA_PREFIX)
        schema = CONTRACT.schemas[name]
        if page := operation.node.get("x-knock-page"):
            return PageOf(model(schema["properties"][page["items"]]["items"]))
        if schema.get("type") != "array":
            return getattr(t, name)
    return list[model(schema["items"])]  # type: ignore[misc]  # a type that the contract names


def model(reference: Node) -> Any:
    """The model of a schema."""
    return getattr(t, reference["$ref"].removeprefix(SCHEMA_PREFIX))


def unshown_parameters(operation: Operation, rows: list[Row]) -> set[str]:
    """The operation's query parameters, in each of their forms, headers and body fields that no row has."""
    names = {name for row in rows for name, _ in row.query}
    missing = {
        form.pattern for form in query_forms(operation) if not any(re.fullmatch(form.pattern, name) for name in names)
    }
    headers = {parameter["name"].lower() for parameter in operation.parameters if parameter["in"] == "header"}
    missing |= headers - {name for row in rows for name in row.headers}
    if operation.body is not None:
        bodies = [row.body for row in rows if isinstance(row.body, Mapping)]
        missing |= CONTRACT.resolve(operation.body)["properties"].keys() - {name for body in bodies for name in body}
    return missing


def shown_fields(rows: list[Row]) -> set[tuple[str, str]]:
    """The fields of named schemas that the bodies of rows have, however deep, as (schema, field)."""
    shown: set[tuple[str, str]] = set()
    for row in rows:
        operation = OPERATIONS[row.operation]
        if operation.body is not None:
            note_fields(operation.body, row.body, shown)
    return shown


def note_fields(node: Node, value: Any, shown: set[tuple[str, str]]) -> None:
    """Note the fields of a value, on every branch of a union that it fits."""
    if "$ref" in node:
        reference = node["$ref"]
        if not validator(reference).is_valid(value):
            return
        node = CONTRACT.lookup(reference)
        name = reference.removeprefix(SCHEMA_PREFIX)
        if isinstance(value, Mapping):
            shown |= {(name, field) for field in node.get("properties", {}).keys() & value.keys()}
    for member in node.get("anyOf", ()):
        note_fields(member, value, shown)
    if isinstance(value, list):
        for element in value:
            note_fields(node.get("items", {}), element, shown)
    elif isinstance(value, Mapping):
        rest = node.get("additionalProperties")
        for field, inner in value.items():
            known = node.get("properties", {}).get(field, rest)
            if isinstance(known, Mapping):
                note_fields(known, inner, shown)
