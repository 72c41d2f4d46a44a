"""Generator of `testing/contract/`, the data with which the simulator routes and validates requests.

The schemas are the contract's own, without descriptions; `$ref` is only a schema's name.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, cast

from codegen.contract.document import SCHEMA_PREFIX
from codegen.formatting import HEADER, tidy
from codegen.generators import operations

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from codegen.contract.document import Contract, Node, Operation

FOLDER = "testing/contract"

CHECKED = (
    "type",
    "enum",
    "required",
    "properties",
    "additionalProperties",
    "maxProperties",
    "items",
    "maxItems",
    "anyOf",
    "format",
    "minLength",
    "maxLength",
    "minimum",
    "maximum",
    "contentSchema",
    "x-knock-max-bytes",
    "$ref",
)
"""The keywords that the simulator validates."""

NOT_CHECKED = frozenset({"description", "default", "contentMediaType", "x-knock-always-sent", "x-knock-domain"})

PACKAGE_DOCSTRING = '"""The rules of the contract for requests, as data."""'
OLDER_DOCSTRING = '''\
"""Operations of the contract that no method of the client calls: deprecated ones, and older spellings of others."""'''


def generate(contract: Contract, package: Path) -> None:
    """Write `testing/contract/` into a package folder."""
    folder = package / FOLDER
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "__init__.py").write_text(f"{HEADER}\n{PACKAGE_DOCSTRING}\n", encoding="utf-8")
    (folder / "requests.json").write_text(_data(contract), encoding="utf-8")
    older = folder / "older_operations.py"
    older.write_text(_older(contract), encoding="utf-8")
    tidy(older)


def unknown_keywords(contract: Contract) -> Iterator[str]:
    """Yield a message for each keyword of a request's schemas that the simulator does not validate."""
    for name, schema in _schemas(contract).items():
        for keyword in sorted({keyword for node in _subschemas(schema) for keyword in node} - {*CHECKED, *NOT_CHECKED}):
            yield f"{name} has {keyword}, which the simulator does not check"


def _data(contract: Contract) -> str:
    """Return the data as JSON, one entry per line, so that diffs stay small."""
    described = {operation.id: _operation(operation) for operation in contract.operations}
    schemas = {name: _shorten(node) for name, node in contract.schemas.items() if name in contract.request_schemas}
    made = HEADER.removeprefix("# ")
    return f'{{\n"origin": {json.dumps(made)},\n"operations": {_lines(described)},\n"schemas": {_lines(schemas)}\n}}\n'


def _lines(entries: Mapping[str, object]) -> str:
    lines = (f"{json.dumps(name)}: {json.dumps(entry, separators=(',', ':'))}" for name, entry in entries.items())
    return "{\n" + ",\n".join(lines) + "\n}"


def _operation(operation: Operation) -> dict[str, Any]:
    described: dict[str, Any] = {}
    if method := operation.method or operation.alias_of:
        described["method"] = method
    if operation.node.get("x-knock-public"):
        described["public"] = True
    for parameter in operation.parameters:
        schema = _shorten(parameter["schema"])
        entry: dict[str, Any] = {"schema": schema}
        if parameter["in"] == "path":
            schema.pop("format", None)  # an invalid id is a 404
            if schema == {"type": "string"}:
                continue  # true of every segment
        elif parameter.get("required"):
            entry["required"] = True
        described.setdefault(parameter["in"], {})[parameter["name"].removesuffix("[]")] = entry
    if operation.body is not None:
        body: dict[str, Any] = {"schema": _shorten(operation.body)}
        if operation.node["requestBody"].get("required"):
            body["required"] = True
        described["body"] = body
    return described


def _shorten(schema: Node) -> dict[str, Any]:
    """Return a schema reduced to the keywords that are validated."""
    short: dict[str, Any] = {}
    for keyword in CHECKED:
        value = schema.get(keyword)
        if keyword == "$ref" and value is not None:
            short[keyword] = value.removeprefix(SCHEMA_PREFIX)
        elif keyword == "properties" and value is not None:
            short[keyword] = {field: _shorten(inner) for field, inner in cast("Mapping[str, Node]", value).items()}
        elif isinstance(value, dict):
            short[keyword] = _shorten(cast("Node", value))
        elif keyword == "anyOf" and value is not None:
            short[keyword] = [_shorten(inner) for inner in value]
        elif value is not None and value is not True:
            short[keyword] = value
    return short


def _older(contract: Contract) -> str:
    older = [operation for operation in contract.operations if not (operation.method or operation.alias_of)]
    return "\n".join(
        [
            HEADER,
            OLDER_DOCSTRING,
            "",
            "from __future__ import annotations",
            "",
            "from ..._core.requests.operation import Operation",
            "",
            "OLDER = (",
            *(f"{operations.construction(contract, operation)}," for operation in older),
            ")",
            "",
        ]
    )


def _schemas(contract: Contract) -> dict[str, Node]:
    """Return every schema of the data, by its name in messages."""
    found = {f"schema {name}": contract.schemas[name] for name in sorted(contract.request_schemas)}
    for operation in contract.operations:
        for parameter in operation.parameters:
            found[f"parameter {parameter['name']} of {operation.key}"] = parameter["schema"]
        if operation.body is not None:
            found[f"the body of {operation.key}"] = operation.body
    return found


def _subschemas(schema: Node) -> Iterator[Node]:
    """Yield a schema and those inside it."""
    yield schema
    children: list[Node] = [*schema.get("properties", {}).values(), *schema.get("anyOf", ())]
    children += [schema[name] for name in ("items", "contentSchema") if name in schema]
    rest: object = schema.get("additionalProperties")
    if isinstance(rest, dict):
        children.append(cast("Node", rest))
    for child in children:
        yield from _subschemas(child)
