"""Preference sets: how they are stored, and how the sets that concern a run become one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal

from .merging import merge
from .records import TENANTS, Reference

if TYPE_CHECKING:
    from .records import JSON, Recipient
    from .world import World

DEFAULT = "default"
SECTIONS = ("categories", "channel_types", "channels", "commercial_subscribed", "workflows")
PERSISTENCE = "__persistence_strategy__"
STRATEGY = "__strategy__"


def stored(present: JSON, sent: JSON, otherwise: Literal["merge", "replace"]) -> JSON:
    """Return the set to store: what was sent, or that merged into the present one if it says so."""
    sections = {name: sent[name] for name in SECTIONS if name in sent}
    return merge(present, sections) if sent.get(PERSISTENCE, otherwise) == "merge" else sections


def render(set_id: str, preferences: JSON) -> JSON:
    """Return a set as the API shows it: absent sections are null."""
    return {"id": set_id, **{name: preferences.get(name) for name in SECTIONS}}


def read(world: World, recipient: Recipient | None, set_id: str, tenant: str | None) -> JSON:
    """Return a recipient's set laid over the defaults of the tenant and of the environment."""
    own = recipient.preferences.get(set_id, {}) if recipient else {}
    if tenant is None and set_id != DEFAULT:
        tenant = set_id
    return _lay_over(_lay_over(world.default_preferences, tenant_default(world, tenant) or {}), own)


def for_run(world: World, recipient: Recipient, tenant: str | None) -> JSON:
    """Return the preferences that a run goes by.

    With a tenant: the recipient's set for it, over the tenant's default, over the environment's. Without one, or if
    neither of the first two exists: the recipient's `default` set over the environment's default.
    """
    default = recipient.preferences.get(DEFAULT, {})
    own, of_tenant = default, None
    if tenant is not None:
        of_tenant = tenant_default(world, tenant)
        if of_tenant is not None or tenant in recipient.preferences:
            own = recipient.preferences.get(tenant, {})
    resolved = _lay_over(_lay_over(world.default_preferences, of_tenant or {}), own)
    if default.get("commercial_subscribed") is not None:
        # This one choice holds everywhere, whatever a tenant says.
        resolved["commercial_subscribed"] = default["commercial_subscribed"]
    return resolved


def tenant_default(world: World, tenant: str | None) -> JSON | None:
    """Return the preference set in a tenant's settings, or None."""
    found = None if tenant is None else world.recipients.get(Reference(tenant, TENANTS))
    settings: Any = found.properties.get("settings") if found else None
    return settings.get("preference_set") if isinstance(settings, dict) else None


def _lay_over(lower: JSON, upper: JSON) -> JSON:
    """Join two sets; the upper one decides, except where the lower one insists by `__strategy__`."""
    joined = dict(lower)
    for key, value in upper.items():
        present = joined.get(key)
        insists = isinstance(present, dict) and present.get(STRATEGY) == "replace"
        if value is None or insists:
            continue
        if isinstance(value, dict) and isinstance(present, dict):
            joined[key] = _lay_over(present, value)
        else:
            joined[key] = value
    return joined
