"""Options that several commands have."""

from __future__ import annotations

from typing import Annotated

import typer

JSONOutput = Annotated[
    bool, typer.Option("--json", help="Print JSON: one object, or for lists one object on each line.")
]
Limit = Annotated[int, typer.Option("--limit", "-n", min=1, metavar="N", help="Show at most this many.")]
All = Annotated[bool, typer.Option("--all", help="Show all, whatever their number.")]
Data = Annotated[
    str | None,
    typer.Option("--data", metavar="JSON", help="A JSON object: itself, @FILE, or - for standard input."),
]
Property = Annotated[
    list[str] | None,
    typer.Option(
        "--property",
        "-p",
        metavar="NAME=VALUE",
        help="A property: plan=pro is text, seats:=5 is JSON. May be repeated.",
    ),
]
Yes = Annotated[bool, typer.Option("--yes", "-y", help="Do it without asking.")]
Recipients = Annotated[
    list[str] | None,
    typer.Option(
        "--recipient",
        "-r",
        metavar="RECIPIENT",
        help='A user, an object as COLLECTION/ID, or JSON that stores one first: \'{"id": "ana", "name": "Ana"}\'.'
        " May be repeated.",
    ),
]
Objects = Annotated[
    list[str] | None, typer.Option("--object", metavar="COLLECTION/ID", help="An object. May be repeated.")
]
RecipientsSource = Annotated[
    str | None,
    typer.Option(
        "--recipients",
        metavar="LIST",
        help="Recipients as a JSON list or one on each line: @FILE, or - for standard input.",
    ),
]
Tenant = Annotated[str | None, typer.Option("--tenant", metavar="TENANT", help="Id of the tenant.")]
RecipientId = Annotated[str, typer.Argument(metavar="RECIPIENT", help="Id of the user, or an object as COLLECTION/ID.")]
WorkflowKey = Annotated[str, typer.Argument(metavar="WORKFLOW", help="Key of the workflow.")]
ObjectPath = Annotated[str, typer.Argument(metavar="COLLECTION/ID", help="The object.")]
UserId = Annotated[str, typer.Argument(metavar="USER", help="Id of the user.")]


def page_size(limit: int | None) -> int:
    """Return how many items a list fetches at once, so that few of them are fetched in vain; None shows all."""
    return 50 if limit is None else min(limit + 1, 50)  # one more says whether there are more
