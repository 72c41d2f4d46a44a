"""What a receiver sees of a message: its fields and its text, by the type of its channel."""

from __future__ import annotations

import json
from functools import lru_cache
from typing import TYPE_CHECKING, Any, NamedTuple

from ..._core.type_guards import is_array, is_object
from ...types.message_contents import (
    MessageChatContent,
    MessageEmailContent,
    MessageInAppFeedButtonSetBlock,
    MessageInAppFeedContent,
    MessagePushContent,
    MessageSmsContent,
)
from .._text import plain

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ...types import MessageContent
    from ...types.message_contents import MessageInAppFeedContentBlock

    Blocks = Sequence[MessageInAppFeedContentBlock | MessageInAppFeedButtonSetBlock]

_HIDDEN = "***"
_SECRETS = ("token", "secret", "password")


class Content(NamedTuple):
    """What is shown of a message."""

    fields: dict[str, object]
    """Sender, receiver, subject and the like."""
    body: str
    """The text."""
    is_markdown: bool = False
    """Whether the text is Markdown; otherwise it is shown as it is."""
    links: Sequence[str] = ()
    """The URLs of the numbered links of the text."""


def read(content: MessageContent) -> Content:
    """Return what is shown of the content of a message."""
    if isinstance(content, MessageEmailContent):
        return _read_email(content)
    if isinstance(content, MessageSmsContent):
        return Content({"to": content.to}, content.body)
    if isinstance(content, MessagePushContent):
        fields: dict[str, object] = {"device": content.token, "title": content.title}
        return Content({**fields, "data": content.data} if content.data else fields, content.body)
    if isinstance(content, MessageChatContent):
        return _read_chat(content)
    if isinstance(content, MessageInAppFeedContent):  # pyright: ignore[reportUnnecessaryIsInstance] - more may come
        return Content({}, blocks_to_markdown(content.blocks), is_markdown=True)
    return Content({}, json.dumps(plain(content), ensure_ascii=False, indent=2))


def blocks_to_markdown(blocks: Blocks) -> str:
    """Return the blocks of an in-app message as Markdown: texts, and links and buttons with their targets."""
    parts: list[str] = []
    for block in blocks:
        if isinstance(block, MessageInAppFeedButtonSetBlock):
            parts += [f"- \\[{_escape(button.label)}\\] {_escape(button.action)}" for button in block.buttons]
        elif block.type == "markdown":
            text, urls = _convert(block.rendered, block.content)
            parts += [text, *(f"\\[{number}\\] {_escape(url)}" for number, url in enumerate(urls, 1))]
        else:
            parts.append(("→ " if block.name.endswith("url") else "") + _escape(block.rendered))
    return "\n\n".join(parts)


def blocks_to_text(blocks: Blocks) -> str:
    """Return the texts of an in-app message in one line, without marks, links and buttons."""
    texts = [
        _html_to_text(block.rendered) if block.type == "markdown" else block.rendered
        for block in blocks
        if not isinstance(block, MessageInAppFeedButtonSetBlock) and not block.name.endswith("url")
    ]
    return " ".join(" ".join(texts).split())


def targets_of(blocks: Blocks) -> list[str]:
    """Return where an in-app message and its buttons lead."""
    targets: list[str] = []
    for block in blocks:
        if isinstance(block, MessageInAppFeedButtonSetBlock):
            targets += [f"[{button.label}] {button.action}" for button in block.buttons]
        elif block.name.endswith("url"):
            targets.append(f"→ {block.rendered}")
    return targets


@lru_cache(1_000)
def _html_to_text(html: str) -> str:
    from bs4 import BeautifulSoup

    return BeautifulSoup(html, "html.parser").get_text(" ")


def _read_email(email: MessageEmailContent) -> Content:
    fields: dict[str, object] = {"from": email.from_, "to": email.to}
    for name in ("cc", "bcc", "reply_to"):
        if value := getattr(email, name):
            fields[name.replace("_", "-")] = value
    fields["subject"] = email.subject_line
    if not email.html_body:
        return Content(fields, email.text_body)
    text, urls = _convert(email.html_body, email.text_body)
    return Content(fields, text, is_markdown=True, links=urls)


def _convert(html: str, text: str) -> tuple[str, list[str]]:
    from .email_html import to_markdown

    try:
        return to_markdown(html)
    except RecursionError:  # no email is nested like that
        return _escape(text), []


def _read_chat(chat: MessageChatContent) -> Content:
    fields: dict[str, object] = {name: value for name, value in _without_secrets(chat.connection).items() if value}
    if chat.template.summary:
        fields["summary"] = chat.template.summary
    if chat.template.json_content is not None:
        return Content(fields, json.dumps(chat.template.json_content, ensure_ascii=False, indent=2))
    return Content(fields, "\n\n".join(block.content for block in chat.template.blocks or []))


def _without_secrets(value: Any) -> Any:
    """Return JSON without what lets others post to a chat."""
    if is_object(value):
        return {
            name: _HIDDEN
            if inner and (any(each in name for each in _SECRETS) or name == "url")
            else _without_secrets(inner)
            for name, inner in value.items()
        }
    return [_without_secrets(each) for each in value] if is_array(value) else value


def _escape(text: str) -> str:
    """Return a text as Markdown that shows it."""
    marks = set("\\`*_{}[]<>#+-|~")
    return "".join(f"\\{each}" if each in marks else each for each in text).replace("\n", "  \n")
