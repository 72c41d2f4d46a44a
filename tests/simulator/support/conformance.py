"""The simulator's answers held against the contract: what each status may carry, and nothing beside it."""

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


def problems(operation: str | None, response: HTTPResponse) -> Iterator[str]:
    """What an answer has that the contract does not say of it."""
    headers = {name.lower(): value for name, value in response.headers}
    if b"x-request-id" not in headers:
        yield "there is no x-request-id"
    if response.status == 204:
        if response.body:
            yield "204 goes without a body"
    elif headers.get(b"content-type") != b"application/json; charset=utf-8":
        yield f"the content type is {headers.get(b'content-type')!r}"
    elif int(headers.get(b"content-length", -1)) != len(response.body):
        yield "the content length is wrong"
    else:
        yield from _body_problems(operation, response.status, from_json(response.body))
    if 200 <= response.status < 300:
        expected = {int(status) for status in OPERATIONS[operation].node["responses"] if status[0] == "2"}  # type: ignore[index]
        if response.status not in expected:
            yield f"{response.status} is none of {expected}"
    elif response.status not in STATUSES.values():
        yield f"{response.status} is no status of the table of errors"


def _body_problems(operation: str | None, status: int, body: Any) -> Iterator[str]:
    if 200 <= status < 300:
        if operation is None or (schema := _answer(OPERATIONS[operation], status)) is None:
            yield "there is a body that the contract does not have"
            return
    else:
        schema = ERROR
        if not isinstance(body, dict) or not body.keys() >= ERROR_FIELDS or body["status"] != status:
            yield f"the error lacks a field, or has another status: {body}"
    for error in _validator(_key(schema)).iter_errors(body):
        yield f"{error.json_path}: {error.message[:200]}"


def _answer(operation: Operation, status: int) -> Node | None:
    response = CONTRACT.resolve(operation.node["responses"][str(status)])
    return response.get("content", {}).get("application/json", {}).get("schema")


def _key(schema: Node) -> str:
    """A schema as something that can be remembered: references are told apart by what they refer to."""
    return schema["$ref"] if "$ref" in schema else f"list of {schema['items']['$ref']}"


@cache
def _validator(key: str) -> Draft202012Validator:
    reference = {"$ref": key.removeprefix("list of ")}
    schema = {"type": "array", "items": reference} if key.startswith("list of ") else reference
    return Draft202012Validator({**schema, "components": {"schemas": _closed_schemas()}})


@cache
def _closed_schemas() -> dict[str, Any]:
    """The named schemas, their objects with no other fields than their own, unless they say otherwise.

    Those that are parts of others stay open by themselves: the whole is what is closed. Fields that the API documents
    in prose only are their own, too.
    """
    parts = {name for schema in CONTRACT.schemas.values() for name in references(schema.get("allOf"))}
    whole = {name for name, schema in CONTRACT.schemas.items() if "allOf" in schema}
    closed = {name: schema if name in parts else _closed(schema) for name, schema in CONTRACT.schemas.items()}
    for name, fields in FIELDS.items():
        closed[name] = {**closed[name], "properties": {**closed[name].get("properties", {}), **fields}}
    return closed | {name: {**CONTRACT.schemas[name], "unevaluatedProperties": False} for name in whole}


def _closed(node: Any) -> Any:
    if isinstance(node, list):
        return [_closed(inner) for inner in node]
    if not isinstance(node, Mapping):
        return node
    copy = {key: _closed(value) for key, value in node.items()}
    if "properties" in copy and copy.get("type") == "object":
        copy.setdefault("additionalProperties", False)
        copy["patternProperties"] = {"^__strategy__$": {}}  # echoed, though only the API's prose documents it
    return copy
