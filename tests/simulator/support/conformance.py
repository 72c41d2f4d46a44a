"""Conformance of responses: status, headers and body against the contract, without undocumented fields."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import TYPE_CHECKING, Any

from jsonschema import Draft202012Validator
from pydantic_core import from_json

from codegen.contract.document import load, references
from knock_sdk.testing.http.errors import STATUSES
from knock_sdk.testing.validation.extra_rules import FIELDS
from tests.support.paths import CONTRACT_FILE

if TYPE_CHECKING:
    from collections.abc import Iterator

    from codegen.contract.document import Node, Operation
    from knock_sdk.testing import HTTPResponse

CONTRACT = load(CONTRACT_FILE)
OPERATIONS = {operation.id: operation for operation in CONTRACT.operations}
ERROR: Node = {"$ref": "#/components/schemas/Error"}
ERROR_FIELDS = {"code", "message", "status", "type"}


def violations(operation: str | None, response: HTTPResponse) -> Iterator[str]:
    """Yield each way in which a response violates the contract."""
    headers = {name.lower(): value for name, value in response.headers}
    if b"x-request-id" not in headers:
        yield "x-request-id is missing"
    if response.status == 204:
        if response.body:
            yield "a 204 response has a body"
    elif headers.get(b"content-type") != b"application/json; charset=utf-8":
        yield f"the content type is {headers.get(b'content-type')!r}"
    elif int(headers.get(b"content-length", -1)) != len(response.body):
        yield "the content length is wrong"
    else:
        yield from _body_violations(operation, response.status, from_json(response.body))
    if 200 <= response.status < 300:
        expected = {int(status) for status in OPERATIONS[operation].node["responses"] if status[0] == "2"}  # type: ignore[index]
        if response.status not in expected:
            yield f"{response.status} is not one of {expected}"
    elif response.status not in STATUSES.values():
        yield f"{response.status} is not in the table of errors"


def _body_violations(operation: str | None, status: int, body: Any) -> Iterator[str]:
    if 200 <= status < 300:
        if operation is None or (schema := _response_schema(OPERATIONS[operation], status)) is None:
            yield "there is a body, but the contract documents none"
            return
    else:
        schema = ERROR
        if not isinstance(body, dict) or not body.keys() >= ERROR_FIELDS or body["status"] != status:
            yield f"the error lacks a field, or has another status: {body}"
    for error in _validator(_key(schema)).iter_errors(body):
        yield f"{error.json_path}: {error.message[:200]}"


def _response_schema(operation: Operation, status: int) -> Node | None:
    response = CONTRACT.resolve(operation.node["responses"][str(status)])
    return response.get("content", {}).get("application/json", {}).get("schema")


def _key(schema: Node) -> str:
    """Return a cache key for a schema: its reference, or that of its items."""
    return schema["$ref"] if "$ref" in schema else f"list of {schema['items']['$ref']}"


@cache
def _validator(key: str) -> Draft202012Validator:
    reference = {"$ref": key.removeprefix("list of ")}
    schema = {"type": "array", "items": reference} if key.startswith("list of ") else reference
    return Draft202012Validator({**schema, "components": {"schemas": _closed_schemas()}})


@cache
def _closed_schemas() -> dict[str, Any]:
    """Return the named schemas with unknown fields forbidden, unless a schema allows them.

    Members of an `allOf` stay open; the schema that combines them is closed. Fields that only the API's prose documents
    are allowed, too.
    """
    members = {name for schema in CONTRACT.schemas.values() for name in references(schema.get("allOf"))}
    combined = {name for name, schema in CONTRACT.schemas.items() if "allOf" in schema}
    closed = {name: schema if name in members else _close(schema) for name, schema in CONTRACT.schemas.items()}
    for name, fields in FIELDS.items():
        closed[name] = {**closed[name], "properties": {**closed[name].get("properties", {}), **fields}}
    return closed | {name: {**CONTRACT.schemas[name], "unevaluatedProperties": False} for name in combined}


def _close(node: Any) -> Any:
    if isinstance(node, list):
        return [_close(inner) for inner in node]
    if not isinstance(node, Mapping):
        return node
    copy = {key: _close(value) for key, value in node.items()}
    if "properties" in copy and copy.get("type") == "object":
        copy.setdefault("additionalProperties", False)
        copy["required"] = [*copy.get("required", ()), *copy.get("x-knock-always-sent", ())]
    return copy
