"""`knock-sdk users channel-data` and `knock-sdk objects channel-data`: tokens and connections of a recipient."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from .._console import print_done, print_record
from .._errors import confirm
from .._groups import new_group
from .._inputs import read_object
from .._options import JSONOutput, RecipientId, Yes
from .._references import ObjectId, read_recipient
from .._session import client_of

if TYPE_CHECKING:
    from ...types import ChannelData

Channel = Annotated[str, typer.Argument(metavar="CHANNEL", help="Id of the channel, a UUID.")]

app = new_group()


@app.callback()
def group() -> None:
    """Tokens of devices and connections to chats that are stored for a channel."""


@app.command("get", epilog="Example: knock-sdk users channel-data get jhammond CHANNEL")
def get_channel_data(
    context: typer.Context, recipient_id: RecipientId, channel_id: Channel, *, json: JSONOutput = False
) -> None:
    """Show what is stored for a channel."""
    recipient = read_recipient(recipient_id)
    with client_of(context) as client:
        if isinstance(recipient, ObjectId):
            found = client.objects.get_channel_data(*recipient, channel_id)
        else:
            found = client.users.get_channel_data(recipient, channel_id)
        print_record(_fields(found), found, as_json=json)


@app.command(
    "set", epilog="""Example: knock-sdk users channel-data set jhammond CHANNEL --data '{"tokens": ["device-1"]}'"""
)
def set_channel_data(
    context: typer.Context,
    recipient_id: RecipientId,
    channel_id: Channel,
    *,
    data: Annotated[
        str, typer.Option("--data", metavar="JSON", help="All that is stored: itself, @FILE, or - for standard input.")
    ],
    json: JSONOutput = False,
) -> None:
    """Store data for a channel, in place of what was stored."""
    recipient, value = read_recipient(recipient_id), _to_data(data)
    with client_of(context) as client:
        if isinstance(recipient, ObjectId):
            stored = client.objects.set_channel_data(*recipient, channel_id, data=value)
        else:
            stored = client.users.set_channel_data(recipient, channel_id, data=value)
        print_record(_fields(stored), stored, as_json=json)


@app.command("unset", epilog="Example: knock-sdk users channel-data unset jhammond CHANNEL --yes")
def unset_channel_data(
    context: typer.Context,
    recipient_id: RecipientId,
    channel_id: Channel,
    *,
    yes: Yes = False,
    json: JSONOutput = False,
) -> None:
    """Remove what is stored for a channel, which then cannot reach the recipient."""
    recipient = read_recipient(recipient_id)
    with client_of(context) as client:
        confirm(f"Remove what is stored of {recipient_id!r} for the channel {channel_id!r}?", yes=yes)
        if isinstance(recipient, ObjectId):
            client.objects.unset_channel_data(*recipient, channel_id)
        else:
            client.users.unset_channel_data(recipient, channel_id)
        done = {"recipient": recipient_id, "unset": channel_id}
        print_done(f"Removed what was stored of {recipient_id} for the channel {channel_id}.", done, as_json=json)


def _to_data(text: str) -> Any:
    # The shape depends on the provider of the channel, which the client and the API check.
    return read_object(text)


def _fields(found: ChannelData) -> dict[str, object]:
    return {"channel": found.channel_id, "provider": found.provider, **found.data.model_dump(exclude_none=True)}
