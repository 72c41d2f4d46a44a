"""What a message says: workflows carry no templates yet, so that it is the workflow's name and the trigger's data."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING, Any

from pydantic_core import to_json

from .._core.narrow import is_array, is_object
from .values import part

if TYPE_CHECKING:
    from .records import Channel, Recipient
    from .values import JSON

SENDER = "Knock simulator <simulator@knock.invalid>"

# Where each kind of channel finds the address: a property, or lists in the channel data. The other kinds need none.
_PROPERTIES = {"email": "email", "sms": "phone_number"}
_CHANNEL_DATA = {
    "chat": ("connections",),
    "push": ("devices", "tokens", "target_arns", "player_ids"),
}


def missing_address(recipient: Recipient, channel: Channel) -> str | None:
    """Return what a recipient lacks to be reached on a channel; None if nothing."""
    name = _PROPERTIES.get(channel.type)
    if name is not None and not recipient.properties.get(name):
        return name
    if channel.type in _CHANNEL_DATA and not _devices(recipient, channel):
        return "channel_data"
    return None


def snapshot(recipient: Recipient) -> JSON:
    """Return how a recipient can be reached at this moment, as messages keep it."""
    user_id = recipient.reference.id if recipient.reference.collection is None else None
    return {"email": recipient.properties.get("email"), "name": recipient.properties.get("name"), "user_id": user_id}


def contents(recipient: Recipient, channel: Channel, title: str, data: JSON) -> JSON | None:
    """Return what is rendered for a recipient; None for webhooks, whose messages have no contents in the API."""
    lines = [f"{name}: {_plain(value)}" for name, value in data.items()]
    text = "\n".join(lines)
    if channel.type == "email":
        return {
            "__typename": "MessageEmailContent",
            "bcc": None,
            "cc": None,
            "from": SENDER,
            "html_body": "".join(f"<p>{escape(line)}</p>" for line in lines),
            "reply_to": None,
            "subject_line": title,
            "text_body": text,
            "to": recipient.properties["email"],
        }
    if channel.type == "sms":
        return {
            "__typename": "MessageSmsContent",
            "body": "\n".join([title, *lines]),
            "to": recipient.properties["phone_number"],
        }
    if channel.type == "in_app_feed":
        rendered = "".join(f"<p>{escape(line)}</p>" for line in [title, *lines])
        block = {"content": "\n\n".join([title, *lines]), "name": "body", "rendered": rendered, "type": "markdown"}
        return {"__typename": "MessageInAppFeedContent", "blocks": [block]}
    if channel.type == "push":
        device = _devices(recipient, channel)[0]
        token = device.get("token") or device.get("target_arn") if is_object(device) else device
        return {"__typename": "MessagePushContent", "body": text, "data": None, "title": title, "token": str(token)}
    if channel.type == "chat":
        connection = _devices(recipient, channel)[0]
        block = {"content": "\n".join([title, *lines]), "name": "body", "type": "text"}
        template = {"blocks": [block], "json_content": None, "summary": title}
        return {"__typename": "MessageChatContent", "connection": connection, "metadata": None, "template": template}
    return None


def _devices(recipient: Recipient, channel: Channel) -> list[Any]:
    """Return the devices, tokens or connections in a recipient's channel data."""
    stored = part(recipient.channel_data, channel.id)
    lists = (stored.get(name) for name in _CHANNEL_DATA[channel.type])
    return [device for listed in lists if is_array(listed) for device in listed]


def _plain(value: Any) -> str:
    return value if isinstance(value, str) else to_json(value).decode("utf-8")
