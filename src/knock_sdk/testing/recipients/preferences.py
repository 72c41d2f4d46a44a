"""Preference sets: storing and rendering them, and combining those that apply to a run."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal, TypeAlias

from ..._core.type_guards import is_array, is_object
from ..http.errors import invalid_params
from ..state.channels import PROVIDERS
from ..state.json_objects import merge, object_at
from ..state.records import TENANTS, Reference
from ..validation.requests import check_value

if TYPE_CHECKING:
    from ..state.json_objects import JSON
    from ..state.records import Recipient
    from ..state.world import World

Strategy: TypeAlias = Literal["merge", "replace"]

DEFAULT = "default"
SECTIONS = ("categories", "channel_types", "channels", "commercial_subscribed", "workflows")
PERSISTENCE = "__persistence_strategy__"
STRATEGY = "__strategy__"

# The type of the entries in each section, and the fields of each type.
_ENTRY_TYPES = {"categories": "setting", "channel_types": "switch", "channels": "switch", "workflows": "setting"}
_FIELDS = {
    "commercial_subscribed": ("conditions",),
    "conditions": ("argument", "operator", "variable"),
    "setting": ("channel_types", "channels", "conditions", STRATEGY),
    "switch": ("conditions",),
}
_CHANNEL_TYPE_KEYS = (*PROVIDERS, STRATEGY)


def check(sent: Any, at: str) -> None:
    """Check a preference set.

    Raises:
        Problem: It is malformed.
    """
    if problems := check_value("PreferenceSetRequest", sent, at):
        raise invalid_params(problems)


def apply(present: JSON, sent: JSON, default_strategy: Strategy) -> JSON:
    """Return the set to store: the sent one or, by its `__persistence_strategy__`, that merged into the present one."""
    sections = {name: _drop_unknown(name, sent[name]) for name in SECTIONS if name in sent}
    return merge(present, sections) if sent.get(PERSISTENCE, default_strategy) == "merge" else sections


def render(set_id: str, preferences: JSON) -> JSON:
    """Return a set as the API shows it, with null for absent sections."""
    return {"id": set_id, **{name: preferences.get(name) for name in SECTIONS}}


def read(world: World, recipient: Recipient | None, set_id: str, tenant: str | None) -> JSON:
    """Return a recipient's set laid over the defaults of the tenant and of the environment."""
    own = recipient.preferences.get(set_id, {}) if recipient else {}
    if tenant is None and set_id != DEFAULT:
        tenant = set_id
    return _lay_over(_lay_over(world.default_preferences, tenant_default(world, tenant) or {}), own)


def resolve_for_run(world: World, recipient: Recipient, tenant: str | None) -> JSON:
    """Return the preferences that apply to a run.

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
        # The recipient's own choice applies to all tenants.
        resolved["commercial_subscribed"] = default["commercial_subscribed"]
    return resolved


def tenant_default(world: World, tenant: str | None) -> JSON | None:
    """Return the preference set in a tenant's settings, or None."""
    found = None if tenant is None else world.recipients.get(Reference(tenant, TENANTS))
    return None if found is None else object_at(found.properties, "settings").get("preference_set")


def full_tenant_default(world: World, tenant: Recipient) -> JSON:
    """Return a tenant's default preferences laid over the environment's."""
    return _lay_over(world.default_preferences, tenant_default(world, tenant.reference.id) or {})


def _drop_unknown(name: str, value: Any) -> Any:
    """Return a section, entry or field of a set without the fields that are not stored."""
    if is_array(value):
        return [_drop_unknown(name, element) for element in value]
    if not is_object(value):
        return value
    if name in _ENTRY_TYPES:
        entry_type = _ENTRY_TYPES[name]
        return {
            key: _drop_unknown(entry_type, entry)
            for key, entry in value.items()
            if name != "channel_types" or key in _CHANNEL_TYPE_KEYS
        }
    return {field: _drop_unknown(field, value[field]) for field in _FIELDS[name] if field in value}


def _lay_over(lower: JSON, upper: JSON) -> JSON:
    """Join two sets; the upper one wins, except over entries of the lower one whose `__strategy__` is `replace`."""
    joined = dict(lower)
    for name, value in upper.items():
        present = object_at(joined, name)
        if value is None or present.get(STRATEGY) == "replace":
            continue
        joined[name] = _lay_over(present, value) if is_object(value) else value
    return joined
