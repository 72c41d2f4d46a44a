"""Preference levels: in which set, of those that apply to a run, a setting stands."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal, NamedTuple

from ..._core.type_guards import is_object
from . import preferences

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ..state.json_objects import JSON
    from ..state.records import Recipient
    from ..state.world import World


class Level(NamedTuple):
    """A preference set that applies to a run."""

    name: Literal["recipient", "tenant", "environment"]
    """Whose set it is."""
    set_id: str | None
    """Id of the recipient's set, or of the tenant; None for the default of the environment."""
    stored: JSON
    """The set."""


def levels_of(world: World, recipient: Recipient, tenant: str | None) -> list[Level]:
    """Return the sets that apply to a run, as `preferences.resolve_for_run` combines them; the first one wins."""
    set_id = preferences.DEFAULT
    of_tenant = preferences.tenant_default(world, tenant)
    if tenant is not None and (of_tenant is not None or tenant in recipient.preferences):
        set_id = tenant
    levels = [Level("recipient", set_id, recipient.preferences.get(set_id, {}))]
    if of_tenant is not None:
        levels.append(Level("tenant", tenant, of_tenant))
    return [*levels, Level("environment", None, world.default_preferences)]


def find_level(world: World, recipient: Recipient, tenant: str | None, path: Sequence[str]) -> Level | None:
    """Return the set that a setting comes from; None if no set has it."""
    own = recipient.preferences.get(preferences.DEFAULT, {})
    if path == ("commercial_subscribed",) and own.get(path[0]) is not None:
        return Level("recipient", preferences.DEFAULT, own)  # it applies to all tenants
    return decisive_level(
        levels_of(world, recipient, tenant), preferences.resolve_for_run(world, recipient, tenant), path
    )


def decisive_level(levels: Sequence[Level], resolved: JSON, path: Sequence[str]) -> Level | None:
    """Return the set, of those that were combined, that a setting of the result comes from; None if it is in none."""
    decisive = _decisive(setting_at(resolved, path))
    for level in levels:
        setting = setting_at(level.stored, path)
        if setting is not None and _decisive(setting) == decisive:
            return level
    return None


def setting_at(stored: JSON, path: Sequence[str]) -> Any:
    """Return the setting at a path of a set; None if it is not there."""
    value: Any = stored
    for name in path:
        value = value.get(name) if is_object(value) else None
    return value


def _decisive(setting: Any) -> Any:
    """Return the part of a setting that decides: its conditions, if it is an object."""
    return setting.get("conditions") if is_object(setting) else setting
