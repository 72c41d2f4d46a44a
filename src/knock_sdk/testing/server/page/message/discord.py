"""Messages of Discord: content, embeds and buttons."""

from __future__ import annotations

from typing import Any

from ....._core.type_guards import is_object
from . import chat_text
from .parts import DEEPEST, Part, listed, other

_ROW, _BUTTON = 1, 2
_SELECTS = (3, 5, 6, 7, 8)


def draw(content: Any) -> list[Part]:
    """Return the parts of a message."""
    if not is_object(content):
        return [other(content)]
    parts: list[Part] = []
    if isinstance(text := content.get("content"), str) and text:
        parts.append(Part("text", chat_text.markdown(text)))
    parts.extend(_embed(each) for each in listed(content.get("embeds")))
    parts.extend(_component(each, 0) for each in listed(content.get("components")))
    return parts or [other(content)]


def _embed(embed: Any) -> Part:
    if not is_object(embed):
        return other(embed)
    parts: list[Part] = []
    if author := _name(embed.get("author")):
        parts.append(Part("quiet", chat_text.plain(author)))
    if isinstance(title := embed.get("title"), str):
        url = str(embed.get("url") or "")
        parts.append(Part("heading", chat_text.link(title, url) if url else chat_text.markdown(title)))
    if isinstance(text := embed.get("description"), str):
        parts.append(Part("text", chat_text.markdown(text)))
    fields = [each for each in listed(embed.get("fields")) if is_object(each)]
    if fields:
        shown = (
            Part("text", chat_text.markdown(str(each.get("value", ""))), label=str(each.get("name", "")))
            for each in fields
        )
        parts.append(Part("fields", parts=tuple(shown)))
    for name in ("image", "thumbnail"):
        image: Any = embed.get(name)
        if is_object(image):
            parts.append(Part("image", label=name, url=str(image.get("url") or "")))
    footer: Any = embed.get("footer")
    notes = [footer.get("text") if is_object(footer) else None, embed.get("timestamp")]
    if note := " · ".join(each for each in notes if isinstance(each, str)):
        parts.append(Part("quiet", chat_text.plain(note)))
    return Part("group", label="card", parts=tuple(parts)) if parts else other(embed, "embed")


def _component(component: Any, depth: int) -> Part:
    if not is_object(component) or depth > DEEPEST:
        return other(component)
    kind = component.get("type")
    if kind == _ROW:
        return Part("row", parts=tuple(_component(each, depth + 1) for each in listed(component.get("components"))))
    if kind == _BUTTON:
        emoji = _name(component.get("emoji"))
        label = f"{emoji} {component.get('label') or ''}".strip()
        return Part("button", label=label, url=str(component.get("url") or ""))
    if kind in _SELECTS:
        return Part("input", label=str(component.get("placeholder") or "Select"))
    return other(component, f"component {kind}")


def _name(value: Any) -> str:
    name = value.get("name") if is_object(value) else None
    return name if isinstance(name, str) else ""
