"""What annotations say about values."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, cast

import libcst as cst

import knock_sdk

from ..vendor.names import CLIENTS, ERROR_CLASSES, OURS, THEIRS, counterpart
from .values import Caught, Class, Client, Data, Instance, Nothing, Pending, Symbol, Value

if TYPE_CHECKING:
    from .index import Position
    from .inference import Inference

_TRANSPARENT = {"Optional", "Annotated", "ClassVar", "Final", "Required", "NotRequired", "InitVar", "Mapped"}
_LISTS = {"list", "List", "Sequence", "Iterable", "Collection", "tuple", "Tuple"}
_PENDING = {"Awaitable", "Coroutine", "AbstractContextManager", "AbstractAsyncContextManager", "ContextManager"}
_YIELDED = {"Iterator", "Generator", "AsyncIterator", "AsyncGenerator", "AsyncIterable"}


def value_of_annotation(node: cst.BaseExpression, at: Position, file: Inference) -> Value:
    """Return what a value with an annotation is."""
    if isinstance(node, cst.SimpleString | cst.ConcatenatedString):
        text = node.evaluated_value
        try:
            return value_of_annotation(cst.parse_expression(cast("str", text)), at, file)
        except Exception:  # noqa: BLE001 - libcst has several errors for what is no expression
            return None
    if isinstance(node, cst.BinaryOperation):
        return _one([value_of_annotation(side, at, file) for side in (node.left, node.right)])
    if isinstance(node, cst.Subscript):
        return _generic(node, at, file)
    if isinstance(node, cst.Name) and node.value == "None":
        return Nothing()
    named = file.named(node, at)
    if isinstance(named, Class):
        return Instance(named)
    return of_class(named)


def of_class(named: Value) -> Value:
    """Return what an instance of a class of the vendor's package or of this one is."""
    if not isinstance(named, Symbol):
        return None
    package, _, name = named.path.partition(".")
    name = name.rpartition(".")[2]
    if package not in {THEIRS, OURS}:
        return None
    if name in CLIENTS:
        return Client(CLIENTS[name])
    if name in ERROR_CLASSES:
        return Caught(name)
    here = counterpart(named.path) if package == THEIRS else named.path
    if here is None or ".params" in here or here.endswith((".NotGiven", ".BaseModel")):
        return None
    loaded = load(here)
    return None if loaded is None else Data(loaded)


def load(expression: str) -> object:
    """Return the type that an expression such as `list[knock_sdk.types.Message]` names; None if it names none."""
    if listed := re.fullmatch(r"list\[(.+)\]", expression):
        item = load(listed[1])
        return None if item is None else list[cast("Any", item)]
    value: object = knock_sdk
    for name in expression.split(".")[1:]:
        value = getattr(value, name, None)
    return value if isinstance(value, type) or hasattr(value, "__origin__") else None


def _generic(node: cst.Subscript, at: Position, file: Inference) -> Value:
    name = node.value.attr.value if isinstance(node.value, cst.Attribute) else cast("cst.Name", node.value).value
    inner = [
        value_of_annotation(element.slice.value, at, file)
        for element in node.slice
        if isinstance(element.slice, cst.Index)
    ]
    if not inner:
        return None
    if name in _TRANSPARENT:
        return inner[0]
    if name == "Union":
        return _one(inner)
    if name in _PENDING:
        return Pending(inner[-1])
    if name in _YIELDED:
        return inner[0]
    first = inner[0]
    if not isinstance(first, Data):
        return None
    if name in _LISTS:
        return Data(Sequence[cast("Any", first.type)])
    owner = of_class(file.named(node.value, at))
    if isinstance(owner, Data) and owner.type in {knock_sdk.Page, knock_sdk.AsyncPage}:
        return Data(cast("Any", owner.type)[first.type])
    return None


def _one(values: list[Value]) -> Value:
    kept = [value for value in values if value != Nothing()]
    return kept[0] if kept and all(value == kept[0] for value in kept) else None
