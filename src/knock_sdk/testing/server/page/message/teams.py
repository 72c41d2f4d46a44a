"""Adaptive cards of Microsoft Teams, drawn as far as their elements are common."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from markupsafe import Markup

from ....._core.type_guards import is_object
from . import chat_text
from .parts import DEEPEST, Part, listed, other

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from ....state.json_objects import JSON

_CARD = "AdaptiveCard"
_SECTION_TEXTS = ("activitySubtitle", "activityText", "text")
_LARGE = ("large", "extralarge", "medium")


def draw(content: Any) -> list[Part]:
    """Return the parts of a message: a card, a message with cards as attachments, or one with a text."""
    if not is_object(content):
        return [other(content)]
    if content.get("type") == _CARD:
        return [_card(content, 0)]
    parts: list[Part] = []
    for name in ("title", "text", "summary"):
        if isinstance(text := content.get(name), str) and text and (name != "summary" or not parts):
            parts.append(Part("heading" if name == "title" else "text", chat_text.markdown(text)))
    for attachment in listed(content.get("attachments")):
        card: Any = attachment.get("content") if is_object(attachment) else None
        is_card = is_object(card) and card.get("type") == _CARD
        parts.append(_card(card, 0) if is_card else other(attachment, "attachment"))
    parts.extend(_section(section) for section in listed(content.get("sections")))
    return parts or [other(content)]


def _card(card: JSON, depth: int) -> Part:
    parts = [_element(each, depth + 1) for each in listed(card.get("body"))]
    if actions := listed(card.get("actions")):
        parts.append(_actions(actions))
    return Part("group", label="card", parts=tuple(parts))


def _element(element: Any, depth: int) -> Part:
    if not is_object(element) or depth > DEEPEST:
        return other(element)
    kind = str(element.get("type"))
    if kind.startswith("Input."):
        return Part(
            "input", label=str(element.get("label") or element.get("title") or element.get("placeholder") or kind)
        )
    draw_element = _ELEMENTS.get(kind)
    return other(element, kind) if draw_element is None else draw_element(element, depth)


def _text_block(element: JSON, _: int) -> Part:
    html = chat_text.markdown(str(element.get("text") or ""))
    if str(element.get("size", "")).lower() in _LARGE or element.get("style") == "heading":
        return Part("heading", html)
    if str(element.get("weight", "")).lower() == "bolder":
        html = Markup("<strong>{}</strong>").format(html)
    return Part("quiet" if element.get("isSubtle") is True else "text", html)


def _rich_text(element: JSON, _: int) -> Part:
    inlines = (each.get("text") if is_object(each) else each for each in listed(element.get("inlines")))
    return Part("text", Markup().join(chat_text.plain(str(text)) for text in inlines))


def _image(element: JSON, _: int) -> Part:
    return Part("image", label=str(element.get("altText") or ""), url=str(element.get("url") or ""))


def _images(element: JSON, depth: int) -> Part:
    return Part("row", parts=tuple(_element(each, depth + 1) for each in listed(element.get("images"))))


def _facts(element: JSON, _: int) -> Part:
    return _fields(element.get("facts"), "title")


def _fields(facts: Any, name: str) -> Part:
    known = [each for each in listed(facts) if is_object(each)]
    shown = (
        Part("text", chat_text.markdown(str(each.get("value", ""))), label=str(each.get(name, ""))) for each in known
    )
    return Part("fields", parts=tuple(shown))


def _action_set(element: JSON, _: int) -> Part:
    return _actions(listed(element.get("actions")))


def _columns(element: JSON, depth: int) -> Part:
    columns = [each for each in listed(element.get("columns")) if is_object(each)]
    return Part("row", label="columns", parts=tuple(_container(each, depth) for each in columns))


def _container(element: JSON, depth: int) -> Part:
    return Part("group", parts=tuple(_element(each, depth + 1) for each in listed(element.get("items"))))


def _actions(actions: list[Any]) -> Part:
    shown = (
        Part("button", label=str(each.get("title") or each.get("type")), url=str(each.get("url") or ""))
        for each in actions
        if is_object(each)
    )
    return Part("row", parts=tuple(shown))


def _section(section: Any) -> Part:
    """Return a section of the older message cards."""
    if not is_object(section):
        return other(section)
    texts = (("heading", "activityTitle"), ("heading", "title"), *(("text", name) for name in _SECTION_TEXTS))
    parts = [
        Part("heading" if kind == "heading" else "text", chat_text.markdown(section[name]))
        for kind, name in texts
        if isinstance(section.get(name), str)
    ]
    if section.get("facts"):
        parts.append(_fields(section["facts"], "name"))
    return Part("group", parts=tuple(parts)) if parts else other(section, "section")


_ELEMENTS: Mapping[str, Callable[[JSON, int], Part]] = {
    "ActionSet": _action_set,
    "Column": _container,
    "ColumnSet": _columns,
    "Container": _container,
    "FactSet": _facts,
    "Image": _image,
    "ImageSet": _images,
    "RichTextBlock": _rich_text,
    "TextBlock": _text_block,
}
