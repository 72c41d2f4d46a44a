"""The contents of a message: its rendered template, addresses, and what its provider gets beside them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from ...expressions import templates, webhooks
from ...expressions.emails import attachments
from ...expressions.liquid import liquid
from ...expressions.liquid.variables import LOCALE
from ...messaging.delivery_logs import REQUEST
from ...recipients import channel_data, preference_center, profiles
from ...state.clock import iso
from ...state.steps.steps import Send
from ..runtime.run_context import RunContext

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ...state.json_objects import JSON
    from ...state.records import Channel, Message
    from ...state.world import World

SENDER = "Knock simulator <simulator@knock.invalid>"

# The property that holds the address, by channel type. Chat and push use channel data; other types need no address.
ADDRESS_PROPERTIES: Mapping[str, str] = {"email": "email", "sms": "phone_number"}


class Target(NamedTuple):
    """Where a message goes."""

    address: str | None
    """Email address or phone number."""
    destination: JSON
    """Device or connection of a push or chat channel; empty for others."""


class Rendered(NamedTuple):
    """What a message consists of."""

    contents: JSON | None
    """None for webhooks, whose messages have no contents in the API."""
    call: JSON
    """What the provider gets beside the contents."""


def find_address(context: RunContext, channel: Channel, step: Send) -> str | None:
    """Return the email address or phone number for a message: the step's own or the recipient's; None without one.

    Raises:
        TemplateError: The step's own cannot be rendered.
    """
    if channel.type == "email":
        own = _override(step, "to_address", context.template) if step.overrides else ""
    elif channel.type == "sms":
        number = templates.setting_of(step.template, "to_number")
        own = "" if number is None else liquid.render(str(number), context.template, "settings.to_number").strip()
    else:
        return None
    return own or context.recipient.properties.get(ADDRESS_PROPERTIES[channel.type])


def render(
    context: RunContext,
    channel: Channel,
    step: Send,
    target: Target,
    message: Mapping[str, object],
) -> Rendered:
    """Return the contents of a message, from the step's template or, without one, from the data.

    Args:
        context: the context of the run.
        channel: the channel of the message.
        step: the step.
        target: where the message goes.
        message: fields of the message that the template can read.

    Raises:
        TemplateError: The template, or what the step overrides, cannot be rendered with this data.
    """
    try:
        return _render(context, channel, step, target, message)
    except liquid.TemplateError:
        raise
    except Exception as error:
        # Whatever goes wrong with a template ends its step, and nothing else.
        raise liquid.TemplateError(f"{type(error).__name__}: {error}") from error


def _render(
    context: RunContext,
    channel: Channel,
    step: Send,
    target: Target,
    message: Mapping[str, object],
) -> Rendered:
    kind = channel.type
    scope: dict[str, Any] = {"current_message": message}
    if step.template is not None or step.overrides is not None:  # the others would not read it
        scope = {**context.template, **context.refs(), **scope}
        if isinstance(locale := target.destination.get("locale"), str):
            scope[LOCALE] = locale
    if kind == "http":
        return Rendered(None, {} if step.template is None else {REQUEST: webhooks.render(step.template, scope)})
    if step.template is None:
        rendered = templates.render_data(kind, context.run.workflow.name, context.run.data)
    else:
        rendered = templates.render(kind, step.template, scope)
    return _BUILDERS[kind](_Draft(context, step, scope, rendered, target))


def render_blocks_in(world: World, message: Message, locale: str) -> list[JSON] | None:
    """Return the blocks of an in-app message, rendered anew in a locale; None if it has no template any more.

    What is looked up is as it is now; a template that fails now leaves the message as it was. Both are guesses.
    """
    run = message.run
    recipient = profiles.find(world, message.recipient)
    templates_by_ref = {planned.ref: planned.step for planned in run.workflow.steps}
    step = templates_by_ref.get(message.step_ref)
    if recipient is None or not isinstance(step, Send) or step.template is None:
        return None
    context = RunContext(world, run, recipient)
    at = iso(message.inserted_at)
    shown = {"id": message.id, "inserted_at": at, "updated_at": at}
    scope = {**context.template, **context.refs(), "data": message.data, "current_message": shown, LOCALE: locale}
    try:
        blocks: list[JSON] = templates.render("in_app_feed", step.template, scope)["blocks"]
    except liquid.TemplateError:
        return None
    return blocks


class _Draft(NamedTuple):
    """A message whose template is rendered."""

    context: RunContext
    step: Send
    scope: Mapping[str, Any]
    rendered: JSON
    target: Target

    def overrides(self, name: str) -> JSON:
        """Return the JSON object in a setting of the template that overrides what the provider gets."""
        return templates.render_object(templates.setting_of(self.step.template, name), self.scope, f"settings.{name}")


def _build_email(draft: _Draft) -> Rendered:
    step, scope = draft.step, draft.scope
    sender = _override(step, "from_address", scope)
    name = _override(step, "from_name", scope)
    contents = {
        "__typename": "MessageEmailContent",
        **draft.rendered,
        "bcc": _override(step, "bcc_address", scope) or None,
        "cc": _override(step, "cc_address", scope) or None,
        "from": _format_sender(sender, name),
        "reply_to": _override(step, "reply_to_address", scope) or None,
        "to": draft.target.address,
    }
    overrides = step.overrides or {}
    call = templates.render_object(overrides.get("json_overrides"), scope, "channel_overrides.json_overrides")
    if draft.context.run.workflow.commercial and draft.context.recipient.reference.collection is None:
        # Names of RFC 8058: a guess.
        url = preference_center.unsubscribe_link_for(draft.context.recipient)
        headers = {"List-Unsubscribe": f"<{url}>", "List-Unsubscribe-Post": "List-Unsubscribe=One-Click"}
        call = templates.apply_overrides({"headers": headers}, call)
    key = templates.setting_of(step.template, "attachment_key")
    if files := attachments.find(draft.context.lead.trigger_data, key):
        call["attachments"] = files
    return Rendered(contents, call)


def _format_sender(address: str, name: str) -> str:
    default_name, _, default_address = SENDER.partition(" <")
    if not address and not name:
        return SENDER
    return f"{name or default_name} <{address or default_address.rstrip('>')}>"


def _build_feed_item(draft: _Draft) -> Rendered:
    return Rendered({"__typename": "MessageInAppFeedContent", **draft.rendered}, {})


def _build_sms(draft: _Draft) -> Rendered:
    contents = {"__typename": "MessageSmsContent", **draft.rendered, "to": draft.target.address}
    payload = draft.overrides("payload_overrides")
    return Rendered(contents, {"payload": payload} if payload else {})


def _build_chat(draft: _Draft) -> Rendered:
    connection = draft.target.destination
    contents = {"__typename": "MessageChatContent", **draft.rendered, "connection": connection, "metadata": None}
    return Rendered(contents, {})


def _build_push(draft: _Draft) -> Rendered:
    token = channel_data.identifier_of(draft.target.destination)
    silent = templates.setting_of(draft.step.template, "delivery_type") == "silent"
    # That the API shows the data here, as the app gets it, is a guess.
    data = {**draft.context.run.data, "knock_message_id": draft.scope["current_message"]["id"]}
    contents = {"__typename": "MessagePushContent", **draft.rendered, "data": data, "token": token}
    payload = {"data": data, "content-available": 1} if silent else {**draft.rendered, "data": data}
    return Rendered(contents, {"payload": templates.apply_overrides(payload, draft.overrides("payload_overrides"))})


_BUILDERS = {
    "chat": _build_chat,
    "email": _build_email,
    "in_app_feed": _build_feed_item,
    "push": _build_push,
    "sms": _build_sms,
}


def _override(step: Send, name: str, scope: Mapping[str, Any]) -> str:
    value = (step.overrides or {}).get(name)
    return "" if value is None else liquid.render(str(value), scope, f"channel_overrides.{name}").strip()
