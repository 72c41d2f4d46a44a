"""Generator of `_core/requests/operations.py`, the table of operations that the client's methods refer to.

The names of these methods are in a module of their own, `method_names.py`: calls do not need them.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from codegen.formatting import HEADER, tidy

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from codegen.contract.document import Contract, Node, Operation

KINDS = ("items", "length", "pairs", "range", "size")

DOCSTRING = '"""Every operation that a method of the client calls, in the order of the contract."""'
DOCSTRING_OF_NAMES = '"""The client\'s method that calls an operation, by the operation\'s id."""'


def generate(contract: Contract, package: Path) -> None:
    """Write `_core/requests/operations.py` and `method_names.py` into a package folder."""
    called = [operation for operation in contract.operations if operation.method or operation.alias_of]
    lines = [
        HEADER,
        DOCSTRING,
        "",
        "from __future__ import annotations",
        "",
        "from .operation import Operation",
        "",
        *(f"{constant(operation.id)} = {construction(contract, operation)}" for operation in called),
    ]
    names = [
        HEADER,
        DOCSTRING_OF_NAMES,
        "",
        "METHOD_NAMES = {",
        *(f"    {operation.id!r}: {operation.method or operation.alias_of!r}," for operation in called),
        "}",
    ]
    folder = package / "_core" / "requests"
    folder.mkdir(parents=True, exist_ok=True)
    for name, content in (("operations.py", lines), ("method_names.py", names)):
        (folder / name).write_text("\n".join(content) + "\n", encoding="utf-8")
        tidy(folder / name)


def constant(operation_id: str) -> str:
    """Return the name of an operation's constant: `identifyUser` → `IDENTIFY_USER`."""
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", operation_id).upper()


def construction(contract: Contract, operation: Operation) -> str:
    """Return the expression that constructs an operation; arguments with their default value are left out."""
    node = operation.node
    arguments = [
        repr(operation.id),
        repr(operation.verb),
        repr(operation.path),
        repr(node["x-knock-tier"]),
        repr(node["x-knock-repeat"]),
    ]
    limits = list(limits_of(contract, operation))
    of_kinds = {kind: {limit.name: limit.value for limit in limits if limit.kind == kind} for kind in KINDS}
    arguments += [f"{kind}={of_kind!r}" for kind, of_kind in of_kinds.items() if of_kind]
    if page := node.get("x-knock-page"):
        arguments.append(f"page={(page['items'], page['next'], page['parameter'])!r}")
    return f"Operation({', '.join(arguments)})"


class Limit(NamedTuple):
    """A limit of a parameter, or of a field of the body."""

    kind: str
    name: str
    value: int | tuple[int, int] | tuple[str, ...] | None


def limits_of(contract: Contract, operation: Operation) -> Iterator[Limit]:
    """Yield the limits of an operation that the client checks."""
    for parameter in operation.parameters:
        if parameter["in"] != "header":  # `_core/values/headers.py` checks the only one, the idempotency key
            yield from _of_schema(contract, parameter["name"].removesuffix("[]"), parameter["schema"])
    if operation.body is not None:
        for name, schema in _properties(contract, operation.body):
            yield from _of_schema(contract, name, schema)
            for inner_name, inner in _properties(contract, schema.get("items", {})):
                yield from _of_schema(contract, f"{name}.{inner_name}", inner)


def _of_schema(contract: Contract, name: str, schema: Node) -> Iterator[Limit]:
    schema = contract.resolve(schema)
    if "items" in schema:
        yield Limit("items", name, schema.get("maxItems"))
    branches = [contract.resolve(branch) for branch in schema.get("anyOf", ())]
    if any("items" in branch for branch in branches) and (words := [w for b in branches for w in b.get("enum", ())]):
        yield Limit("items", name, tuple(words))
    if "maxProperties" in schema:
        yield Limit("pairs", name, schema["maxProperties"])
    if "maxLength" in schema:
        yield Limit("length", name, schema["maxLength"])
    if "minimum" in schema and "maximum" in schema:
        yield Limit("range", name, (schema["minimum"], schema["maximum"]))
    if "x-knock-max-bytes" in schema:
        yield Limit("size", name, schema["x-knock-max-bytes"])


def _properties(contract: Contract, schema: Node) -> Iterator[tuple[str, Node]]:
    """Yield the properties of an object, or of every object in a union."""
    schema = contract.resolve(schema)
    properties: Mapping[str, Node] = schema.get("properties", {})
    yield from properties.items()
    for branch in schema.get("anyOf", ()):
        yield from _properties(contract, branch)
