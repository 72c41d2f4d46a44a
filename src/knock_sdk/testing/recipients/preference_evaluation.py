"""Whether a recipient wants what a workflow sends on a channel."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ..._core.type_guards import is_object
from ..expressions.conditions import holds
from ..state.json_objects import object_at

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ..state.json_objects import JSON
    from ..state.records import Channel, Workflow


def refusal(preferences: JSON, workflow: Workflow, channel: Channel, scope: Mapping[str, Any]) -> str | None:
    """Return the place in the preferences that says no, such as `categories.billing`; None if nothing does.

    Whatever applies must allow the message: the entry of the workflow, those of all its categories, and the settings of
    the channel, inside those entries and at the top. An entry for the channel beats one for its type in the same place.

    Args:
        preferences: one set, resolved for the run.
        workflow: what is sent.
        channel: where it is sent.
        scope: what conditions look at.
    """
    if workflow.override_preferences:
        return None
    if workflow.commercial and not _allows(preferences.get("commercial_subscribed"), scope):
        return "commercial_subscribed"
    if place := _channel_refusal(preferences, channel, scope):
        return place
    entries = [("workflows", workflow.key), *(("categories", category) for category in workflow.categories)]
    for section, key in entries:
        entry = object_at(preferences, section).get(key)
        if not _allows(entry, scope):
            return f"{section}.{key}"
        if is_object(entry) and (place := _channel_refusal(entry, channel, scope)):
            return f"{section}.{key}.{place}"
    return None


def _channel_refusal(settings: JSON, channel: Channel, scope: Mapping[str, Any]) -> str | None:
    for section, key in (("channels", channel.id), ("channel_types", channel.type)):
        switch = object_at(settings, section).get(key)
        if switch is not None:
            return None if _allows(switch, scope) else f"{section}.{key}"
    return None


def _allows(setting: Any, scope: Mapping[str, Any]) -> bool:
    """Read a setting: true, false, an object that may have conditions, or nothing, which allows."""
    if is_object(setting):
        return holds(setting.get("conditions") or [], scope)
    return setting is not False
