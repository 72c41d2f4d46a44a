"""Messages as lists show them, and which of them filters and a search choose."""

from __future__ import annotations

import re
from datetime import datetime  # noqa: TC003 - a NamedTuple's annotations can be evaluated
from html import unescape
from itertools import islice
from typing import TYPE_CHECKING, Any, NamedTuple

from ...._core.type_guards import is_array, is_object
from ...inspection.criteria import subject_of, texts_of
from ...messaging.delivery_logs import REQUEST
from ...messaging.messages import ENGAGEMENT

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from ...state.records import Message, Reference
    from ...state.world import World

FILTERS = ("recipient", "channel", "workflow", "tenant", "status", "q")
"""Parameters of the address that choose messages."""

_MOST_SUMMARY = 160
_MOST_READ = 4_000
"""Characters of a message's texts of which a summary is made."""
_TAG = re.compile(r"<[^<>]*>")
_INLINE = re.compile(r"</?(?:a|abbr|b|code|em|i|mark|s|small|span|strong|sub|sup|u)\b[^<>]*>", re.IGNORECASE)
"""Tags at which no word ends."""
_MARKUP = re.compile(r"[*_~`]{1,3}(?=\S)|(?<=\S)[*_~`]{1,3}")
_CHAT_TEXTS = ("text", "title", "content", "description", "fallback")
_DEEPEST = 50


class MessageRow(NamedTuple):
    """What lists show of a message."""

    id: str
    serial: int
    at: datetime
    recipient: Reference
    name: str
    """The recipient's name when the message was made; empty without one."""
    channel: str
    """Key of the channel."""
    channel_type: str
    provider: str
    workflow: str
    tenant: str | None
    summary: str
    """Subject, title, or the beginning of the text."""
    status: str
    engagement: tuple[str, ...]


def row_of(_: World, message: Message) -> MessageRow:
    """Return what lists show of a message."""
    channel, trigger = message.channel, message.run.trigger
    name = message.snapshot.get("name")
    return MessageRow(
        id=message.id,
        serial=message.serial,
        at=message.inserted_at,
        recipient=message.recipient,
        name=name[:_MOST_SUMMARY] if isinstance(name, str) else "",
        channel=channel.key,
        channel_type=channel.type,
        provider=channel.provider,
        workflow=trigger.workflow.key,
        tenant=trigger.tenant,
        summary=summary_of(message),
        status=message.status,
        engagement=tuple(status for status in ENGAGEMENT if status in message.engagement),
    )


def summary_of(message: Message) -> str:
    """Return the subject or title of a message or, without one, the beginning of its first text, in one line."""
    text = subject_of(message) or _first_text(message)
    line = " ".join(text[:_MOST_READ].split())
    return line if len(line) <= _MOST_SUMMARY else f"{line[: _MOST_SUMMARY - 1]}…"


def _first_text(message: Message) -> str:
    contents = message.contents
    if contents is None:
        request: Any = message.call.get(REQUEST)
        if is_object(request):
            return f"{request.get('method')} {request.get('host')}{request.get('path')}"
        return f"Step {message.step_ref}"
    blocks: Any = contents.get("blocks")
    if is_array(blocks):
        return next((text for block in blocks if (text := _text_of_block(block))), "")
    chat: Any = contents.get("template")
    if is_object(chat):
        summary = chat.get("summary")
        shown = summary if isinstance(summary, str) and summary else next(_chat_texts(chat), "")
        return _MARKUP.sub("", shown[:_MOST_READ])
    return next((text for text in texts_of(message) if text.strip()), "")


def _chat_texts(value: Any, depth: int = 0) -> Iterator[str]:
    """Iterate over what the fields of a chat message with texts hold."""
    if depth > _DEEPEST:
        return
    if is_array(value):
        for each in value:
            yield from _chat_texts(each, depth + 1)
    elif is_object(value):
        for name, inner in value.items():
            if not isinstance(inner, str):
                yield from _chat_texts(inner, depth + 1)
            elif name in _CHAT_TEXTS and inner.strip():
                yield inner


def _text_of_block(block: Any) -> str:
    """Return the text of a block of a feed item, whose `rendered` is HTML."""
    rendered: Any = block.get("rendered") if is_object(block) else None
    return (
        unescape(_TAG.sub(" ", without_inline_tags(rendered[:_MOST_READ]))).strip() if isinstance(rendered, str) else ""
    )


def without_inline_tags(html: str) -> str:
    """Return HTML without the tags at which no word ends, so that `<b>Done</b>!` has no space inside."""
    return _INLINE.sub("", html)


def test_for(filters: dict[str, str]) -> Callable[[Message], bool] | None:
    """Return the test that a message passes all filters; None if none is set."""
    wanted = {name: text for name, text in filters.items() if text}
    if not wanted:
        return None
    recipient, channel, workflow = wanted.get("recipient"), wanted.get("channel"), wanted.get("workflow")
    tenant, status = wanted.get("tenant"), wanted.get("status")
    search = wanted.get("q", "").casefold()

    def passes(message: Message) -> bool:
        trigger = message.run.trigger
        return (
            (recipient is None or recipient == message.recipient.id or recipient == _path_of(message.recipient))
            and (channel is None or channel in (message.channel.key, message.channel.type))
            and (workflow is None or trigger.workflow.key == workflow)
            and (tenant is None or trigger.tenant == tenant)
            and (status is None or status == message.status or status in message.engagement)
            and (not search or any(search in text.casefold() for text in _searched(message)))
        )

    return passes


def _path_of(reference: Reference) -> str | None:
    """Return collection and id of an object; None for a user."""
    return None if reference.collection is None else f"{reference.collection}/{reference.id}"


def _searched(message: Message) -> Iterator[str]:
    """Iterate over the texts in which a search looks."""
    run = message.run
    yield from (message.id, message.recipient.id, run.id, run.trigger.id, run.trigger.workflow.key)
    if isinstance(name := message.snapshot.get("name"), str):
        yield name
    yield from texts_of(message)
    yield from _texts_in(message.data)
    if message.call:
        yield from _texts_in(message.call)
    to: Any = (message.contents or {}).get("to")
    if isinstance(to, str):
        yield to


def _texts_in(value: Any, depth: int = 0) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, int | float):
        yield str(value)
    elif depth < _DEEPEST:
        inner: Any = value.values() if is_object(value) else value if is_array(value) else ()
        for each in inner:
            yield from _texts_in(each, depth + 1)


def channels_in(world: World) -> list[str]:
    """Return the keys of the channels and their types, for a filter."""
    declared = world.channels.by_key.values()
    return sorted({name for channel in declared for name in (channel.key, channel.type)})


def workflows_in(world: World, most: int = 200) -> list[str]:
    """Return keys of workflows, for a filter."""
    return sorted(islice({**world.workflows, **world.assumed_workflows}, most))
