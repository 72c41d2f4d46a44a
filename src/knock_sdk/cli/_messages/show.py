"""`knock-sdk messages show`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from ...errors import NotFoundError
from .. import _rows as rows
from .._console import print_json, print_line, print_markdown, print_note, print_record, print_row
from .._errors import fail
from .._inputs import one_of
from .._options import JSONOutput
from .._references import describe
from .._session import client_of
from .._text import clean

if TYPE_CHECKING:
    from ..._sync.client import Knock
    from ...types import Message, MessageContents, MessageEvent
    from .contents import Content

MessageId = Annotated[str, typer.Argument(metavar="MESSAGE", help="Id of the message.")]

_TIMES = ("scheduled_at", "seen_at", "read_at", "interacted_at", "link_clicked_at", "archived_at")


def show_message(
    context: typer.Context,
    message_id: MessageId,
    *,
    part: Annotated[
        str | None,
        typer.Option(
            metavar="html|text", help="Print this part of an email alone, as it is.", **one_of("html", "text")
        ),
    ] = None,
    json: JSONOutput = False,
) -> None:
    """Show a message as its receiver sees it, with its statuses and what has happened to it.

    Of HTML, the terminal shows the text, with headings, lists, tables and numbered links. Nothing remote is loaded.
    """
    with client_of(context) as client:
        if part is not None:
            _print_part(client.messages.get_content(message_id), part)
            return
        message = client.messages.get(message_id)
        content = _find_content(client, message_id)
        events = sorted(client.messages.list_events(message_id), key=lambda event: event.inserted_at)
        if json:
            print_json({"message": message, "content": content, "events": events})
            return
        print_record(_fields(message), message, as_json=False)
        if content is not None:
            from .contents import read

            _print_content(read(content.data))
        elif message.channel.type == "http":
            _print_requests(client, message_id)
        else:
            print_note("Its content is not kept any more.")
        print_line("")
        for event in events:
            print_row(_event_row(event), event, as_json=False)


def _find_content(client: Knock, message_id: str) -> MessageContents | None:
    try:
        return client.messages.get_content(message_id)
    except NotFoundError:
        return None  # webhooks have none, and contents are not kept forever


def _print_part(content: MessageContents, part: str) -> None:
    text: str | None = getattr(content.data, f"{part}_body", None)
    if text is None:
        fail(f"The message is no email, so it has no {part} part.")
    print_line(text)


def _fields(message: Message) -> dict[str, object]:
    channel = message.channel
    fields: dict[str, object] = {
        "message": message.id,
        "made": message.inserted_at,
        "status": rows.status(message.status),
        "channel": f"{channel.key or channel.name or channel.id} ({channel.type}, {channel.provider})",
        "recipient": describe(message.recipient),
        message.source.type: message.source.key,
    }
    if message.source.step_ref:
        fields["step"] = message.source.step_ref
    if message.source.workflow_run_id:
        fields["run"] = message.source.workflow_run_id
    if message.tenant:
        fields["tenant"] = message.tenant
    if message.actors:
        fields["actors"] = ", ".join(map(describe, message.actors))
    return fields | {name.removesuffix("_at"): value for name in _TIMES if (value := getattr(message, name))}


def _print_content(content: Content) -> None:
    print_line("")
    if content.fields:
        print_record(content.fields, None, as_json=False)
        print_line("")
    if content.is_markdown:
        print_markdown(clean(content.body))
    else:
        print_line(clean(content.body))
    if content.links:
        print_line("")
    for number, url in enumerate(content.links, 1):
        print_line(clean(f"[{number}] {url}"))


def _print_requests(client: Knock, message_id: str) -> None:
    """Print the requests of a webhook's message, which is all that its receiver sees."""
    for log in client.messages.list_delivery_logs(message_id):
        print_line("")
        request = log.request
        fields: dict[str, object] = {
            "at": log.inserted_at,
            "request": f"{request.method} {request.host}{request.path}",
            "response": log.response.status,
            "body": request.body,
        }
        print_record(fields, None, as_json=False)


def _event_row(event: MessageEvent) -> dict[str, object]:
    details = ", ".join(f"{name}: {value}" for name, value in (event.data or {}).items())
    return {
        "at": event.inserted_at,
        "event": event.type.removeprefix("message.").replace("_", " "),
        "details": details or None,
    }
