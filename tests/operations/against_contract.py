"""Checks of rows against the contract, and of the contract against the rows."""

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
    """A name of a query parameter in a request, and the schema of its value."""

    parameter: str
    pattern: str
    schema: Node


def find_problems(row: Row) -> Iterator[str]:
    """Yield the contradictions between a row and the contract."""
    operation = OPERATIONS.get(row.operation)
    if operation is None:
        yield f"{row.operation} is no operation"
        return
    if row.call != (operation.method or operation.alias_of):
        yield f"{row.call} does not call {row.operation}"
    if row.returns != expected_result(operation):
        yield f"returns {row.returns}, not {expected_result(operation)}"
    yield from check_path(operation, row)
    yield from check_query(operation, row)
    yield from check_body(operation, row)
    known = {parameter["name"].lower() for parameter in operation.parameters if parameter["in"] == "header"}
    yield from (f"header {name} is not in the contract" for name in row.headers.keys() - known)


def check_path(operation: Operation, row: Row) -> Iterator[str]:
    """Yield problems of the path, which must be the template with the ids in their order."""
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
            yield from check_value(parameter["name"], values[parameter["name"]], parameter["schema"])


def check_query(operation: Operation, row: Row) -> Iterator[str]:
    """Yield query parameters that are unknown, invalid or missing."""
    forms = query_forms(operation)
    matched = set()
    for name, value in row.query:
        form = next((form for form in forms if re.fullmatch(form.pattern, name)), None)
        if form is None:
            yield f"query {name} is not in the contract"
        else:
            matched.add(form.parameter)
            yield from check_value(name, value, form.schema)
    for parameter in operation.parameters:
        if parameter["in"] == "query" and parameter.get("required") and parameter["name"] not in matched:
            yield f"query {parameter['name']} is required"


def check_value(name: str, text: str, schema: Node) -> Iterator[str]:
    """Yield the errors of a schema for the text of a path or query parameter."""
    value: Any = text
    schema = CONTRACT.resolve(schema)
    if schema["type"] == "boolean":
        value = {"true": True, "false": False}.get(text, text)
    elif schema["type"] == "integer" and text.isdecimal():
        value = int(text)
    for error in Draft202012Validator(schema).iter_errors(value):
        yield f"{name}: {error.message}"


def check_body(operation: Operation, row: Row) -> Iterator[str]:
    """Yield problems of the body: missing, unexpected, or invalid, also because of unknown fields."""
    if operation.body is None or row.body is NO_BODY:
        if operation.body is not None:
            yield "there has to be a body"
        elif row.body is not NO_BODY:
            yield "there is no body in the contract"
        return
    for error in make_validator(operation.body["$ref"]).iter_errors(row.body):
        yield f"body: {error.json_path}: {error.message}"


@cache
def make_validator(reference: str) -> Draft202012Validator:
    """Return a validator of a named schema that rejects fields outside of the contract."""
    return Draft202012Validator({"$ref": reference, "components": {"schemas": close_objects(CONTRACT.schemas)}})


def close_objects(node: Any) -> Any:
    """Return a schema whose objects reject unknown fields, unless it says otherwise."""
    if isinstance(node, list):
        return [close_objects(inner) for inner in node]
    if not isinstance(node, Mapping):
        return node
    copy = {key: close_objects(value) for key, value in node.items()}
    if "properties" in copy and copy.get("type") == "object":
        copy.setdefault("additionalProperties", False)
    return copy


def query_forms(operation: Operation) -> list[Form]:
    """Return every name that the query of an operation can have."""
    return [
        Form(parameter["name"], pattern, schema)
        for parameter in operation.parameters
        if parameter["in"] == "query"
        for pattern, schema in forms_of(parameter)
    ]


def forms_of(parameter: Node) -> Iterator[tuple[str, Node]]:
    """Yield the names of a parameter: `a.b` is `a[b]`; a list has brackets, with an index if an element has fields."""
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
    """Yield the scalar values of a schema: itself, or its fields."""
    schema = CONTRACT.resolve(schema)
    for member in schema.get("anyOf", ()):
        yield from leaves(member)
    if "properties" in schema:
        yield from ((rf"\[{field}\]", CONTRACT.resolve(inner)) for field, inner in schema["properties"].items())
    elif "anyOf" not in schema:
        yield "", schema


def expected_result(operation: Operation) -> object:
    """Return the required `returns` of a row."""
    schema = operation.response
    if schema is None:
        return None
    if "$ref" in schema:
        name = schema["$ref"].removeprefix(SCHEMA_PREFIX)
        schema = CONTRACT.schemas[name]
        if page := operation.node.get("x-knock-page"):
            return PageOf(model_of(schema["properties"][page["items"]]["items"]))
        if schema.get("type") != "array":
            return getattr(t, name)
    return list[model_of(schema["items"])]  # type: ignore[misc]  # the type is known at run time only


def model_of(reference: Node) -> Any:
    """Return the model of a schema."""
    return getattr(t, reference["$ref"].removeprefix(SCHEMA_PREFIX))


def find_unused_parameters(operation: Operation, rows: list[Row]) -> set[str]:
    """Return the headers, the body fields and the forms of query parameters that no row uses."""
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


def collect_fields(rows: list[Row]) -> set[tuple[str, str]]:
    """Return the fields of named schemas in the bodies of rows, at any depth, as (schema, field)."""
    found: set[tuple[str, str]] = set()
    for row in rows:
        operation = OPERATIONS[row.operation]
        if operation.body is not None:
            add_fields(operation.body, row.body, found)
    return found


def add_fields(node: Node, value: Any, found: set[tuple[str, str]]) -> None:
    """Add the fields of a value to `found`, for every member of a union that it matches."""
    if "$ref" in node:
        reference = node["$ref"]
        if not make_validator(reference).is_valid(value):
            return
        node = CONTRACT.lookup(reference)
        name = reference.removeprefix(SCHEMA_PREFIX)
        if isinstance(value, Mapping):
            found |= {(name, field) for field in node.get("properties", {}).keys() & value.keys()}
    for member in node.get("anyOf", ()):
        add_fields(member, value, found)
    if isinstance(value, list):
        for element in value:
            add_fields(node.get("items", {}), element, found)
    elif isinstance(value, Mapping):
        rest = node.get("additionalProperties")
        for field, inner in value.items():
            known = node.get("properties", {}).get(field, rest)
            if isinstance(known, Mapping):
                add_fields(known, inner, found)
