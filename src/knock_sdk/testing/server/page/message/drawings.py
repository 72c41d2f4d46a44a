"""What a page draws of a message, by the type of its channel."""

from __future__ import annotations

import math
import re
from html import unescape
from typing import TYPE_CHECKING, Any

from ....._core.type_guards import is_array, is_object
from ....messaging import delivery_logs
from ....messaging.guide_records import Guides
from ....recipients import profiles
from ..message_rows import without_inline_tags
from ..redaction import HIDDEN, is_secret
from . import chat_text, discord, email_file, slack, teams
from .links import count_remote
from .parts import Part, limit

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from ....state.json_objects import JSON
    from ....state.records import Message
    from ....state.world import World

_GSM = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿"
    "abcdefghijklmnopqrstuvwxyzäöñüà"
)
_GSM_TWICE = frozenset("^{}\\[~]|€\f")
"""Characters that take two places in an SMS."""
_NOT_SHOWN = re.compile(
    r"<(style|script|title)\b.{0,4000}?</\1\s{0,9}>|<!--.{0,4000}?-->|<[^<>]*>", re.IGNORECASE | re.DOTALL
)
_MOST_PREVIEW = 140
_MOST_MEASURED = 10_000
_ROW = 45
"""Characters in a line of a feed item, roughly."""
_FRAME_ROWS = (1, 2, 3, 5, 8, 14)
"""Heights of frames for which there is a style."""
_SERVICES = {"chat_slack": "Slack", "chat_ms_teams": "Microsoft Teams", "chat_discord": "Discord"}
_DRAWN: Mapping[str, Callable[[Any], list[Part]]] = {
    "chat_discord": discord.draw,
    "chat_ms_teams": teams.draw,
    "chat_slack": slack.draw,
}


def draw(world: World, message: Message) -> dict[str, Any]:
    """Return the variables of the template `message/<type of the channel>.html`."""
    return _DRAWINGS[message.channel.type](world, message)


def _draw_email(_: World, message: Message) -> dict[str, Any]:
    contents: JSON = message.contents or {}
    html = str(contents.get("html_body") or "")
    names = ("from", "to", "cc", "bcc", "reply_to")
    headers = {name.replace("_", "-"): str(contents[name]) for name in names if contents.get(name)}
    further: Any = message.call.get("headers")
    return {
        "headers": headers,
        "subject": str(contents.get("subject_line") or ""),
        "preview": preview_of(html),
        "html": html,
        "text": str(contents.get("text_body") or ""),
        "further": {str(name): str(value) for name, value in further.items()} if is_object(further) else {},
        "attachments": [
            (str(each.get("name")), str(each.get("content_type")), len(each["content"]) * 3 // 4)
            for each in email_file.attachments_of(message)
        ],
        "remote": count_remote(html),
    }


def preview_of(html: str) -> str:
    """Return the first text of an email, which inboxes show beside the subject."""
    text = unescape(_NOT_SHOWN.sub(" ", without_inline_tags(html[:_MOST_MEASURED])))
    line = " ".join(text.split())
    return line if len(line) <= _MOST_PREVIEW else f"{line[:_MOST_PREVIEW]}…"


def _draw_sms(_: World, message: Message) -> dict[str, Any]:
    contents: JSON = message.contents or {}
    body = str(contents.get("body") or "")
    is_gsm = all(each in _GSM or each in _GSM_TWICE for each in body)
    length = sum(2 if each in _GSM_TWICE else 1 for each in body) if is_gsm else len(body.encode("utf-16-le")) // 2
    single, several = (160, 153) if is_gsm else (70, 67)
    segments = 1 if length <= single else math.ceil(length / several)
    return {"body": body, "to": str(contents.get("to") or ""), "length": length, "segments": segments, "is_gsm": is_gsm}


def _draw_push(_: World, message: Message) -> dict[str, Any]:
    contents: JSON = message.contents or {}
    payload: Any = message.call.get("payload")
    token = contents.get("token")
    return {
        "heading": str(contents.get("title") or ""),
        "body": str(contents.get("body") or ""),
        "silent": is_object(payload) and payload.get("content-available") == 1 and not contents.get("title"),
        "device": f"…{token[-4:]}" if isinstance(token, str) and len(token) > 12 else "a device",
    }


def _draw_chat(_: World, message: Message) -> dict[str, Any]:
    contents: JSON = message.contents or {}
    template: Any = contents.get("template")
    provider = message.channel.provider
    parts: list[Part] = []
    if is_object(template):
        content = template.get("json_content")
        if content is not None:
            parts = _DRAWN.get(provider, slack.draw)(content)
        else:
            text = chat_text.slack if provider == "chat_slack" else chat_text.markdown
            blocks: Any = template.get("blocks")
            parts = [
                Part("text", text(str(each.get("content") or "")))
                for each in (blocks if is_array(blocks) else [])
                if is_object(each)
            ]
    summary = template.get("summary") if is_object(template) else None
    connection: Any = contents.get("connection")
    return {
        "service": _SERVICES.get(provider, provider.removeprefix("chat_").replace("_", " ").capitalize()),
        "parts": limit(parts),
        "summary": summary if isinstance(summary, str) else "",
        "where": _place_of(connection) if is_object(connection) else "",
    }


def _place_of(connection: dict[str, Any]) -> str:
    """Return the conversation that a connection leads to, if it says so without a secret."""
    names = ("channel_id", "user_id", "ms_teams_channel_id", "ms_teams_user_id")
    return next((str(connection[name]) for name in names if connection.get(name)), "")


def _draw_http(_: World, message: Message) -> dict[str, Any]:
    request: Any = message.call.get(delivery_logs.REQUEST)
    if not is_object(request):
        logs = [event for _, event in delivery_logs.provider_events(message).iterate()]
        request = delivery_logs.render(message, logs[-1])["request"] if logs else {"body": {"data": message.data}}
    headers: Any = request.get("headers")
    query = request.get("query")
    shown = (
        {str(name): HIDDEN if is_secret(str(name)) else str(value) for name, value in headers.items()}
        if is_object(headers)
        else {}
    )
    return {
        "method": str(request.get("method") or "POST"),
        "url": f"https://{request.get('host') or ''}{request.get('path') or '/'}" + (f"?{query}" if query else ""),
        "headers": shown,
        "body": request.get("body"),
        "declared": delivery_logs.REQUEST in message.call,
    }


def _draw_feed_item(world: World, message: Message) -> dict[str, Any]:
    blocks: Any = (message.contents or {}).get("blocks")
    actor = message.run.trigger.actor
    found = None if actor is None else profiles.find(world, actor)
    name = found.properties.get("name") if found else None
    return {
        "blocks": [_with_rows(each) for each in blocks if is_object(each)] if is_array(blocks) else [],
        "actor": actor,
        "actor_name": name if isinstance(name, str) else "",
        "unread": "read" not in message.engagement,
    }


def _with_rows(block: JSON) -> JSON:
    """Return a block of a feed item with an estimate of the lines that its HTML takes: a frame cannot say it."""
    rendered = block.get("rendered")
    if not isinstance(rendered, str):
        return block
    texts = _NOT_SHOWN.sub("\n", without_inline_tags(rendered[:_MOST_MEASURED])).split("\n")
    rows = sum(math.ceil(len(text) / _ROW) for text in texts if text.strip())
    return {**block, "rows": next((size for size in _FRAME_ROWS if rows <= size), _FRAME_ROWS[-1])}


def _draw_guide(world: World, message: Message) -> dict[str, Any]:
    guide = world.of(Guides).declared.get(message.run.trigger.workflow.key)
    step = next((each for each in guide.steps if each.ref == message.step_ref), None) if guide else None
    return {
        "guide": message.run.trigger.workflow.key,
        "guide_type": guide.type if guide else "",
        "step": message.step_ref,
        "content": step.content if step else None,
    }


_DRAWINGS: Mapping[str, Callable[[World, Message], dict[str, Any]]] = {
    "chat": _draw_chat,
    "email": _draw_email,
    "http": _draw_http,
    "in_app_feed": _draw_feed_item,
    "in_app_guide": _draw_guide,
    "push": _draw_push,
    "sms": _draw_sms,
}
