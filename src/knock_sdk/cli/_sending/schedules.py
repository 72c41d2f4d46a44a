"""`knock-sdk schedules`."""

from __future__ import annotations

from typing import Annotated, Any

import typer

from .. import _rows as rows
from .._console import print_list
from .._errors import confirm
from .._groups import new_group
from .._inputs import read_data, read_future
from .._options import (
    All,
    Data,
    JSONOutput,
    Limit,
    Objects,
    Property,
    Recipients,
    RecipientsSource,
    Tenant,
    WorkflowKey,
    Yes,
    page_size,
)
from .._references import read_inline, read_recipients, read_reference
from .._session import client_of
from .repeats import read_repeats

app = new_group()

Every = Annotated[
    str | None,
    typer.Option(metavar="TIME", help="Repeat it each day, '2 weeks', hour, month, weekday, weekend, monday …"),
]
Days = Annotated[str | None, typer.Option(metavar="DAYS", help="On these days: mon,wed or weekdays or weekends.")]
DayOfMonth = Annotated[int | None, typer.Option(min=1, max=31, metavar="N", help="On this day of the month.")]
At = Annotated[
    str | None,
    typer.Option(
        metavar="TIME", help="At this time of the day, 09:00, in the zone of the recipient; each hour at :30."
    ),
]
Repeats = Annotated[
    str | None, typer.Option(metavar="JSON", help="The rules of repetition as the API has them, instead.")
]
Start = Annotated[
    str | None,
    typer.Option(metavar="TIME", help="When it runs once, or begins: 2026-01-05T09:00:00Z, or 2h from now."),
]
End = Annotated[str | None, typer.Option(metavar="TIME", help="When it ends, likewise.")]
Actor = Annotated[
    str | None, typer.Option(metavar="RECIPIENT", help="Who caused it: a user, or an object as COLLECTION/ID.")
]
Ids = Annotated[list[str], typer.Argument(metavar="SCHEDULE...", help="Ids of schedules, at most 100.")]


@app.command("list", epilog="Example: knock-sdk schedules list weekly-digest --recipient jhammond")
def list_schedules(
    context: typer.Context,
    key: WorkflowKey,
    *,
    recipients: Annotated[
        list[str] | None,
        typer.Option("--recipient", "-r", metavar="RECIPIENT", help="Only those of this one. May be repeated."),
    ] = None,
    tenant: Tenant = None,
    limit: Limit = 50,
    everything: All = False,
    json: JSONOutput = False,
) -> None:
    """List the schedules of a workflow."""
    given, shown = [read_reference(text, "--recipient") for text in recipients or []], None if everything else limit
    with client_of(context) as client:
        found = client.schedules.list(workflow=key, recipients=given or None, tenant=tenant, page_size=page_size(shown))
        print_list(found, rows.schedule, as_json=json, limit=shown)


@app.command("create", epilog="Example: knock-sdk schedules create weekly-digest -r jhammond --every monday --at 09:00")
def create_schedules(
    context: typer.Context,
    key: WorkflowKey,
    *,
    recipients: Recipients = None,
    objects: Objects = None,
    source: RecipientsSource = None,
    every: Every = None,
    days: Days = None,
    day_of_month: DayOfMonth = None,
    at: At = None,
    repeats: Repeats = None,
    start: Start = None,
    end: End = None,
    properties: Property = None,
    data: Data = None,
    actor: Actor = None,
    tenant: Tenant = None,
    json: JSONOutput = False,
) -> None:
    """Let a workflow run later, once or again and again, for each of up to 100 recipients."""
    given = read_recipients(recipients, objects, source)
    if not given:
        raise typer.BadParameter("There is none: name one with --recipient, --object or --recipients.")
    rules = read_repeats(every, days, day_of_month, at, repeats)
    if rules is None and start is None:
        raise typer.BadParameter("Say when it runs: with --every, --days or --day-of-month, or once with --start.")
    arguments = _arguments(rules, start=start, end=end, properties=properties, data=data, actor=actor, tenant=tenant)
    with client_of(context) as client:
        made = client.schedules.create(workflow=key, recipients=given, **arguments)
        print_list(made, rows.schedule, as_json=json)


@app.command("update", epilog="Example: knock-sdk schedules update SCHEDULE --days mon,wed,fri --at 08:30")
def update_schedules(
    context: typer.Context,
    schedule_ids: Ids,
    *,
    every: Every = None,
    days: Days = None,
    day_of_month: DayOfMonth = None,
    at: At = None,
    repeats: Repeats = None,
    start: Start = None,
    end: End = None,
    properties: Property = None,
    data: Data = None,
    actor: Actor = None,
    tenant: Tenant = None,
    json: JSONOutput = False,
) -> None:
    """Change schedules, all in the same way; what is not named stays as it is."""
    rules = read_repeats(every, days, day_of_month, at, repeats)
    arguments = _arguments(rules, start=start, end=end, properties=properties, data=data, actor=actor, tenant=tenant)
    if not arguments:
        raise typer.BadParameter("There is nothing to change: name what is new.")
    with client_of(context) as client:
        changed = client.schedules.update(schedule_ids=schedule_ids, **arguments)
        print_list(changed, rows.schedule, as_json=json)


@app.command("delete", epilog="Example: knock-sdk schedules delete SCHEDULE --yes")
def delete_schedules(context: typer.Context, schedule_ids: Ids, *, yes: Yes = False, json: JSONOutput = False) -> None:
    """Delete schedules; prints those that were deleted."""
    with client_of(context) as client:
        count = f"{len(schedule_ids)} schedules" if len(schedule_ids) > 1 else f"the schedule {schedule_ids[0]!r}"
        confirm(f"Delete {count} for good?", yes=yes)
        print_list(client.schedules.delete(schedule_ids=schedule_ids), rows.schedule, as_json=json)


def _arguments(
    rules: list[Any] | None,
    *,
    start: str | None,
    end: str | None,
    properties: list[str] | None,
    data: str | None,
    actor: str | None,
    tenant: str | None,
) -> dict[str, Any]:
    arguments: dict[str, Any] = {
        "repeats": rules,
        "scheduled_at": None if start is None else read_future(start, "--start"),
        "ending_at": None if end is None else read_future(end, "--end"),
        "data": read_data(data, properties),
        "actor": None if actor is None else read_inline(actor, "--actor"),
        "tenant": tenant,
    }
    return {name: value for name, value in arguments.items() if value is not None}
