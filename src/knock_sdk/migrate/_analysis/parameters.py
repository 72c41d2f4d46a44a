"""What parameters without an annotation are given."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

import libcst as cst

from .binder import first_parameter
from .definitions import handed_out, is_fixture
from .values import Bound, Class, Function, Instance, Nothing, Value, agreed

if TYPE_CHECKING:
    from .scopes import Scope
    from .values import File


def value_of_parameter(file: File, node: cst.Param, scope: Scope) -> Value:
    """Return what a parameter is: `self`, its default, a fixture, or what all calls in the file give."""
    function, owner = scope.node, scope.parent
    if not isinstance(function, cst.FunctionDef):
        return None
    if owner is not None and owner.kind == "class" and first_parameter(function) is node:
        return Instance(cast("Class", file.definition(cast("cst.ClassDef", owner.node))))
    default = None if node.default is None else file.value(node.default)
    if isinstance(node.default, cst.Call) and (provided := _dependency(file, node.default)) is not None:
        return provided
    if default not in {None, Nothing()}:
        return default
    return _fixture(file, node.name.value) or _given(file, node, function, owner)


def _dependency(file: File, default: cst.Call) -> Value:
    """Return what `Depends(get_client)` provides, as FastAPI calls it."""
    name = default.func.attr if isinstance(default.func, cst.Attribute) else default.func
    if not isinstance(name, cst.Name) or name.value != "Depends" or not default.args:
        return None
    provider = file.value(default.args[0].value)
    return handed_out(provider) if isinstance(provider, Function) else None


def _fixture(file: File, name: str) -> Value:
    for binding in file.index.module.bindings.get(name, ()):
        if isinstance(binding.node, cst.FunctionDef) and is_fixture(binding.node):
            return handed_out(cast("Function", file.definition(binding.node)))
    return file.fixture(name)


def _given(file: File, node: cst.Param, function: cst.FunctionDef, owner: Scope | None) -> Value:
    """Return what all calls in the file give for a parameter."""
    made = owner.node if owner is not None and function.name.value == "__init__" else None
    name = made.name.value if isinstance(made, cst.ClassDef) else function.name.value
    if file.is_shared(name):  # with other arguments, perhaps
        return None
    values: list[Value] = []
    for call in file.calls_of(name):
        called = file.value(call.func)
        is_method = isinstance(called, Bound) and called.function.node is function
        is_method = is_method or (isinstance(called, Class) and called.node is made)
        if not is_method and not (isinstance(called, Function) and called.node is function):
            continue
        if any(each.star for each in call.args):
            return None
        argument = _argument(call, node, function, skipped=int(is_method))
        if argument is not None:
            values.append(file.value(argument.value))
    return agreed(values)


def _argument(call: cst.Call, node: cst.Param, function: cst.FunctionDef, *, skipped: int) -> cst.Arg | None:
    """Return the argument for a parameter, by its name or its position after `self`."""
    for argument in call.args:
        if argument.keyword is not None and argument.keyword.value == node.name.value:
            return argument
    by_position = (*function.params.posonly_params, *function.params.params)[skipped:]
    given = [each for each in call.args if each.keyword is None]
    return next((each for parameter, each in zip(by_position, given, strict=False) if parameter is node), None)
