"""Visual blocks of emails, as HTML with the classes that Knock documents; the elements are a guess."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING, Any

from ...._core.type_guards import is_array, is_mapping
from ...state.names import did_you_mean
from ..liquid import markdown, partials
from ..liquid.rendering import TemplateError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from ..liquid.rendering import Rendering

CSS = """
.block-row { border-collapse: collapse; width: 100%; }
.block-markdown > :first-child { margin-top: 0; }
.block-markdown > :last-child { margin-bottom: 0; }
.block-button { box-sizing: border-box; display: inline-block; text-align: center; text-decoration: none; }
.block-button--sm { font-size: 14px; line-height: 20px; min-width: 32px; padding: 4px 8px; }
.block-button--md { font-size: 16px; line-height: 24px; min-width: 40px; padding: 8px 12px; }
.block-button--lg { font-size: 18px; line-height: 28px; min-width: 48px; padding: 10px 16px; }
.block-button--solid { background-color: #000000; color: #ffffff; }
.block-button--outline { border: 1px solid #000000; color: #000000; }
.block-image img { height: auto; max-width: 100%; }
.block-divider { border-bottom: 1px solid #dddee1; }
"""
"""The base styles of blocks, which go into the head of the layout."""

COMMON = ("id", "type", "version", "layout_attrs")
FIELDS: Mapping[str, tuple[str, ...]] = {
    "button_set": ("buttons",),
    "divider": (),
    "html": ("content",),
    "image": ("url", "alt", "action", "style_attrs"),
    "markdown": ("content", "variant"),
    "partial": ("key", "name", "attrs"),
    "row": ("columns",),
}
"""The fields of each type of block. `row` is documented by older notes only."""

_SIDES = ("top", "right", "bottom", "left")
_PADDING = {"top": 8, "right": 4, "bottom": 8, "left": 4}
_BUTTON_STYLES: Mapping[str, tuple[str, str]] = {
    "background_color": ("background-color", ""),
    "text_color": ("color", ""),
    "border_color": ("border-color", ""),
    "border_radius": ("border-radius", "px"),
    "border_width": ("border-width", "px"),
}


def check(blocks: object, at: str) -> None:
    """Check declared blocks for misspelt fields and types; what is missing or malformed fails when it is rendered.

    Raises:
        ValueError: A name is that of no field or type, but resembles one.
    """
    if not is_array(blocks):
        return
    for index, block in enumerate(blocks):
        if not is_mapping(block):
            continue
        kind = block.get("type")
        known = FIELDS.get(str(kind))
        if known is None:
            if near := did_you_mean(kind, FIELDS):
                raise ValueError(f"{at}.{index}.type: {kind!r} is no type of block{near}")
            continue
        for name in block.keys() - {*known, *COMMON}:
            if near := did_you_mean(name, [*known, *COMMON]):
                raise ValueError(f"{at}.{index}: unknown field {name} of a block of type {kind}{near}")


def render(blocks: object, rendering: Rendering, at: str) -> str:
    """Return the blocks as HTML.

    Args:
        blocks: the blocks, with texts in Liquid.
        rendering: the scope, in which blocks see what earlier ones assigned.
        at: path of the blocks, for errors.

    Raises:
        TemplateError: A block is malformed, or cannot be rendered.
    """
    if not is_array(blocks):
        raise TemplateError("must be a list of blocks", at)
    return "".join(_render_block(_Block(block, rendering, f"{at}.{index}")) for index, block in enumerate(blocks))


class _Block:
    """One block: its fields, and its texts rendered."""

    def __init__(self, fields: object, rendering: Rendering, at: str) -> None:
        if not is_mapping(fields):
            raise TemplateError("must be an object", at)
        self.fields = fields
        self.rendering = rendering
        self.at = at

    def require(self, name: str) -> Any:
        """Return the value of a field."""
        if self.fields.get(name) is None:
            raise TemplateError("is missing", f"{self.at}.{name}")
        return self.fields[name]

    def text(self, name: str, default: str | None = None) -> str:
        """Return the rendered text of a field, or the default if it has one and is absent."""
        value = self.require(name) if default is None else self.fields.get(name)
        if value is None:
            return default or ""
        if not isinstance(value, str):
            raise TemplateError("must be a text", f"{self.at}.{name}")
        return self.rendering.render(value, f"{self.at}.{name}")

    def source(self, name: str) -> str:
        """Return the text of a field as it is."""
        value = self.require(name)
        if not isinstance(value, str):
            raise TemplateError("must be a text", f"{self.at}.{name}")
        return value

    def inner(self, name: str) -> Mapping[str, Any]:
        """Return an object in a field, or an empty one."""
        value = self.fields.get(name)
        if value is not None and not is_mapping(value):
            raise TemplateError("must be an object", f"{self.at}.{name}")
        return value or {}

    def members(self, name: str) -> list[_Block]:
        """Return the objects in a field that is a list."""
        value = self.require(name)
        if not is_array(value):
            raise TemplateError("must be a list", f"{self.at}.{name}")
        return [_Block(each, self.rendering, f"{self.at}.{name}.{index}") for index, each in enumerate(value)]

    def color(self, value: Any) -> str:
        """Return a colour; the name of one of the branding, such as `primary_color`, means its value: a guess."""
        variables: Any = self.rendering.scope.get("vars", {})
        text = self.rendering.render(str(value), f"{self.at}.style_attrs")
        return str(variables.get("branding", {}).get(text, text))


def _render_block(block: _Block) -> str:
    kind = block.require("type")
    render_content = _RENDERERS.get(kind)
    if render_content is None:
        near = did_you_mean(kind, FIELDS)
        raise TemplateError(f"{kind!r} is no type of block ({', '.join(FIELDS)}){near}", f"{block.at}.type")
    content = render_content(block)
    if kind == "partial":
        return content
    align = block.inner("layout_attrs").get("horizontal_align")
    style = _style({**_paddings_of(block), "text-align": align})
    return (
        f'<table class="block-row block-row--{kind}-v1" role="presentation"><tbody><tr>'
        f'<td class="block-row__cell"{style}>{content}</td></tr></tbody></table>\n'
    )


def _paddings_of(block: _Block) -> dict[str, Any]:
    given = block.inner("layout_attrs")
    return {f"padding-{side}": f"{given.get(f'padding_{side}', _PADDING[side])}px" for side in _SIDES}


def _render_markdown(block: _Block) -> str:
    html = markdown.template_to_html(block.source("content"))
    return f'<div class="block-markdown">{block.rendering.render(html, f"{block.at}.content")}</div>'


def _render_buttons(block: _Block) -> str:
    gap = block.inner("layout_attrs").get("column_gap", 8)
    buttons = block.members("buttons")
    return "".join(
        _render_button(button, gap if index < len(buttons) - 1 else None) for index, button in enumerate(buttons)
    )


def _render_button(button: _Block, gap: Any) -> str:
    size = button.inner("size_attrs")
    styles: dict[str, Any] = {}
    for name, value in button.inner("style_attrs").items():
        if name in _BUTTON_STYLES and value is not None:
            style, unit = _BUTTON_STYLES[name]
            styles[style] = f"{value}{unit}" if unit else button.color(value)
    if "border-width" in styles:
        styles["border-style"] = "solid"
    if size.get("is_fullwidth"):
        styles["display"], styles["width"] = "block", "100%"
    styles["margin-right"] = None if gap is None else f"{gap}px"
    variant = button.fields.get("variant") or "solid"
    names = f"block-button block-button--{variant} block-button--{size.get('size') or 'md'}"
    label, action = button.text("label"), button.text("action")
    return f'<a class="{escape(names)}" href="{escape(action)}" target="_blank"{_style(styles)}>{escape(label)}</a>'


def _render_image(block: _Block) -> str:
    style = _style({"width": block.inner("style_attrs").get("width") or "100%"})
    image = f'<img src="{escape(block.text("url"))}" alt="{escape(block.text("alt", ""))}"{style}>'
    if action := block.text("action", ""):
        image = f'<a href="{escape(action)}" target="_blank">{image}</a>'
    return f'<div class="block-image">{image}</div>'


def _render_partial(block: _Block) -> str:
    key, attributes, rendering = block.require("key"), block.inner("attrs"), block.rendering
    values = {
        name: rendering.render(value, f"{block.at}.attrs.{name}") if isinstance(value, str) else value
        for name, value in attributes.items()
    }
    try:
        return partials.render(str(key), values, rendering.scope, rendering.environment)
    except TemplateError as error:
        raise TemplateError(str(error), block.at) from error


def _render_row(block: _Block) -> str:
    cells = "".join(
        f'<td style="vertical-align: top">{render(column.require("blocks"), column.rendering, f"{column.at}.blocks")}'
        "</td>"
        for column in block.members("columns")
    )
    return f'<table role="presentation"><tbody><tr>{cells}</tr></tbody></table>'


_RENDERERS: Mapping[Any, Callable[[_Block], str]] = {
    "button_set": _render_buttons,
    "divider": lambda _: '<div class="block-divider"></div>',
    "html": lambda block: block.text("content"),
    "image": _render_image,
    "markdown": _render_markdown,
    "partial": _render_partial,
    "row": _render_row,
}


def _style(values: Mapping[str, Any]) -> str:
    text = "; ".join(f"{name}: {value}" for name, value in values.items() if value is not None)
    return f' style="{escape(text)}"' if text else ""
