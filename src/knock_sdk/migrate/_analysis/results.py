"""What calls return."""

from __future__ import annotations

from types import NoneType
from typing import TYPE_CHECKING

import libcst as cst

from .._vendor.old_methods import OLD_METHODS, STATUS_METHODS
from .annotations import of_class, value_of_annotation
from .client_methods import method
from .definitions import returned_by
from .shapes import asynchronous, field_of, is_asynchronous, is_page, list_of
from .values import Bound, Caught, Class, Client, Data, Function, Instance, Member, Nothing, Pending, Raw, Symbol, Value

if TYPE_CHECKING:
    from .values import File

_COPIES = {"with_options", "copy"}
_BY_PATH = {"get", "post", "put", "delete", "patch", "request"}
_LISTS = {"builtins.list", "builtins.tuple", "builtins.sorted", "builtins.reversed"}
_RUN = {"asyncio.run", "anyio.run"}


def value_of_call(file: File, node: cst.Call) -> Value:
    """Return what a call returns."""
    function = file.value(node.func)
    if isinstance(function, Member):
        return _of_method(function, node)
    if isinstance(function, Symbol):
        return _of_symbol(file, function, node)
    if isinstance(function, Function | Bound):
        return returned_by(function.function if isinstance(function, Bound) else function)
    if isinstance(function, Class):
        return Instance(function)
    if isinstance(node.func, cst.Attribute):
        return _of_attribute(file.value(node.func.value), node.func.attr.value, node)
    return None


def target_of(path: str, node: cst.Call) -> str:
    """Return the path here of a method that is called."""
    if method(path) is not None or path not in OLD_METHODS:
        return path
    target = OLD_METHODS[path].target
    methods = STATUS_METHODS.get(path, {})
    for argument in node.args:
        if isinstance(argument.value, cst.SimpleString) and (name := methods.get(str(argument.value.evaluated_value))):
            return target.format(status=name)
    return target


def _of_method(called: Member, node: cst.Call) -> Value:
    if called.path in _COPIES:
        return Client(called.asynchronous)
    known = method(target_of(called.path, node))
    if known is None or called.path in _BY_PATH:
        return None
    result: Value = Nothing()
    if known.result is not NoneType:
        result = Data(asynchronous(known.result) if called.asynchronous else known.result, whole=True)
    if called.raw:
        result = Raw(result, called.raw, called.asynchronous)
    return Pending(result) if called.asynchronous or called.raw == "streaming" else result


def _of_symbol(file: File, function: Symbol, node: cst.Call) -> Value:
    created = of_class(function)
    if isinstance(created, Client | Caught) or not node.args:
        return created if isinstance(created, Client | Caught) else None
    first = node.args[0].value
    if function.path in _LISTS:
        item = file.item(file.value(first))
        return Data(list_of(item.type)) if isinstance(item, Data) else None
    if function.path in _RUN:
        value = file.value(first)
        return value.result if isinstance(value, Pending) else None
    at = file.index.positions.get(id(node))
    return value_of_annotation(first, at, file) if function.path == "typing.cast" and at is not None else None


def _of_attribute(owner: Value, name: str, node: cst.Call) -> Value:
    """Return what a method of a response returns."""
    if isinstance(owner, Raw) and name == "parse":
        return Pending(owner.result) if owner.asynchronous else owner.result
    if isinstance(owner, Pending) and isinstance(owner.result, Data) and is_page(owner.result.type):
        owner = owner.result  # a list that is not awaited
    if not isinstance(owner, Data):
        return None
    if is_page(owner.type) and name == "get_next_page":
        page = Data(owner.type, whole=True)
        return Pending(page) if is_asynchronous(owner.type) else page
    if is_page(owner.type) and name in {"iter_pages", "pages"}:
        return Data(list_of(owner.type))
    if name == "get" and node.args and isinstance(key := node.args[0].value, cst.SimpleString):
        field = field_of(owner.type, str(key.evaluated_value))
        return None if field is None else Data(field.type)
    return None
