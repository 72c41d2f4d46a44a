"""Tags of Knock: `render` with the rules of partials, and `t` for texts to translate; `include` is refused."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TextIO

from liquid.ast import Node
from liquid.builtin.expressions import KeywordArgument, StringLiteral, parse_primitive
from liquid.exceptions import LiquidSyntaxError
from liquid.tag import Tag
from liquid.token import TOKEN_TAG
from typing_extensions import override

from . import partials, translations
from .rendering import compile_template
from .variables import LOOKUP

if TYPE_CHECKING:
    from collections.abc import Iterable

    from liquid import RenderContext
    from liquid.expression import Expression
    from liquid.stream import TokenStream
    from liquid.token import Token


class _RenderNode(Node):
    __slots__ = ("arguments", "key")
    tag = "render"

    def __init__(self, token: Token, key: str, arguments: list[KeywordArgument]) -> None:
        super().__init__(token)
        self.key = key
        self.arguments = arguments
        self.blank = False

    @override
    def render_to_output(self, context: RenderContext, buffer: TextIO) -> int:
        values = {argument.name: argument.value.evaluate(context) for argument in self.arguments}
        return buffer.write(partials.render(self.key, values, context.globals, context.env))

    @override
    def expressions(self) -> Iterable[Expression]:
        return [argument.value for argument in self.arguments]


class RenderTag(Tag):
    """`{% render 'key', name: value %}`: a partial with values of its own."""

    name = "render"
    block = False

    @override
    def parse(self, stream: TokenStream) -> Node:
        token = stream.eat(TOKEN_TAG)
        tokens = stream.into_inner(tag=token, eat=False)
        key: Any = parse_primitive(self.env, tokens)
        if not isinstance(key, StringLiteral):
            raise LiquidSyntaxError("render takes the key of a partial in quotes", token=token)
        if tokens.current.value in {"for", "with"}:
            raise LiquidSyntaxError(f"render with `{tokens.current.value}` is not supported in Knock", token=token)
        return _RenderNode(token, key.value, KeywordArgument.parse(self.env, tokens))


class IncludeTag(Tag):
    """`{% include %}`, which Knock refuses."""

    name = "include"
    block = False

    @override
    def parse(self, stream: TokenStream) -> Node:
        raise LiquidSyntaxError("include is not supported in Knock; use render", token=stream.current)


class _TranslateNode(Node):
    __slots__ = ("text",)
    tag = "t"

    def __init__(self, token: Token, text: str) -> None:
        super().__init__(token)
        self.text = text
        self.blank = False

    @override
    def render_to_output(self, context: RenderContext, buffer: TextIO) -> int:
        lookup: Any = context.globals.get(LOOKUP)
        text = translations.translate_text(lookup, self.text, context.globals)
        compile_template(context.env, text).render_with_context(context, buffer, partial=True)
        return len(text)

    @override
    def children(self, static_context: RenderContext, *, include_partials: bool = True) -> Iterable[Node]:
        return compile_template(static_context.env, self.text).nodes


class TranslateTag(Tag):
    """`{% t %}text{% endt %}`: a text in the account's locale, replaced by its translation."""

    name = "t"
    block = False

    @override
    def parse(self, stream: TokenStream) -> Node:
        token = stream.eat(TOKEN_TAG)
        if stream.current.kind != "expression":
            raise LiquidSyntaxError("t has no endt", token=token)
        tokens = stream.into_inner(tag=token, eat=False)
        key: Any = parse_primitive(self.env, tokens)
        text = bytes.fromhex(key.value).decode()
        compile_template(self.env, text)  # what is wrong in it is found when the template is declared
        return _TranslateNode(token, text)


TAGS = (IncludeTag, RenderTag, TranslateTag)
"""Tags that Knock has beside those of Liquid, or instead of them."""
