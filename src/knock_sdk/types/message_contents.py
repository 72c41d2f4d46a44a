# Generated from openapi/knock.yaml by `python -m codegen`; do not edit.
"""Models of responses: message contents."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any, Literal, TypeAlias

from pydantic import AwareDatetime, Field

from knock_sdk._core.responses.model import ByTypename, Model


class Block(Model):
    """A block of text in a chat message."""

    content: str
    """Text of the block, in the format that `type` names."""

    name: str
    """Name of the block in its template."""

    type: Literal["text", "markdown"] | str
    """Format of `content`: plain `text` or `markdown`."""


class MessageChatTemplate(Model):
    """Rendered content of a chat message, either as text blocks or as the provider's JSON."""

    blocks: list[Block] | None = None
    """Rendered text or markdown blocks in order, or null when the message was written as JSON."""

    json_content: dict[str, Any] | None = None
    """Body of the message in the chat provider's own JSON, or null when blocks were used."""

    summary: str | None = None
    """Short plain-text form of the message, as a chat app shows in its own alerts; may be null."""


class MessageEmailContent(Model):
    """An email as it was rendered for its recipient."""

    typename: Annotated[str, Field(alias="__typename")]
    """Kind of the record, `MessageEmailContent`."""

    bcc: str | None = None
    """Blind-copy addresses, or null if there are none."""

    cc: str | None = None
    """Copy addresses, or null if there are none."""

    from_: Annotated[str, Field(alias="from")]
    """Address that the email is sent from."""

    html_body: str
    """The email's body as rendered HTML."""

    reply_to: str | None = None
    """Address that replies go to, or null when they go to the sender."""

    subject_line: str
    """The rendered subject."""

    text_body: str
    """The email's body as plain text."""

    to: str
    """Address that the email is sent to."""


class MessageInAppFeedButton(Model):
    """A button of an in-app message."""

    action: str
    """Target of the button, usually a URL."""

    label: str
    """Text shown on the button."""

    name: str
    """Name of the button within its set, as given in the template."""


class MessageInAppFeedButtonSetBlock(Model):
    """A block of an in-app message that holds buttons."""

    buttons: list[MessageInAppFeedButton]
    """The buttons, in the order to show them."""

    name: str
    """Name of the block, as given in the template."""

    type: Literal["button_set"] | str
    """Kind of block, always `button_set` here."""


class MessageInAppFeedContentBlock(Model):
    """A block of text in an in-app message, with its template and its rendered form."""

    content: str
    """Template of the block, before variables are filled in."""

    name: str
    """Name of the block, as given in the template."""

    rendered: str
    """The block ready to show: HTML for markdown, plain text for text."""

    type: Literal["markdown", "text"] | str
    """Format of the content: `markdown` or `text`."""


class MessagePushContent(Model):
    """A push notification as it was rendered for one device."""

    typename: Annotated[str, Field(alias="__typename")]
    """Kind of the record, as Knock names it."""

    body: str
    """The rendered text of the notification."""

    data: dict[str, Any] | None = None
    """Extra values sent to the app along with the notification, or null if there are none."""

    title: str
    """The rendered title of the notification."""

    token: str
    """Device token that the notification is sent to."""


class MessageSmsContent(Model):
    """An SMS as it was rendered for its recipient."""

    typename: Annotated[str, Field(alias="__typename")]
    """Kind of the record, `MessageSmsContent`."""

    body: str
    """The rendered text."""

    to: str
    """Phone number that the SMS is sent to."""


class MessageChatContent(Model):
    """Rendered content of a chat message, and where it was posted."""

    typename: Annotated[str, Field(alias="__typename")]
    """Kind of the record, `MessageChatContent`."""

    connection: dict[str, Any]
    """Connection that the message was posted through, in the shape of the provider's channel data."""

    metadata: dict[str, Any] | None = None
    """Extra data stored with the content; null for none."""

    template: MessageChatTemplate
    """The message as rendered: blocks of text, or the provider's own JSON."""


class MessageInAppFeedContent(Model):
    """An in-app feed message as it was rendered."""

    typename: Annotated[str, Field(alias="__typename")]
    """Kind of the record, as Knock names it."""

    blocks: list[MessageInAppFeedContentBlock | MessageInAppFeedButtonSetBlock]
    """Text blocks and button sets that make up the message, in order."""


MessageContent: TypeAlias = Annotated[
    MessageEmailContent | MessageSmsContent | MessagePushContent | MessageChatContent | MessageInAppFeedContent,
    ByTypename,
]
"""The rendered content of a message, in the shape of its kind of channel."""


class MessageContents(Model):
    """Rendered contents of one message, in the shape of its kind of channel."""

    typename: Annotated[str, Field(alias="__typename")]
    """Kind of the record, `MessageContent`."""

    data: MessageContent
    """The rendered content; its shape depends on whether the message is email, SMS, push, chat or in-app."""

    inserted_at: AwareDatetime
    """When the contents were created."""

    message_id: str
    """Id of the message that these contents belong to."""


BatchGetMessageContentsResponse: TypeAlias = list[MessageContents]
"""Rendered contents of the requested messages, one entry for each."""

if not TYPE_CHECKING:

    def __getattr__(name: str) -> object:
        if name == "__path__":  # each import from this module asks for it
            raise AttributeError(name)
        from knock_sdk.errors._hints import missing_name

        raise missing_name(__name__, name)
