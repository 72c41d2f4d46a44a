"""`knock-sdk users`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from .. import _rows as rows
from .._console import print_done, print_list, print_record
from .._errors import confirm
from .._groups import new_group
from .._inputs import read_fields
from .._options import All, Data, JSONOutput, Limit, Property, Tenant, UserId, Yes, page_size
from .._session import client_of
from . import channel_data

if TYPE_CHECKING:
    from ...types import User

_KNOWN = ("channel_data", "created_at", "preferences")


app = new_group()
app.add_typer(channel_data.app, name="channel-data")


@app.command("get", epilog="Example: knock-sdk users get jhammond")
def get_user(context: typer.Context, user_id: UserId, *, json: JSONOutput = False) -> None:
    """Show a user with their properties."""
    with client_of(context) as client:
        user = client.users.get(user_id)
        print_record(_fields(user), user, as_json=json)


@app.command("list", epilog="Example: knock-sdk users list --limit 100 --json | jq -r .email")
def list_users(context: typer.Context, *, limit: Limit = 50, everything: All = False, json: JSONOutput = False) -> None:
    """List the users of the environment."""
    shown = None if everything else limit
    with client_of(context) as client:
        print_list(client.users.list(page_size=page_size(shown)), rows.user, as_json=json, limit=shown)


@app.command("update", epilog="Example: knock-sdk users update jhammond --name 'John Hammond' -p plan=pro -p seats:=5")
def update_user(
    context: typer.Context,
    user_id: UserId,
    *,
    name: Annotated[str | None, typer.Option(help="Full name.")] = None,
    email: Annotated[str | None, typer.Option(help="Email address.")] = None,
    phone: Annotated[
        str | None, typer.Option(metavar="NUMBER", help="Phone number with the code of the country: +15551234567.")
    ] = None,
    avatar: Annotated[str | None, typer.Option(metavar="URL", help="URL of a picture.")] = None,
    locale: Annotated[str | None, typer.Option(help="Language, such as en-US.")] = None,
    timezone: Annotated[str | None, typer.Option(help="Time zone, such as America/New_York.")] = None,
    properties: Property = None,
    data: Data = None,
    json: JSONOutput = False,
) -> None:
    """Create a user, or change some of their properties.

    What is not named stays as it is. A value of null, as in -p email:=null, clears a property.
    """
    named = {
        "name": name,
        "email": email,
        "phone_number": phone,
        "avatar": avatar,
        "locale": locale,
        "timezone": timezone,
    }
    fields = read_fields(data, properties, named, _KNOWN)
    with client_of(context) as client:
        user = client.users.update(user_id, **fields)
        print_record(_fields(user), user, as_json=json)


@app.command("delete", epilog="Example: knock-sdk users delete jhammond --yes")
def delete_user(context: typer.Context, user_id: UserId, *, yes: Yes = False, json: JSONOutput = False) -> None:
    """Delete a user with all their data."""
    with client_of(context) as client:
        confirm(f"Delete the user {user_id!r} with all their data, for good?", yes=yes)
        client.users.delete(user_id)
        print_done(f"Deleted the user {user_id}.", {"deleted": user_id}, as_json=json)


@app.command("merge", epilog="Example: knock-sdk users merge jhammond anonymous-42 --yes")
def merge_users(
    context: typer.Context,
    user_id: UserId,
    other: Annotated[str, typer.Argument(metavar="OTHER", help="Id of the user that is merged, and then deleted.")],
    *,
    yes: Yes = False,
    json: JSONOutput = False,
) -> None:
    """Merge another user into a user, and delete the other one."""
    with client_of(context) as client:
        confirm(f"Merge the user {other!r} into {user_id!r}, and delete {other!r} for good?", yes=yes)
        user = client.users.merge(user_id, from_user_id=other)
        print_record(_fields(user), user, as_json=json)


@app.command("messages", epilog="Example: knock-sdk users messages jhammond --limit 5")
def list_messages(
    context: typer.Context,
    user_id: UserId,
    *,
    limit: Limit = 50,
    everything: All = False,
    json: JSONOutput = False,
) -> None:
    """List a user's messages, newest first; the command messages list has filters."""
    shown = None if everything else limit
    with client_of(context) as client:
        found = client.users.list_messages(user_id, page_size=page_size(shown))
        print_list(found, rows.message, as_json=json, limit=shown)


@app.command("schedules", epilog="Example: knock-sdk users schedules jhammond --workflow weekly-digest")
def list_schedules(
    context: typer.Context,
    user_id: UserId,
    *,
    workflow: Annotated[str | None, typer.Option(metavar="KEY", help="Only those of this workflow.")] = None,
    tenant: Tenant = None,
    limit: Limit = 50,
    everything: All = False,
    json: JSONOutput = False,
) -> None:
    """List a user's schedules."""
    shown = None if everything else limit
    with client_of(context) as client:
        found = client.users.list_schedules(user_id, workflow=workflow, tenant=tenant, page_size=page_size(shown))
        print_list(found, rows.schedule, as_json=json, limit=shown)


@app.command("subscriptions", epilog="Example: knock-sdk users subscriptions jhammond")
def list_subscriptions(
    context: typer.Context,
    user_id: UserId,
    *,
    limit: Limit = 50,
    everything: All = False,
    json: JSONOutput = False,
) -> None:
    """List the objects that a user subscribes to."""
    shown = None if everything else limit
    with client_of(context) as client:
        found = client.users.list_subscriptions(user_id, page_size=page_size(shown))
        print_list(found, rows.subscription, as_json=json, limit=shown)


def _fields(user: User) -> dict[str, object]:
    fields: dict[str, object] = {"id": user.id, "name": user.name, "email": user.email}
    for name in ("phone_number", "timezone", "avatar"):
        if (value := getattr(user, name)) is not None:
            fields[name] = value
    return {**fields, **user.properties}
