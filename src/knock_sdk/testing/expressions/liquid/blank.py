"""The tags `if` and `unless`, for which `blank` also equals nil and what is missing."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from liquid.builtin.expressions.logical import EqExpression, NeExpression
from liquid.builtin.expressions.primitive import Blank
from liquid.builtin.tags.if_tag import IfTag
from liquid.builtin.tags.unless_tag import UnlessTag
from liquid.expression import Expression
from liquid.undefined import is_undefined
from typing_extensions import override

if TYPE_CHECKING:
    from liquid import RenderContext
    from liquid.ast import Node
    from liquid.stream import TokenStream


class _TextIfMissing(Expression):
    """An expression whose value is the empty text if it is missing or nil."""

    __slots__ = ("inner",)

    def __init__(self, inner: Expression) -> None:
        super().__init__(inner.token)
        self.inner = inner

    @override
    def evaluate(self, context: RenderContext) -> object:
        value = self.inner.evaluate(context)
        return "" if value is None or is_undefined(value) else value

    @override
    def children(self) -> list[Expression]:
        return [self.inner]


def _widen(expression: Expression) -> None:
    """Change the comparisons with `blank` in a condition."""
    if isinstance(expression, (EqExpression, NeExpression)):
        if isinstance(expression.right, Blank):
            expression.left = _TextIfMissing(expression.left)
        elif isinstance(expression.left, Blank):
            expression.right = _TextIfMissing(expression.right)
        return
    for inner in expression.children():
        _widen(inner)


def _widen_all(node: Any) -> Node:
    """Change the conditions of a tag."""
    conditions: list[Expression] = [node.condition, *(each.expression for each in node.alternatives)]
    for condition in conditions:
        _widen(condition)
    changed: Node = node
    return changed


class BlankIfTag(IfTag):
    """`{% if value == blank %}`."""

    @override
    def parse(self, stream: TokenStream) -> Node:
        return _widen_all(super().parse(stream))


class BlankUnlessTag(UnlessTag):
    """`{% unless value == blank %}`."""

    @override
    def parse(self, stream: TokenStream) -> Node:
        return _widen_all(super().parse(stream))
