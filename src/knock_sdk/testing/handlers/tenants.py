"""Tenants: setting, reading, listing and deleting them, one by one and in bulk.

A tenant is an object of the collection `$tenants`.
"""

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
"""Default values of the branding."""


def put(call: Call) -> Reply:
    """Create or update a tenant."""
    render = _make_renderer(call)
    return Reply(render(profiles.identify(call.world, _reference(call.path["id"]), call.body, "")))


def get(call: Call) -> Reply:
    """Return a tenant."""
    return Reply(_make_renderer(call)(profiles.existing(call.world, _reference(call.path["id"]))))


def list_page(call: Call) -> Reply:
    """Return a page of the tenants, in the order in which they were first set."""
    tenant_id, name = call.query.text("tenant_id"), call.query.text("name")

    def where(tenant: Recipient) -> bool:
        return tenant_id in (None, tenant.reference.id) and name in (None, tenant.properties.get("name"))

    return Reply(page(call, call.world.collections[TENANTS], _make_renderer(call), key="entries", where=where))


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
    """Delete the tenants with the ids in the query; each that does not exist is an error of its row."""
    tenant_ids = call.query.texts("tenant_ids")
    if not tenant_ids:
        raise invalid_field("tenant_ids", "required", "is missing")

    def work(tenant_id: str) -> None:
        cascades.delete(call.world, profiles.existing(call.world, _reference(tenant_id)).reference)

    def identity(tenant_id: str) -> JSON:
        return {"id": tenant_id}

    return Reply(bulk_operations.run(call.world, "tenants.delete", tenant_ids, work, identity))


def _reference(tenant_id: str) -> Reference:
    return Reference(tenant_id, TENANTS)


def _id(tenant: Any) -> str:
    tenant_id: str = tenant["id"] if is_object(tenant) else tenant
    return tenant_id


def _make_renderer(call: Call) -> Callable[[Recipient], JSON]:
    """Return a function that shows a tenant as the API does: its properties at the top level, its settings complete."""
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
