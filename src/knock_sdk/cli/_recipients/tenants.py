"""`knock-sdk tenants`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from .. import _rows as rows
from .._console import print_done, print_list, print_record
from .._errors import confirm
from .._groups import new_group
from .._inputs import read_fields, read_object
from .._options import All, Data, JSONOutput, Limit, Property, Yes, page_size
from .._session import client_of

if TYPE_CHECKING:
    from ...types import Tenant

TenantId = Annotated[str, typer.Argument(metavar="TENANT", help="Id of the tenant.")]

app = new_group()


@app.command("get", epilog="Example: knock-sdk tenants get ingen")
def get_tenant(context: typer.Context, tenant_id: TenantId, *, json: JSONOutput = False) -> None:
    """Show a tenant with its branding and default preferences."""
    with client_of(context) as client:
        found = client.tenants.get(tenant_id)
        print_record(_fields(found), found, as_json=json)


@app.command("list", epilog="Example: knock-sdk tenants list --name InGen")
def list_tenants(
    context: typer.Context,
    *,
    name: Annotated[str | None, typer.Option(help="Only those with this name.")] = None,
    limit: Limit = 50,
    everything: All = False,
    json: JSONOutput = False,
) -> None:
    """List the tenants of the environment."""
    shown = None if everything else limit
    with client_of(context) as client:
        print_list(client.tenants.list(name=name, page_size=page_size(shown)), rows.tenant, as_json=json, limit=shown)


@app.command("set", epilog="Example: knock-sdk tenants set ingen --name InGen -p plan=enterprise")
def set_tenant(
    context: typer.Context,
    tenant_id: TenantId,
    *,
    name: Annotated[str | None, typer.Option(help="Name.")] = None,
    settings: Annotated[
        str | None,
        typer.Option(
            metavar="JSON",
            help="Its branding and preference_set: a JSON object, @FILE, or - for standard input.",
        ),
    ] = None,
    properties: Property = None,
    data: Data = None,
    json: JSONOutput = False,
) -> None:
    """Create a tenant, or change some of its properties.

    What is not named stays as it is. A value of null, as in -p plan:=null, clears a property.
    """
    named = {"name": name, "settings": read_object(settings, "--settings")}
    fields = read_fields(data, properties, named, ("channel_data",))
    with client_of(context) as client:
        stored = client.tenants.set(tenant_id, **fields)
        print_record(_fields(stored), stored, as_json=json)


@app.command("delete", epilog="Example: knock-sdk tenants delete ingen --yes")
def delete_tenant(context: typer.Context, tenant_id: TenantId, *, yes: Yes = False, json: JSONOutput = False) -> None:
    """Delete a tenant with all its data."""
    with client_of(context) as client:
        confirm(f"Delete the tenant {tenant_id!r} with all its data, for good?", yes=yes)
        client.tenants.delete(tenant_id)
        print_done(f"Deleted the tenant {tenant_id}.", {"deleted": tenant_id}, as_json=json)


def _fields(found: Tenant) -> dict[str, object]:
    fields: dict[str, object] = {"id": found.id, "name": found.name}
    for part in ("branding", "preference_set"):
        value = getattr(found.settings, part, None)
        if value is not None:
            fields[part] = value
    return {**fields, **found.properties}
