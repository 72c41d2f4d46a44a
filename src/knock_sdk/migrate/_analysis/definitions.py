"""What the project's own functions return, and what attributes its classes have."""

from __future__ import annotations

from typing import TYPE_CHECKING

import libcst as cst

from .annotations import value_of_annotation
from .values import Bound, Class, Function, Instance, Nothing, Pending, Value, agreed

if TYPE_CHECKING:
    from .scopes import Binding

_PROPERTIES = {"property", "cached_property"}
_MANAGERS = {"contextmanager", "asynccontextmanager"}


def handed_out(function: Function) -> Value:
    """Return what a function returns or yields: what is annotated, or else what it does in all cases."""
    node, file = function.node, function.file
    at = file.index.positions[id(node)]
    annotated = None if node.returns is None else value_of_annotation(node.returns.annotation, at, file)
    return annotated or agreed(file.value(each) for each in file.index.returned.get(id(node), []))


def returned_by(function: Function) -> Value:
    """Return what a call of a function gives."""
    node, file = function.node, function.file
    value = handed_out(function)
    if value in {None, Nothing()}:
        return value
    if id(node) in file.index.generators:
        return Pending(value) if decorators(node) & _MANAGERS else None
    return value if node.asynchronous is None else Pending(value)


def attribute_of_class(owner: Instance | Class, name: str, seen: frozenset[int] = frozenset()) -> Value:
    """Return what an attribute of a class or of an instance is: what is assigned, annotated, defined or inherited."""
    cls = owner.of if isinstance(owner, Instance) else owner
    file = cls.file
    bindings: list[Binding] = [*cls.scope.bindings.get(name, [])]
    if isinstance(owner, Instance):
        bindings += cls.scope.attributes.get(name, [])
    value = agreed(map(file.bound, bindings))
    if isinstance(value, Function) and isinstance(owner, Instance):
        return returned_by(value) if decorators(value.node) & _PROPERTIES else Bound(value)
    if value not in {None, Nothing()}:
        return value
    for base in cls.node.bases:
        inherited = file.value(base.value)
        if isinstance(inherited, Class) and id(inherited) not in seen:
            found = attribute_of_class(
                Instance(inherited) if isinstance(owner, Instance) else inherited, name, seen | {id(cls)}
            )
            if found is not None:
                return found
    return None


def decorators(node: cst.FunctionDef) -> set[str]:
    """Return the last names of a function's decorators."""
    names: set[str] = set()
    for each in node.decorators:
        expression = each.decorator.func if isinstance(each.decorator, cst.Call) else each.decorator
        name = expression.attr if isinstance(expression, cst.Attribute) else expression
        if isinstance(name, cst.Name):
            names.add(name.value)
    return names


def is_fixture(node: cst.FunctionDef) -> bool:
    """Return whether a function is a fixture of pytest."""
    return "fixture" in decorators(node)
