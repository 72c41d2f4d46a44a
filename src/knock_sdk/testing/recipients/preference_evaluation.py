"""Preference evaluation: whether a recipient's preferences allow a message of a workflow on a channel."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeAlias

from ..._core.type_guards import is_object
from ..expressions.conditions.conditions import holds
from ..state.json_objects import object_at

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from ..state.json_objects import JSON
    from ..state.records import Channel, Workflow

    ContextReader = Callable[[], Mapping[str, Any]]


Path: TypeAlias = tuple[str, ...]
"""Where a setting stands in a preference set, such as `("categories", "billing")`."""


def blocking_path(preferences: JSON, workflow: Workflow, channel: Channel, read_context: ContextReader) -> Path | None:
    """Return the path of the setting that blocks a message; None if there is none.

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
        return ("commercial_subscribed",)
    if path := _blocking_channel_setting(preferences, channel, read_context):
        return path
    for section, key in _entries_of(workflow):
        entry = object_at(preferences, section).get(key)
        if not _allows(entry, read_context):
            return section, key
        if is_object(entry) and (path := _blocking_channel_setting(entry, channel, read_context)):
            return section, key, *path
    return None


def applying_paths(workflow: Workflow, channel: Channel) -> Sequence[Path]:
    """Return the paths of all settings that can block a message, in the order in which they are read."""
    own = _settings_of(channel)
    commercial: list[Path] = [("commercial_subscribed",)] if workflow.commercial else []
    return [
        *commercial,
        *own,
        *(path for entry in _entries_of(workflow) for path in (entry, *((*entry, *each) for each in own))),
    ]


def _entries_of(workflow: Workflow) -> list[tuple[str, str]]:
    """Return where the entries of a workflow and of its categories stand."""
    return [("workflows", workflow.key), *(("categories", category) for category in workflow.categories)]


def _settings_of(channel: Channel) -> list[tuple[str, str]]:
    """Return where the settings of a channel stand, inside an entry or at the top level; the first one wins."""
    return [("channels", channel.id), ("channel_types", channel.type)]


def _blocking_channel_setting(settings: JSON, channel: Channel, read_context: ContextReader) -> Path | None:
    for section, key in _settings_of(channel):
        switch = object_at(settings, section).get(key)
        if switch is not None:
            return None if _allows(switch, read_context) else (section, key)
    return None


def _allows(setting: Any, read_context: ContextReader) -> bool:
    """Return whether a setting allows a message: true, false, an object that may have conditions, or None (allowed)."""
    if is_object(setting):
        conditions = setting.get("conditions")
        return not conditions or holds(conditions, read_context(), templates=False)
    return setting is not False
