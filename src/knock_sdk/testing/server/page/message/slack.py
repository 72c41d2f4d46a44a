"""Blocks of Slack messages, drawn as far as they are common."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from markupsafe import Markup

from ....._core.type_guards import is_object
from . import chat_text
from .parts import DEEPEST, Part, listed, other

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from ....state.json_objects import JSON

_STYLES = (
    ("bold", Markup("<strong>{}</strong>")),
    ("italic", Markup("<em>{}</em>")),
    ("strike", Markup("<s>{}</s>")),
    ("code", Markup("<code>{}</code>")),
)
_INPUTS = ("select", "picker", "input", "checkboxes", "radio_buttons", "overflow")


def draw(content: Any) -> list[Part]:
    """Return the parts of a message: its blocks, or an object with `blocks`, `text` and `attachments`."""
    if is_object(content):
        blocks = listed(content.get("blocks"))
        parts = [_block(block, 0) for block in blocks]
        text = content.get("text")
        if not parts and isinstance(text, str) and text:  # beside blocks, it is for notifications only
            parts.append(Part("text", chat_text.slack(text)))
        return [*parts, *(_attachment(each) for each in listed(content.get("attachments")))]
    return [_block(block, 0) for block in listed(content)]


def _block(block: Any, depth: int) -> Part:
    if not is_object(block) or depth > DEEPEST:
        return other(block)
    kind = str(block.get("type"))
    draw_block = _BLOCKS.get(kind)
    return other(block, kind) if draw_block is None else draw_block(block)


def _header(block: JSON) -> Part:
    return Part("heading", _text(block.get("text")))


def _context(block: JSON) -> Part:
    return Part("row", label="quiet", parts=tuple(_element(each) for each in listed(block.get("elements"))))


def _actions(block: JSON) -> Part:
    return Part("row", parts=tuple(_element(each) for each in listed(block.get("elements"))))


def _markdown(block: JSON) -> Part:
    return Part("text", chat_text.markdown(str(block.get("text") or "")))


def _input(block: JSON) -> Part:
    return Part("group", parts=(Part("quiet", _text(block.get("label"))), _element(block.get("element"))))


def _rich_text(block: JSON) -> Part:
    return Part("group", parts=tuple(_rich(each) for each in listed(block.get("elements"))))


def _section(block: JSON) -> Part:
    parts: list[Part] = []
    if "text" in block:
        parts.append(Part("text", _text(block["text"])))
    if fields := listed(block.get("fields")):
        parts.append(Part("fields", parts=tuple(Part("text", _text(each)) for each in fields)))
    if "accessory" in block:
        parts.append(_element(block["accessory"]))
    return Part("group", label="beside" if "accessory" in block else "", parts=tuple(parts))


def _element(element: Any) -> Part:
    if not is_object(element):
        return other(element)
    kind = str(element.get("type"))
    if kind in ("mrkdwn", "plain_text"):
        return Part("quiet", _text(element))
    if kind == "image":
        return _image(element)
    if kind in ("button", "workflow_button"):
        return Part("button", label=_plain(element.get("text")), url=str(element.get("url") or ""))
    if any(name in kind for name in _INPUTS):
        return Part("input", label=_plain(element.get("placeholder")) or kind.replace("_", " "))
    return other(element, kind)


def _image(element: JSON) -> Part:
    label = str(element.get("alt_text") or "") or _plain(element.get("title"))
    return Part("image", label=label, url=str(element.get("image_url") or ""))


def _attachment(attachment: Any) -> Part:
    if not is_object(attachment):
        return other(attachment)
    parts: list[Part] = []
    if isinstance(pretext := attachment.get("pretext"), str):
        parts.append(Part("text", chat_text.slack(pretext)))
    if isinstance(title := attachment.get("title"), str):
        address = str(attachment.get("title_link") or "")
        shown = chat_text.link(title, address) if address else chat_text.plain(title)
        parts.append(Part("heading", shown))
    parts.extend(_block(block, 1) for block in listed(attachment.get("blocks")))
    if isinstance(text := attachment.get("text"), str):
        parts.append(Part("text", chat_text.slack(text)))
    fields = [each for each in listed(attachment.get("fields")) if is_object(each)]
    if fields:
        shown_fields = (
            Part("text", chat_text.slack(str(each.get("value", ""))), label=str(each.get("title", "")))
            for each in fields
        )
        parts.append(Part("fields", parts=tuple(shown_fields)))
    if not parts and isinstance(fallback := attachment.get("fallback"), str):
        parts.append(Part("text", chat_text.slack(fallback)))
    if isinstance(footer := attachment.get("footer"), str):
        parts.append(Part("quiet", chat_text.slack(footer)))
    return Part("group", label="card", parts=tuple(parts)) if parts else other(attachment, "attachment")


def _rich(element: Any) -> Part:
    """Return a part of rich text: a paragraph, list, quote or code."""
    if not is_object(element):
        return other(element)
    kind = str(element.get("type"))
    elements = listed(element.get("elements"))
    if kind == "rich_text_section":
        return Part("text", _inline(elements))
    if kind == "rich_text_preformatted":
        return Part("text", Markup("<pre>{}</pre>").format(_inline(elements)))
    if kind == "rich_text_quote":
        return Part("text", Markup("<blockquote>{}</blockquote>").format(_inline(elements)))
    if kind == "rich_text_list":
        items = (_inline(listed(each.get("elements"))) for each in elements if is_object(each))
        joined = Markup().join(Markup("<li>{}</li>").format(item) for item in items)
        ordered = element.get("style") == "ordered"
        return Part("text", (Markup("<ol>{}</ol>") if ordered else Markup("<ul>{}</ul>")).format(joined))
    return other(element, kind)


def _inline(elements: Iterable[Any]) -> Markup:
    """Return the elements of a paragraph of rich text."""
    shown: list[Markup] = []
    for element in elements:
        if not is_object(element):
            continue
        kind, text = str(element.get("type")), str(element.get("text") or "")
        if kind == "link":
            piece = chat_text.link(text or str(element.get("url")), str(element.get("url")))
        elif kind == "text":
            piece = chat_text.plain(text)
        elif kind == "emoji":
            piece = Markup(":{}:").format(element.get("name"))
        else:
            name = element.get("user_id") or element.get("channel_id") or element.get("range") or kind
            piece = Markup('<span class="mention">{}{}</span>').format("#" if kind == "channel" else "@", name)
        style: Any = element.get("style")
        for name, styled in _STYLES:
            if is_object(style) and style.get(name):
                piece = styled.format(piece)
        shown.append(piece)
    return Markup().join(shown)


def _text(value: Any) -> Markup:
    """Return a text object, or a text, as HTML."""
    if not is_object(value):
        return chat_text.slack(value) if isinstance(value, str) else Markup()
    text = str(value.get("text") or "")
    return chat_text.plain(text) if value.get("type") == "plain_text" else chat_text.slack(text)


def _plain(value: Any) -> str:
    text = value.get("text") if is_object(value) else value
    return text if isinstance(text, str) else ""


_BLOCKS: Mapping[str, Callable[[JSON], Part]] = {
    "actions": _actions,
    "context": _context,
    "divider": lambda _: Part("divider"),
    "header": _header,
    "image": _image,
    "input": _input,
    "markdown": _markdown,
    "rich_text": _rich_text,
    "section": _section,
}
