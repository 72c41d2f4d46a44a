"""What the project's own functions return, and what attributes its classes have."""

from __future__ import annotations

from typing import TYPE_CHECKING

import libcst as cst

from .annotations import value_of_annotation
from .values import Bound, Class, Function, Instance, Nothing, Pending, Value

if TYPE_CHECKING:
    from .index import Binding

_PROPERTIES = {"property", "cached_property"}
_MANAGERS = {"contextmanager", "asynccontextmanager"}


def returned_by(function: Function) -> Value:
    """Return what a call of a function gives: what is annotated, or else what it returns in all cases."""
    node, file = function.node, function.file
    at = file.index.positions[id(node)]
    returned = file.index.returned.get(id(node), [])
    value: Value = None
    if node.returns is not None:
        value = value_of_annotation(node.returns.annotation, at, file)
    if value is None and returned:
        values = [file.value(each) for each in returned]
        kept = [each for each in values if each != Nothing()]
        value = kept[0] if kept and all(each == kept[0] for each in kept) else None
    if value is None:
        return None
    if id(node) in file.index.generators:
        return Pending(value) if decorators(node) & _MANAGERS else value if _is_fixture(node) else None
    return Pending(value) if node.asynchronous is not None and not _is_fixture(node) else value


def attribute_of_class(owner: Instance | Class, name: str, seen: frozenset[int] = frozenset()) -> Value:
    """Return what an attribute of a class or of an instance is: what is assigned, annotated, defined or inherited."""
    cls = owner.of if isinstance(owner, Instance) else owner
    file = cls.file
    bindings: list[Binding] = [*cls.scope.bindings.get(name, [])]
    if isinstance(owner, Instance):
        bindings += cls.scope.attributes.get(name, [])
    values = [each for each in map(file.bound, bindings) if each != Nothing()]
    if values:
        first = values[0]
        if not all(each == first for each in values):
            return None
        if isinstance(first, Function) and isinstance(owner, Instance):
            return returned_by(first) if decorators(first.node) & _PROPERTIES else Bound(first)
        return first
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


def _is_fixture(node: cst.FunctionDef) -> bool:
    return "fixture" in decorators(node)
