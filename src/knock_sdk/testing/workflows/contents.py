"""The contents of messages: where a message goes, and what it says there."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..expressions import templates
from ..recipients import channel_data

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ..state.json_objects import JSON
    from ..state.records import Channel, Recipient
    from .run_context import Scope

SENDER = "Knock simulator <simulator@knock.invalid>"

# The property in which a kind of channel finds the address; chat and push find it in channel data, others need none.
_PROPERTIES = {"email": "email", "sms": "phone_number"}
_NAMES = ("token", "target_arn", "player_id")


def missing_address(recipient: Recipient, channel: Channel, tenant: Recipient | None) -> str | None:
    """Return what a recipient lacks to be reached on a channel; None if nothing."""
    name = _PROPERTIES.get(channel.type)
    if name is not None and not recipient.properties.get(name):
        return name
    if channel.type in channel_data.KINDS and not channel_data.destinations(recipient, tenant, channel):
        return "channel_data"
    return None


def snapshot(recipient: Recipient) -> JSON:
    """Return how a recipient can be reached at this moment, as messages keep it."""
    user_id = recipient.reference.id if recipient.reference.collection is None else None
    return {"email": recipient.properties.get("email"), "name": recipient.properties.get("name"), "user_id": user_id}


def contents(
    scope: Scope, channel: Channel, template: Mapping[str, object] | None, message: Mapping[str, object]
) -> JSON | None:
    """Return what is rendered for a recipient; None for webhooks, whose messages have no contents in the API.

    Args:
        scope: the scope of the run.
        channel: where the message goes.
        template: the template of the step; without one, the data is shown.
        message: what the template sees of the message itself.

    Raises:
        TemplateError: The template cannot be rendered with this data.
    """
    kind, recipient = channel.type, scope.recipient
    if kind == "http":
        return None
    if template is None:
        said = templates.plain(kind, scope.run.trigger.workflow.name, scope.run.data)
    else:
        said = templates.rendered(kind, template, {**scope.template, "current_message": message})
    if kind == "in_app_feed":
        return {"__typename": "MessageInAppFeedContent", **said}
    if kind == "email":
        addresses = {"bcc": None, "cc": None, "from": SENDER, "reply_to": None, "to": recipient.properties["email"]}
        return {"__typename": "MessageEmailContent", **said, **addresses}
    if kind == "sms":
        return {"__typename": "MessageSmsContent", **said, "to": recipient.properties["phone_number"]}
    place = channel_data.destinations(recipient, scope.tenant, channel)[0]
    if kind == "chat":
        return {"__typename": "MessageChatContent", **said, "connection": place, "metadata": None}
    token = next(place[name] for name in _NAMES if name in place)
    return {"__typename": "MessagePushContent", **said, "data": None, "token": token}
