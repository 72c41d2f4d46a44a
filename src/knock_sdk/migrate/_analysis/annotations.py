"""What annotations say about values."""

from __future__ import annotations

import re
from importlib import import_module
from typing import TYPE_CHECKING

import libcst as cst

from .._vendor.names import CLIENTS, ERROR_CLASSES, OURS, THEIRS, counterpart
from .shapes import is_asynchronous, is_page, list_of, page_of
from .values import Caught, Class, Client, Data, Instance, Nothing, Pending, Symbol, Value, agreed

if TYPE_CHECKING:
    from .scopes import Position
    from .values import File

_TRANSPARENT = {"Optional", "Annotated", "ClassVar", "Final", "Required", "NotRequired", "InitVar", "Mapped"}
_LISTS = {"list", "List", "Sequence", "Iterable", "Collection", "tuple", "Tuple"}
_PENDING = {"Awaitable", "Coroutine", "AbstractContextManager", "AbstractAsyncContextManager", "ContextManager"}
_YIELDED = {"Iterator", "Generator", "AsyncIterator", "AsyncGenerator", "AsyncIterable"}


def value_of_annotation(node: cst.BaseExpression, at: Position, file: File) -> Value:
    """Return what a value with an annotation is."""
    if isinstance(node, cst.SimpleString | cst.ConcatenatedString):
        parsed = _parsed(node.evaluated_value)
        return None if parsed is None else value_of_annotation(parsed, at, file)
    if isinstance(node, cst.BinaryOperation):
        return agreed([value_of_annotation(side, at, file) for side in (node.left, node.right)])
    if isinstance(node, cst.Subscript):
        return _generic(node, at, file)
    if isinstance(node, cst.Name) and node.value == "None":
        return Nothing()
    named = file.named(node, at)
    return Instance(named) if isinstance(named, Class) else of_class(named)


def of_class(named: Value) -> Value:
    """Return what an instance of a class of the vendor's package or of this one is."""
    if not isinstance(named, Symbol) or named.path.partition(".")[0] not in {THEIRS, OURS}:
        return None
    name = named.path.rpartition(".")[2]
    if name in CLIENTS:
        return Client(CLIENTS[name])
    if name in ERROR_CLASSES:
        return Caught(name)
    here = counterpart(named.path) if named.path.startswith(THEIRS) else named.path
    loaded = None if here is None or (".types." not in f"{here}." and not here.endswith("Page")) else load(here)
    return None if loaded is None else Data(loaded)


def load(expression: str) -> object:
    """Return the type that an expression such as `list[knock_sdk.types.Message]` names; None if it names none."""
    if listed := re.fullmatch(r"list\[(.+)\]", expression):
        item = load(listed[1])
        return None if item is None else list_of(item)
    value: object = import_module(OURS)  # by its public names
    for name in expression.split(".")[1:]:
        value = getattr(value, name, None)
    return value if isinstance(value, type) or hasattr(value, "__origin__") else None


def _parsed(text: object) -> cst.BaseExpression | None:
    try:
        return cst.parse_expression(text) if isinstance(text, str) else None
    except (cst.ParserSyntaxError, cst.CSTValidationError):
        return None


def _generic(node: cst.Subscript, at: Position, file: File) -> Value:
    name = node.value.attr if isinstance(node.value, cst.Attribute) else node.value
    inner = [
        value_of_annotation(element.slice.value, at, file)
        for element in node.slice
        if isinstance(element.slice, cst.Index)
    ]
    if not inner or not isinstance(name, cst.Name):
        return None
    if name.value == "Union":
        return agreed(inner)
    if name.value in _PENDING:
        return Pending(inner[-1])
    if name.value in _TRANSPARENT | _YIELDED:
        return inner[0]
    return _collection(name.value, inner[0], of_class(file.named(node.value, at)))


def _collection(name: str, item: Value, owner: Value) -> Value:
    """Return what a list or a page of items is."""
    if not isinstance(item, Data):
        return None
    if name in _LISTS:
        return Data(list_of(item.type))
    if isinstance(owner, Data) and is_page(owner.type):
        return Data(page_of(item.type, asynchronous=is_asynchronous(owner.type)))
    return None
