"""`knock-sdk feed`."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING, Annotated, Any, get_args

import typer

from ...params import ArchivedFilter, FeedStatusFilter
from .._console import print_list
from .._errors import fail
from .._groups import new_group
from .._inputs import one_of
from .._messages.contents import blocks_to_text
from .._options import All, JSONOutput, Limit, Tenant, UserId, page_size
from .._references import describe
from .._session import client_of, session_of

if TYPE_CHECKING:
    from ..._sync.client import Knock
    from ...types import InAppFeedItem
    from .._session import Session

_STATUSES: tuple[str, ...] = get_args(FeedStatusFilter)
_ARCHIVED: tuple[str, ...] = get_args(ArchivedFilter)

app = new_group()


@app.command("feed", epilog="Example: knock-sdk feed jhammond --status unread")
def show_feed(
    context: typer.Context,
    user_id: UserId,
    channel_id: Annotated[
        str | None,
        typer.Argument(
            metavar="CHANNEL", help="Id of the in-app channel; that of the last in-app message if left out."
        ),
    ] = None,
    *,
    status: Annotated[
        str | None,
        typer.Option(
            "--status", metavar="STATUS", help="Only items that are unread, read, unseen or seen.", **one_of(*_STATUSES)
        ),
    ] = None,
    archived: Annotated[
        str | None,
        typer.Option(
            "--archived",
            metavar="WHICH",
            help="Whether archived items are shown too: exclude, include or only.",
            **one_of(*_ARCHIVED),
        ),
    ] = None,
    tenant: Tenant = None,
    workflow: Annotated[
        str | None, typer.Option("--workflow", "-w", metavar="KEY", help="Only of this workflow.")
    ] = None,
    interval: Annotated[
        float, typer.Option("--interval", min=0.5, metavar="SECONDS", help="In a terminal: time between two looks.")
    ] = 3.0,
    limit: Limit = 50,
    everything: All = False,
    listed: Annotated[bool, typer.Option("--list", help="Print a list, in a terminal too.")] = False,
    json: JSONOutput = False,
) -> None:
    """Show a user's in-app feed: in a terminal a view that scrolls and keeps up, otherwise a list.

    Keys of the view: arrows, j and k select, space and b go page by page, r marks as read or unread, a archives, u
    takes that back, q leaves.
    """
    filters: dict[str, Any] = {"status": status, "archived": archived, "tenant": tenant, "source": workflow}
    with client_of(context) as client:
        channel = channel_id or _find_channel(client, user_id)
        if json or listed or not _is_interactive():
            shown = None if everything else limit
            items = client.users.feeds.list_items(user_id, channel, page_size=page_size(shown), **filters)
            print_list(items, _row, as_json=json, limit=shown, nothing="The feed is empty.")
            return
    _show_view(session_of(context), user_id, channel, filters, interval)


def _show_view(session: Session, user_id: str, channel: str, filters: dict[str, Any], interval: float) -> None:
    import asyncio

    from .screen import Screen
    from .source import Source

    async def run() -> int:
        async with session.async_client() as client:
            return await Screen(Source(client, user_id, channel, filters), user_id, interval).run()

    raise typer.Exit(asyncio.run(run()))


def _find_channel(client: Knock, user_id: str) -> str:
    """Return the in-app channel of the user's last message on one, or of anybody's."""
    for page in (client.users.list_messages(user_id), client.messages.list()):
        channels = (message.channel for message in page.items)
        if channel := next((each for each in channels if each.type in {"in_app_feed", "in_app"}), None):
            return channel.id
    return fail("No message was sent on an in-app channel lately: give the id of the channel, from the dashboard.")


def _is_interactive() -> bool:
    return sys.stdin.isatty() and sys.stdout.isatty() and os.environ.get("TERM") != "dumb"


def _row(item: InAppFeedItem) -> dict[str, object]:
    return {
        "id": item.id,
        "at": item.inserted_at,
        "status": "archived" if item.archived_at else "read" if item.read_at else "seen" if item.seen_at else "unseen",
        "source": item.source.key,
        "actor": describe(item.actors[0]) if item.actors else None,
        "text": blocks_to_text(item.blocks),
    }
