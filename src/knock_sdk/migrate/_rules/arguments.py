"""Arguments of calls and elements of dicts as lines of source: comments and line breaks stay where they were."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, cast

import libcst as cst
from typing_extensions import override

if TYPE_CHECKING:
    from collections.abc import Sequence

_EQUAL = cst.AssignEqual(cst.SimpleWhitespace(""), cst.SimpleWhitespace(""))


@dataclass(frozen=True)
class Item:
    """An argument or an element, with the comments around it."""

    value: cst.BaseExpression
    name: str | None = None
    key: cst.BaseExpression | None = None
    """The key of an element of a dict."""
    star: str = ""
    positional: bool = False
    indent: str | None = None
    """What a line of its own begins with, beyond the block; None if it follows on the same line."""
    above: tuple[cst.EmptyLine, ...] = ()
    """Comments and empty lines before it."""
    beside: cst.TrailingWhitespace | None = None
    """The comment at the end of its line."""


def items_of_call(call: cst.Call) -> list[Item]:
    """Return the arguments of a call."""
    before: cst.BaseParenthesizableWhitespace = call.whitespace_before_args
    items: list[Item] = []
    for argument in call.args:
        name = None if argument.keyword is None else argument.keyword.value
        items.append(_placed(Item(argument.value, name, star=argument.star, positional=name is None), before, items))
        before = _after(argument.comma)
    _placed(Item(call), _closing_of_call(call)[0], items)
    return items


def items_of_dict(node: cst.Dict) -> list[Item]:
    """Return the elements of a dict."""
    before = node.lbrace.whitespace_after
    items: list[Item] = []
    for element in node.elements:
        key = element.key if isinstance(element, cst.DictElement) else None
        star = "" if isinstance(element, cst.DictElement) else "**"
        items.append(_placed(Item(element.value, key=key, star=star), before, items))
        before = _after(element.comma)
    _placed(Item(node), node.rbrace.whitespace_before, items)
    return items


def tail_of_dict(node: cst.Dict) -> tuple[cst.EmptyLine, ...]:
    """Return the comments after the last element of a dict."""
    before = node.rbrace.whitespace_before
    return tuple(before.empty_lines) if isinstance(before, cst.ParenthesizedWhitespace) else ()


def with_items(call: cst.Call, items: Sequence[Item], last: cst.Dict | None = None) -> cst.Call:
    """Return the call with other arguments.

    Args:
        call: the call.
        items: its arguments.
        last: a dict that ended the call, and whose elements end it now.
    """
    closing, comma = _closing_of_call(call)
    if last is not None and _breaks(last.rbrace.whitespace_before) and not _breaks(closing):
        closing = last.rbrace.whitespace_before
        comma = bool(last.elements) and isinstance(last.elements[-1].comma, cst.Comma)
    arguments: list[cst.Arg] = []
    for number, item in enumerate(items):
        final = number == len(items) - 1
        separator: cst.Comma | cst.MaybeSentinel = cst.MaybeSentinel.DEFAULT
        after = _beside(closing, item) if final else _before(items[number + 1], item)
        if not final or comma:
            separator = cst.Comma(whitespace_after=after)
        arguments.append(
            cst.Arg(
                item.value,
                keyword=None if item.name is None else cst.Name(item.name),
                equal=cst.MaybeSentinel.DEFAULT if item.name is None else _EQUAL,
                star=cast("Any", item.star),
                comma=separator,
                whitespace_after_arg=after if final and not comma else cst.SimpleWhitespace(""),
            )
        )
    first = _before(items[0], None) if items else cst.SimpleWhitespace("")
    return call.with_changes(args=arguments, whitespace_before_args=first)


def dict_of(items: Sequence[Item], indent: str | None) -> cst.Dict:
    """Return a dict of elements; with an indentation, that of the line of its argument, each has a line of its own."""
    elements: list[cst.BaseDictElement] = []
    inner = [replace(item, indent=None if indent is None else f"{indent}    ") for item in items]
    end: cst.BaseParenthesizableWhitespace = cst.SimpleWhitespace("")
    for number, item in enumerate(inner):
        if number < len(inner) - 1:
            comma: cst.Comma | cst.MaybeSentinel = cst.Comma(whitespace_after=_before(inner[number + 1], item))
        else:
            comma = cst.MaybeSentinel.DEFAULT if indent is None else cst.Comma()
        if indent is not None:
            end = _before(Item(item.value, indent=indent), item)
        if item.key is None:
            elements.append(cst.StarredDictElement(item.value, comma=comma))
        else:
            elements.append(cst.DictElement(item.key, item.value, comma=comma))
    return cst.Dict(
        elements,
        lbrace=cst.LeftCurlyBrace(_before(inner[0], None)),
        rbrace=cst.RightCurlyBrace(end),
    )


def moved(item: Item, indent: str | None) -> Item:
    """Return an item on a line with another indentation; what continues it moves along."""
    if item.indent is None or indent is None or len(indent) >= len(item.indent):
        return item
    dedent = _Dedent(len(item.indent) - len(indent))
    return replace(item, value=cast("cst.BaseExpression", item.value.visit(dedent)), indent=indent)


class _Dedent(cst.CSTTransformer):
    """Moves the lines inside of brackets to the left."""

    def __init__(self, width: int) -> None:
        super().__init__()
        self._width = width

    @override
    def leave_ParenthesizedWhitespace(
        self, original_node: cst.ParenthesizedWhitespace, updated_node: cst.ParenthesizedWhitespace
    ) -> cst.BaseParenthesizableWhitespace:
        last = updated_node.last_line.value
        lines = [
            line.with_changes(whitespace=cst.SimpleWhitespace(line.whitespace.value[self._width :]))
            if line.comment is not None
            else line
            for line in updated_node.empty_lines
        ]
        shorter = last[self._width :] if len(last) >= self._width else last
        return updated_node.with_changes(empty_lines=lines, last_line=cst.SimpleWhitespace(shorter))


def _placed(item: Item, before: cst.BaseParenthesizableWhitespace, earlier: list[Item]) -> Item:
    """Return the item with what is before it; a comment beside the earlier item goes there."""
    if not isinstance(before, cst.ParenthesizedWhitespace):
        return item
    if before.first_line.comment is not None:
        if earlier:
            earlier[-1] = replace(earlier[-1], beside=before.first_line)
        else:
            line = cst.EmptyLine(whitespace=before.last_line, comment=before.first_line.comment)
            return replace(item, indent=before.last_line.value, above=(line, *before.empty_lines))
    return replace(item, indent=before.last_line.value, above=tuple(before.empty_lines))


def _before(item: Item, previous: Item | None) -> cst.BaseParenthesizableWhitespace:
    beside = None if previous is None else previous.beside
    if item.indent is None and beside is None:
        return cst.SimpleWhitespace("" if previous is None else " ")
    indent = cst.SimpleWhitespace("    " if item.indent is None else item.indent)
    above = [each.with_changes(whitespace=indent) if each.comment is not None else each for each in item.above]
    first = beside or cst.TrailingWhitespace()
    return cst.ParenthesizedWhitespace(first_line=first, empty_lines=above, indent=True, last_line=indent)


def _beside(closing: cst.BaseParenthesizableWhitespace, item: Item) -> cst.BaseParenthesizableWhitespace:
    if isinstance(closing, cst.ParenthesizedWhitespace):
        return closing.with_changes(first_line=item.beside or cst.TrailingWhitespace())
    if item.beside is None:
        return closing
    return cst.ParenthesizedWhitespace(first_line=item.beside, indent=True)


def _closing_of_call(call: cst.Call) -> tuple[cst.BaseParenthesizableWhitespace, bool]:
    """Return what is before the closing bracket, and whether a comma is before that."""
    if not call.args:
        return call.whitespace_before_args, False
    last = call.args[-1]
    if isinstance(last.comma, cst.Comma):
        return last.comma.whitespace_after, True
    return last.whitespace_after_arg, False


def _after(comma: cst.Comma | cst.MaybeSentinel) -> cst.BaseParenthesizableWhitespace:
    return comma.whitespace_after if isinstance(comma, cst.Comma) else cst.SimpleWhitespace("")


def _breaks(whitespace: cst.BaseParenthesizableWhitespace) -> bool:
    return isinstance(whitespace, cst.ParenthesizedWhitespace)
