"""`knock-sdk objects`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from .. import _rows as rows
from .._console import print_done, print_list, print_record
from .._errors import confirm
from .._groups import new_group
from .._inputs import read_fields
from .._options import All, Data, JSONOutput, Limit, ObjectPath, Property, Yes, page_size
from .._references import describe, read_object_id
from .._session import client_of
from . import channel_data, subscribers

if TYPE_CHECKING:
    from ...types import Object

_KNOWN = ("channel_data", "preferences")

app = new_group()
app.add_typer(subscribers.app, name="subscribers")
app.add_typer(channel_data.app, name="channel-data")


@app.command("get", epilog="Example: knock-sdk objects get projects/site-b")
def get_object(context: typer.Context, path: ObjectPath, *, json: JSONOutput = False) -> None:
    """Show an object with its properties."""
    object_id = read_object_id(path)
    with client_of(context) as client:
        found = client.objects.get(*object_id)
        print_record(_fields(found), found, as_json=json)


@app.command("list", epilog="Example: knock-sdk objects list projects --all --json | jq -r .id")
def list_objects(
    context: typer.Context,
    collection: Annotated[str, typer.Argument(metavar="COLLECTION", help="Name of the collection.")],
    *,
    limit: Limit = 50,
    everything: All = False,
    json: JSONOutput = False,
) -> None:
    """List the objects of a collection."""
    shown = None if everything else limit
    with client_of(context) as client:
        found = client.objects.list(collection, page_size=page_size(shown))
        print_list(found, rows.object_, as_json=json, limit=shown)


@app.command("set", epilog="Example: knock-sdk objects set projects/site-b --name 'Site B' -p fenced:=true")
def set_object(
    context: typer.Context,
    path: ObjectPath,
    *,
    name: Annotated[str | None, typer.Option(help="Name.")] = None,
    locale: Annotated[str | None, typer.Option(help="Language, such as en-US.")] = None,
    timezone: Annotated[str | None, typer.Option(help="Time zone, such as America/New_York.")] = None,
    properties: Property = None,
    data: Data = None,
    json: JSONOutput = False,
) -> None:
    """Create an object, or change some of its properties.

    What is not named stays as it is. A value of null, as in -p owner:=null, clears a property.
    """
    object_id = read_object_id(path)
    fields = read_fields(data, properties, {"name": name, "locale": locale, "timezone": timezone}, _KNOWN)
    with client_of(context) as client:
        stored = client.objects.set(*object_id, **fields)
        print_record(_fields(stored), stored, as_json=json)


@app.command("delete", epilog="Example: knock-sdk objects delete projects/site-b --yes")
def delete_object(context: typer.Context, path: ObjectPath, *, yes: Yes = False, json: JSONOutput = False) -> None:
    """Delete an object with all its data."""
    object_id = read_object_id(path)
    with client_of(context) as client:
        confirm(f"Delete the object {path!r} with all its data, for good?", yes=yes)
        client.objects.delete(*object_id)
        print_done(f"Deleted the object {path}.", {"deleted": object_id._asdict()}, as_json=json)


def _fields(found: Object) -> dict[str, object]:
    return {"object": describe(found), **found.properties, "updated": found.updated_at}
