"""`knock-sdk objects subscribers`."""

from __future__ import annotations

from typing import Annotated

import typer

from .. import _rows as rows
from .._console import print_list
from .._groups import new_group
from .._inputs import read_data
from .._options import All, Data, JSONOutput, Limit, ObjectPath, Property, page_size
from .._references import read_inline, read_object_id, read_reference
from .._session import client_of

_Recipients = Annotated[
    list[str], typer.Argument(metavar="RECIPIENT...", help="Users, and objects as COLLECTION/ID; at most 100.")
]

app = new_group()


@app.callback()
def group() -> None:
    """Recipients that get what is sent to an object."""


@app.command("list", epilog="Example: knock-sdk objects subscribers list projects/site-b")
def list_subscribers(
    context: typer.Context,
    path: ObjectPath,
    *,
    limit: Limit = 50,
    everything: All = False,
    json: JSONOutput = False,
) -> None:
    """List an object's subscribers."""
    object_id, shown = read_object_id(path), None if everything else limit
    with client_of(context) as client:
        found = client.objects.list_subscriptions(*object_id, page_size=page_size(shown))
        print_list(found, rows.subscription, as_json=json, limit=shown)


@app.command("add", epilog="Example: knock-sdk objects subscribers add projects/site-b jhammond dnedry -p role=owner")
def add_subscribers(
    context: typer.Context,
    path: ObjectPath,
    recipients: _Recipients,
    *,
    properties: Property = None,
    data: Data = None,
    json: JSONOutput = False,
) -> None:
    """Subscribe recipients to an object, or change the properties of their subscriptions."""
    object_id = read_object_id(path)
    given = [read_inline(text, "RECIPIENT") for text in recipients]
    with client_of(context) as client:
        added = client.objects.add_subscriptions(*object_id, recipients=given, properties=read_data(data, properties))
        print_list(added, rows.subscription, as_json=json)


@app.command("remove", epilog="Example: knock-sdk objects subscribers remove projects/site-b dnedry")
def remove_subscribers(
    context: typer.Context, path: ObjectPath, recipients: _Recipients, *, json: JSONOutput = False
) -> None:
    """End subscriptions to an object; shows those that have ended."""
    object_id = read_object_id(path)
    given = [read_reference(text, "RECIPIENT") for text in recipients]
    with client_of(context) as client:
        removed = client.objects.delete_subscriptions(*object_id, recipients=given)
        print_list(removed, rows.subscription, as_json=json, nothing="None of these was a subscriber.")
