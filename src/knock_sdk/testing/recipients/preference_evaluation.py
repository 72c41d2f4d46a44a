"""Preference evaluation: whether a recipient's preferences allow a message of a workflow on a channel."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ..._core.type_guards import is_object
from ..expressions.conditions.conditions import holds
from ..state.json_objects import object_at

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from ..state.json_objects import JSON
    from ..state.records import Channel, Workflow

    ContextReader = Callable[[], Mapping[str, Any]]


def blocking_setting(
    preferences: JSON, workflow: Workflow, channel: Channel, read_context: ContextReader
) -> str | None:
    """Return the path of the setting that blocks a message, such as `categories.billing`; None if there is none.

    Every setting that applies must allow the message: the entry of the workflow, those of all its categories, and the
    settings of the channel, inside those entries and at the top level. At the same level, an entry for the channel
    takes precedence over one for its type.

    Args:
        preferences: the set resolved for the run.
        workflow: the workflow that sends the message.
        channel: the channel of the message.
        read_context: returns the values that conditions read; called only if there are conditions.
    """
    if workflow.override_preferences:
        return None
    if workflow.commercial and not _allows(preferences.get("commercial_subscribed"), read_context):
        return "commercial_subscribed"
    if path := _blocking_channel_setting(preferences, channel, read_context):
        return path
    entries = [("workflows", workflow.key), *(("categories", category) for category in workflow.categories)]
    for section, key in entries:
        entry = object_at(preferences, section).get(key)
        if not _allows(entry, read_context):
            return f"{section}.{key}"
        if is_object(entry) and (path := _blocking_channel_setting(entry, channel, read_context)):
            return f"{section}.{key}.{path}"
    return None


def _blocking_channel_setting(settings: JSON, channel: Channel, read_context: ContextReader) -> str | None:
    for section, key in (("channels", channel.id), ("channel_types", channel.type)):
        switch = object_at(settings, section).get(key)
        if switch is not None:
            return None if _allows(switch, read_context) else f"{section}.{key}"
    return None


def _allows(setting: Any, read_context: ContextReader) -> bool:
    """Return whether a setting allows a message: true, false, an object that may have conditions, or None (allowed)."""
    if is_object(setting):
        conditions = setting.get("conditions")
        return not conditions or holds(conditions, read_context(), templates=False)
    return setting is not False
