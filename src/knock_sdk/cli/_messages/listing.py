"""`knock-sdk messages list`, which can follow what is sent."""

from __future__ import annotations

from datetime import timedelta
from functools import partial
from typing import TYPE_CHECKING, Annotated, Any, Literal, get_args

import typer

from ...params.messages import EngagementStatusFilter
from ...types.messages import MessageStatus
from .. import _rows as rows
from .._console import print_list, print_row
from .._following import NewMessages, follow
from .._inputs import one_of, read_object, read_past
from .._options import All, JSONOutput, Limit, Tenant, page_size
from .._references import ObjectId, read_recipient
from .._session import client_of

if TYPE_CHECKING:
    from ..._sync.client import Knock
    from .._following import FetchMessages

_STATUSES: tuple[str, ...] = get_args(MessageStatus)
_ENGAGEMENT: tuple[str, ...] = get_args(EngagementStatusFilter)
_LATE = timedelta(minutes=30)
"""How long after a message was made its status may change: providers are tried again for half an hour."""
_SHOWN_AT_FIRST = 10


def list_messages(
    context: typer.Context,
    *,
    recipient: Annotated[
        str | None,
        typer.Option("--recipient", "-r", metavar="RECIPIENT", help="Only those to a user, or to COLLECTION/ID."),
    ] = None,
    workflow: Annotated[
        str | None, typer.Option("--workflow", "-w", metavar="KEY", help="Only of this workflow.")
    ] = None,
    category: Annotated[
        list[str] | None,
        typer.Option("--category", metavar="NAME", help="Only of workflows in this category. May be repeated."),
    ] = None,
    tenant: Tenant = None,
    channel: Annotated[
        str | None, typer.Option("--channel", metavar="CHANNEL", help="Only on the channel with this id.")
    ] = None,
    status: Annotated[
        list[str] | None,
        typer.Option(
            "--status",
            "-s",
            metavar="STATUS",
            **one_of(*_STATUSES),
            help="Only in this state of delivery. May be repeated.",
        ),
    ] = None,
    engagement: Annotated[
        list[str] | None,
        typer.Option(
            "--engagement",
            metavar="STATUS",
            **one_of(*_ENGAGEMENT),
            help="Only those that were read, are unread and so on. May be repeated.",
        ),
    ] = None,
    run: Annotated[str | None, typer.Option("--run", metavar="RUN", help="Only of the run with this id.")] = None,
    data: Annotated[
        str | None,
        typer.Option("--data", metavar="JSON", help="Only those of triggers whose data has these values."),
    ] = None,
    since: Annotated[
        str | None,
        typer.Option(
            "--since",
            metavar="TIME",
            help="Only those made since then: 2026-01-05T09:00:00Z, or 2h for the last two hours.",
        ),
    ] = None,
    until: Annotated[
        str | None, typer.Option("--until", metavar="TIME", help="Only those made before then, likewise.")
    ] = None,
    following: Annotated[
        bool, typer.Option("--follow", "-f", help="Go on, and show new ones as they are made, until Ctrl-C.")
    ] = False,
    interval: Annotated[
        float, typer.Option("--interval", min=0.2, metavar="SECONDS", help="With --follow: time between two looks.")
    ] = 2.0,
    limit: Limit = 50,
    everything: All = False,
    json: JSONOutput = False,
) -> None:
    """List messages, newest first; with --follow, the last ones and then new ones, oldest first."""
    filters: dict[str, Any] = {
        "tenant": tenant,
        "channel_id": channel,
        "status": status,
        "engagement_status": engagement,
        "workflow_categories": category,
        "source": workflow,
        "workflow_run_id": run,
        "trigger_data": read_object(data),
        "inserted_at": _read_period(since, until),
    }
    if following and until is not None:
        raise typer.BadParameter("With --follow there is no end.", param_hint="--until")
    shown = None if everything else limit
    with client_of(context) as client:
        fetch = _lister(client, recipient, filters)
        if following:
            late = _LATE if status or engagement else timedelta()
            first = limit if _is_given(context, "limit") else _SHOWN_AT_FIRST
            _follow(NewMessages(fetch, late=late), first, interval, json=json)
            return
        print_list(fetch(page_size=page_size(shown)), rows.message, as_json=json, limit=shown)


def _read_period(since: str | None, until: str | None) -> dict[str, object] | None:
    period: dict[str, object] = {}
    if since is not None:
        period["gte"] = read_past(since, "--since")
    if until is not None:
        period["lt"] = read_past(until, "--until")
    return period or None


def _lister(client: Knock, recipient: str | None, filters: dict[str, Any]) -> FetchMessages:
    if recipient is None:
        return partial(client.messages.list, **filters)
    found = read_recipient(recipient, "--recipient")
    if isinstance(found, ObjectId):
        return partial(client.objects.list_messages, found.collection, found.id, **filters)
    return partial(client.users.list_messages, found, **filters)


def _is_given(context: typer.Context, name: str) -> bool:
    source = context.get_parameter_source(name)
    return source is not None and source.name != "DEFAULT"


def _follow(messages: NewMessages, count: int, interval: float, *, json: bool) -> None:
    begun = False

    def look() -> Literal[True]:
        nonlocal begun
        for message in messages.look() if begun else messages.begin(count):
            print_row(rows.message(message), message, as_json=json)
        begun = True
        return True

    follow(look, interval)
