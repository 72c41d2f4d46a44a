"""Tenants: set, read, listed and deleted, one by one and in bulk. They are the objects of a collection of their own."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ..._core.type_guards import is_object
from ..background import bulk_operations, cascades
from ..http.calls import NO_CONTENT, Reply
from ..http.errors import invalid_field
from ..http.paging import page
from ..recipients import preferences, profiles
from ..state.json_objects import object_at
from ..state.records import TENANTS, Reference

if TYPE_CHECKING:
    from collections.abc import Callable

    from ..http.calls import Call
    from ..state.json_objects import JSON
    from ..state.records import Recipient

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
    return Reply(render(profiles.identify(call.world, _reference(call.path["id"]), call.body, "")))


def get(call: Call) -> Reply:
    """Return a tenant."""
    return Reply(_renderer(call)(profiles.existing(call.world, _reference(call.path["id"]))))


def list_page(call: Call) -> Reply:
    """Return a page of the tenants, in the order in which they were first set."""
    wanted, name = call.query.text("tenant_id"), call.query.text("name")

    def where(tenant: Recipient) -> bool:
        return wanted in (None, tenant.reference.id) and name in (None, tenant.properties.get("name"))

    return Reply(page(call, call.world.collections[TENANTS], _renderer(call), key="entries", where=where))


def delete(call: Call) -> Reply:
    """Delete a tenant; succeeds if there is none."""
    cascades.delete(call.world, _reference(call.path["id"]))
    return NO_CONTENT


def bulk_put(call: Call) -> Reply:
    """Create or update tenants; a bare id creates one without properties."""

    def work(tenant: Any) -> None:
        sent: JSON = tenant if is_object(tenant) else {}
        profiles.identify(call.world, _reference(_id(tenant)), sent, "tenants")

    def identity(tenant: Any) -> JSON:
        return {"id": _id(tenant)}

    return Reply(bulk_operations.run(call.world, "tenants.set", call.body["tenants"], work, identity))


def bulk_delete(call: Call) -> Reply:
    """Delete tenants, whose ids are in the query; those that do not exist are errors."""
    names = call.query.texts("tenant_ids")
    if not names:
        raise invalid_field("tenant_ids", "required", "is missing")

    def work(name: str) -> None:
        cascades.delete(call.world, profiles.existing(call.world, _reference(name)).reference)

    return Reply(bulk_operations.run(call.world, "tenants.delete", names, work, lambda name: {"id": name}))


def _reference(name: str) -> Reference:
    return Reference(name, TENANTS)


def _id(tenant: Any) -> str:
    name: str = tenant["id"] if is_object(tenant) else tenant
    return name


def _renderer(call: Call) -> Callable[[Recipient], JSON]:
    """Return what shows a tenant as the API does: its properties at the top, its settings complete."""
    resolve = call.query.flag("resolve_full_preference_settings")

    def render(tenant: Recipient) -> JSON:
        stored = object_at(tenant.properties, "settings")
        branding = {name: value for name, value in object_at(stored, "branding").items() if value and name in _BRANDING}
        default = (
            preferences.full_tenant_default(call.world, tenant) if resolve else object_at(stored, "preference_set")
        )
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
