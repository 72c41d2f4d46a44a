"""Tenants: set, read, listed and deleted, one by one and in bulk. They are the objects of a collection of their own."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ..._core.type_guards import is_object
from .. import bulk, cascades, preferences, recipients
from ..errors import missing, refused_field
from ..exchange import NO_CONTENT, Reply
from ..paging import page
from ..records import TENANTS, Reference
from ..values import part

if TYPE_CHECKING:
    from collections.abc import Callable

    from ..exchange import Call
    from ..records import Recipient
    from ..values import JSON

_BRANDING: JSON = {
    "dark_icon_url": None,
    "dark_logo_url": None,
    "dark_primary_color": "#FFFFFF",
    "dark_primary_color_contrast": "#000000",
    "icon_url": None,
    "logo_url": None,
    "primary_color": None,
    "primary_color_contrast": None,
}
"""What branding shows where nothing is set."""


def put(call: Call) -> Reply:
    """Create or update a tenant."""
    render = _renderer(call)
    return Reply(render(recipients.identify(call.world, _reference(call.path["id"]), call.body, "")))


def get(call: Call) -> Reply:
    """Return a tenant."""
    found = recipients.find(call.world, _reference(call.path["id"]))
    if found is None:
        raise missing("tenant", call.path["id"])
    return Reply(_renderer(call)(found))


def list_page(call: Call) -> Reply:
    """Return a page of the tenants, in the order in which they were first set."""
    wanted, name = call.query.text("tenant_id"), call.query.text("name")

    def where(tenant: Recipient) -> bool:
        return wanted in (None, tenant.reference.id) and name in (None, tenant.properties.get("name"))

    return Reply(page(call, call.world.collections[TENANTS], _renderer(call), key="entries", where=where))


def delete(call: Call) -> Reply:
    """Delete a tenant; one that does not exist is as gone as it can be."""
    cascades.delete(call.world, _reference(call.path["id"]))
    return NO_CONTENT


def bulk_put(call: Call) -> Reply:
    """Create or update tenants; a bare id creates one without properties."""

    def work(tenant: Any) -> None:
        sent: JSON = tenant if is_object(tenant) else {}
        recipients.identify(call.world, _reference(_id(tenant)), sent, "tenants")

    return bulk.run(call.world, "tenants.set", call.body["tenants"], work, lambda tenant: {"id": _id(tenant)})


def bulk_delete(call: Call) -> Reply:
    """Delete tenants, whose ids are in the query; those that do not exist are errors."""
    names = call.query.texts("tenant_ids")
    if not names:
        raise refused_field("tenant_ids", "required", "is missing")

    def work(name: str) -> None:
        if recipients.find(call.world, _reference(name)) is None:
            raise missing("tenant", name)
        cascades.delete(call.world, _reference(name))

    return bulk.run(call.world, "tenants.delete", names, work, lambda name: {"id": name})


def _reference(name: str) -> Reference:
    return Reference(name, TENANTS)


def _id(tenant: Any) -> str:
    name: str = tenant["id"] if is_object(tenant) else tenant
    return name


def _renderer(call: Call) -> Callable[[Recipient], JSON]:
    """Return what shows a tenant as the API does: its properties at the top, its settings complete."""
    resolve = call.query.flag("resolve_full_preference_settings")

    def render(tenant: Recipient) -> JSON:
        stored = part(tenant.properties, "settings")
        branding = {name: value for name, value in part(stored, "branding").items() if value and name in _BRANDING}
        default = preferences.full_tenant_default(call.world, tenant) if resolve else part(stored, "preference_set")
        settings = {
            "branding": {**_BRANDING, **branding} if branding else None,
            "preference_set": preferences.render(preferences.DEFAULT, default) if default else None,
        }
        return {
            "name": None,
            **tenant.properties,
            "__typename": "Tenant",
            "id": tenant.reference.id,
            "settings": settings if stored or default else None,
        }

    return render


HANDLERS = {
    "bulkDeleteTenants": bulk_delete,
    "bulkSetTenants": bulk_put,
    "deleteTenant": delete,
    "getTenant": get,
    "listTenants": list_page,
    "setTenant": put,
}
