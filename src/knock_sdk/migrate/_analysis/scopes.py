"""Scopes and bindings, and which binding the use of a name can have."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Mapping

    import libcst as cst

How: TypeAlias = Literal["value", "enter", "item", "caught", "parameter", "import", "function", "class", "unknown"]
"""How a name gets its value; of `enter` and `item`, what is entered or iterated over is known."""


@dataclass(eq=False, repr=False)
class Scope:
    """A module, class or function, or a comprehension, whose code runs where it stands."""

    kind: Literal["module", "class", "function", "inline"]
    parent: Scope | None
    node: cst.CSTNode
    bindings: dict[str, list[Binding]] = field(default_factory=dict[str, "list[Binding]"])
    elsewhere: dict[str, Literal["global", "nonlocal"]] = field(default_factory=dict[str, Any])
    attributes: dict[str, list[Binding]] = field(default_factory=dict[str, "list[Binding]"])
    """Of a class: what its methods assign to attributes of `self`."""

    @property
    def body(self) -> Scope:
        """The scope whose code runs together with that of a comprehension."""
        scope = self
        while scope.kind == "inline" and scope.parent is not None:
            scope = scope.parent
        return scope


@dataclass(frozen=True)
class Position:
    """Where a node stands: how far into the source, in which blocks of its function, and in which loops."""

    scope: Scope
    order: int
    blocks: tuple[int, ...]
    loops: tuple[int, ...]


@dataclass(eq=False, repr=False)
class Binding:
    """Something that gives a name a value."""

    name: str
    how: How
    at: Position
    node: cst.CSTNode | None = None
    """The expression, definition or parameter that says what the value is."""
    annotation: cst.BaseExpression | None = None
    target: str = ""
    """What an import names."""


def lookup(name: str, at: Position, loop_ends: Mapping[int, int]) -> list[Binding] | None:
    """Return the bindings that a use of a name can have; None if nothing in the source binds it.

    Args:
        name: the name.
        at: where it is used.
        loop_ends: how far into the source each loop goes.
    """
    scope: Scope | None = at.scope
    direct = True  # code that runs where it stands: the order of statements counts
    while scope is not None:
        if name in scope.bindings and (direct or scope.kind != "class"):
            found = scope.bindings[name]
            return _reaching(found, at, loop_ends) if direct and scope.kind != "inline" else found
        direct = direct and scope.kind != "function"
        scope = scope.parent
    return None


def _reaching(bindings: list[Binding], at: Position, loop_ends: Mapping[int, int]) -> list[Binding]:
    """Return those of a scope's own bindings that can be the last ones before a place in the same scope."""
    own = [each for each in bindings if each.at.scope.body is at.scope.body]
    found = [each for each in bindings if each.at.scope.body is not at.scope.body]  # by `global`, at any time
    around = 0  # loops from here on are inside the block of the binding that decides
    for binding in reversed(own):
        if binding.at.order > at.order:
            continue
        found.append(binding)
        if at.blocks[: len(binding.at.blocks)] == binding.at.blocks:
            around = len(binding.at.loops)
            break
    for loop in at.loops[around:]:  # the end of a turn reaches the next one
        found += [each for each in own if at.order < each.at.order <= loop_ends[loop]]
    return found or bindings
