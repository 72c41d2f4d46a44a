"""What binds names: targets, parameters, imports and definitions."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, cast

import libcst as cst

from .scopes import Binding, Position, Scope

if TYPE_CHECKING:
    from .scopes import How


class Binder(cst.CSTVisitor):
    """Collects scopes and their bindings; a part of `Index`, which walks."""

    def __init__(self) -> None:
        """Start outside of any scope."""
        super().__init__()
        self.module: Scope
        self.scopes: dict[int, Scope] = {}
        self.loop_ends: dict[int, int] = {}
        self._scope: Scope | None = None
        self._blocks: list[tuple[int, ...]] = [()]
        self._loops: list[tuple[int, ...]] = [()]
        self._order = 0

    @property
    def current(self) -> Scope:
        """The scope that the walk is in."""
        if self._scope is None:
            raise RuntimeError("a module is visited first")
        return self._scope

    def step(self) -> int:
        """Return a number that is larger than all before."""
        self._order += 1
        return self._order

    def here(self) -> Position:
        """Return the place that the walk is at."""
        return Position(self.current, self.step(), self._blocks[-1], self._loops[-1])

    def push(self, kind: Literal["module", "class", "function", "inline"], node: cst.CSTNode) -> Scope:
        """Begin a scope."""
        self._scope = self.scopes[id(node)] = Scope(kind, self._scope, node)
        return self._scope

    def pop(self) -> None:
        """End a scope."""
        self._scope = self.current.parent

    def begin_function(self, node: cst.FunctionDef | cst.Lambda) -> None:
        """Begin the body of a function, which has blocks and loops of its own."""
        self._blocks.append(())
        self._loops.append(())
        self.push("function", node)
        self._bind_parameters(node.params)

    def end_function(self) -> None:
        """End the body of a function."""
        self.pop()
        self._blocks.pop()
        self._loops.pop()

    def begin_block(self) -> None:
        """Begin a block of statements."""
        self._blocks[-1] = (*self._blocks[-1], self.step())

    def end_block(self) -> None:
        """End a block of statements."""
        self._blocks[-1] = self._blocks[-1][:-1]

    def begin_loop(self) -> None:
        """Begin a loop."""
        self._loops[-1] = (*self._loops[-1], self.step())

    def end_loop(self) -> None:
        """End a loop."""
        self.loop_ends[self._loops[-1][-1]] = self.step()
        self._loops[-1] = self._loops[-1][:-1]

    def bind(
        self,
        target: cst.CSTNode,
        how: How,
        value: cst.BaseExpression | None = None,
        annotation: cst.BaseExpression | None = None,
    ) -> None:
        """Bind what a target names: a name, an attribute of `self`, or the parts of a tuple."""
        if isinstance(target, cst.Name):
            self.add(Binding(target.value, how, self.here(), value, annotation))
        elif isinstance(target, cst.Attribute):
            self._bind_attribute(target, Binding(target.attr.value, how, self.here(), value, annotation))
        elif isinstance(target, cst.Tuple | cst.List):
            self._bind_parts(target, how, value)
        elif isinstance(target, cst.StarredElement):
            self.bind(target.value, "unknown")

    def add(self, binding: Binding) -> None:
        """Store a binding with the scope that it belongs to."""
        # What `:=` binds in a comprehension belongs to the function around it; targets of `for` do not.
        scope = self.current.body if binding.how == "value" else self.current
        where = scope.elsewhere.get(binding.name)
        if where == "global":
            scope = self.module
        elif where == "nonlocal":
            scope = _owner_of(binding.name, scope)
        scope.bindings.setdefault(binding.name, []).append(binding)

    def _bind_parts(self, target: cst.Tuple | cst.List, how: How, value: cst.BaseExpression | None) -> None:
        targets = [element.value for element in target.elements]
        if how == "item" and len(targets) == 2 and (counted := _counted(value)) is not None:
            self.bind(targets[1], "item", counted)
            return
        values: list[cst.BaseExpression | None] = [None] * len(targets)
        if how == "value" and isinstance(value, cst.Tuple | cst.List) and len(value.elements) == len(targets):
            values = [element.value for element in value.elements]
        for part, one in zip(targets, values, strict=True):
            self.bind(part, "unknown" if one is None else "value", one)

    def _bind_parameters(self, parameters: cst.Parameters) -> None:
        for parameter in (*parameters.posonly_params, *parameters.params, *parameters.kwonly_params):
            annotation = None if parameter.annotation is None else parameter.annotation.annotation
            self.add(Binding(parameter.name.value, "parameter", self.here(), parameter, annotation))
        for star in (parameters.star_arg, parameters.star_kwarg):
            if isinstance(star, cst.Param):
                self.add(Binding(star.name.value, "unknown", self.here()))

    def _bind_attribute(self, target: cst.Attribute, binding: Binding) -> None:
        """Store what a method assigns to an attribute of its first parameter, with the class."""
        method = self.current.body
        owner = method.parent
        if owner is None or owner.kind != "class" or not isinstance(method.node, cst.FunctionDef):
            return
        first = first_parameter(method.node)
        if first is not None and isinstance(target.value, cst.Name) and target.value.value == first.name.value:
            owner.attributes.setdefault(binding.name, []).append(binding)


def first_parameter(node: cst.FunctionDef) -> cst.Param | None:
    """Return the first parameter of a function, which is `self` in a method."""
    return next(iter((*node.params.posonly_params, *node.params.params)), None)


def dotted(node: cst.BaseExpression) -> str:
    """Return the text of a dotted name."""
    return (
        f"{dotted(node.value)}.{node.attr.value}" if isinstance(node, cst.Attribute) else cast("cst.Name", node).value
    )


def _owner_of(name: str, scope: Scope) -> Scope:
    """Return the function around a scope that has a name."""
    outer = scope.parent
    while outer is not None and (outer.kind == "class" or name not in outer.bindings):
        outer = outer.parent
    return outer or scope


def _counted(value: cst.BaseExpression | None) -> cst.BaseExpression | None:
    """Return what `enumerate(…)` counts."""
    if not isinstance(value, cst.Call) or not value.args:
        return None
    return value.args[0].value if isinstance(value.func, cst.Name) and value.func.value == "enumerate" else None
