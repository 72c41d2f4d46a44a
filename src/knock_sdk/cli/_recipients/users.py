"""`knock-sdk users`."""

from __future__ import annotations

from typing import TYPE_CHECKING

import typer

from .._console import print_list, print_record
from .._groups import new_group
from .._options import All, JSONOutput, Limit, UserId
from .._session import client_of

if TYPE_CHECKING:
    from ...types import User


app = new_group()


@app.command("get", epilog="Example: knock-sdk users get jhammond")
def get_user(context: typer.Context, user_id: UserId, *, json: JSONOutput = False) -> None:
    """Show a user with their properties."""
    with client_of(context) as client:
        user = client.users.get(user_id)
        print_record(_fields(user), user, as_json=json)


@app.command("list", epilog="Example: knock-sdk users list --limit 100 --json | jq -r .email")
def list_users(context: typer.Context, *, limit: Limit = 50, everything: All = False, json: JSONOutput = False) -> None:
    """List the users of the environment."""
    with client_of(context) as client:
        print_list(client.users.list(), _row, as_json=json, limit=None if everything else limit)


def _row(user: User) -> dict[str, object]:
    return {"id": user.id, "name": user.name, "email": user.email, "updated": user.updated_at}


def _fields(user: User) -> dict[str, object]:
    fields: dict[str, object] = {"id": user.id, "name": user.name, "email": user.email}
    return {**fields, **user.properties}
