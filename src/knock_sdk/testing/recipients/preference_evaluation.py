"""Preference evaluation: whether a recipient's preferences allow a message of a workflow on a channel."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol, TypeAlias

from ..._core.type_guards import is_array, is_object
from ..expressions.conditions.conditions import holds
from ..state.json_objects import object_at

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from ..state.json_objects import JSON

    ContextReader = Callable[[], Mapping[str, Any]]


Path: TypeAlias = tuple[str, ...]
"""Where a setting stands in a preference set, such as `("categories", "billing")`."""


class WorkflowTraits(Protocol):
    """What preferences read of a workflow."""

    @property
    def key(self) -> str:
        """Its key."""
        ...

    @property
    def categories(self) -> Sequence[str]:
        """Its categories."""
        ...

    @property
    def commercial(self) -> bool:
        """Whether its messages are commercial."""
        ...

    @property
    def override_preferences(self) -> bool:
        """Whether its messages are sent whatever the preferences are."""
        ...


class ChannelTraits(Protocol):
    """What preferences read of a channel."""

    @property
    def id(self) -> str:
        """Its id."""
        ...

    @property
    def type(self) -> str:
        """Its type."""
        ...


def blocking_path(
    preferences: JSON, workflow: WorkflowTraits, channel: ChannelTraits, read_context: ContextReader
) -> Path | None:
    """Return the path of the setting that blocks a message; None if there is none.

    Args:
        preferences: the set resolved for the run.
        workflow: the workflow that sends the message.
        channel: the channel of the message.
        read_context: returns the values that conditions read; called only if there are conditions.
    """
    for path, setting in applying_settings(preferences, workflow, channel):
        conditions = conditions_of(setting)
        if setting is False or (conditions and not holds(conditions, read_context(), templates=False)):
            return path
    return None


def applying_settings(
    preferences: JSON, workflow: WorkflowTraits, channel: ChannelTraits
) -> Iterator[tuple[Path, Any]]:
    """Yield the settings that apply to a message, with their paths, in the order in which they are read.

    Each of them must allow the message: the entry of the workflow, those of all its categories, and the settings of the
    channel, inside those entries and at the top level. At the same level, an entry for the channel takes precedence
    over one for its type. A setting is true, false, or an object that may have conditions.
    """
    if workflow.override_preferences:
        return
    if workflow.commercial and (setting := preferences.get("commercial_subscribed")) is not None:
        yield ("commercial_subscribed",), setting
    yield from _channel_setting(preferences, channel)
    for section, key in _entries_of(workflow):
        entry = object_at(preferences, section).get(key)
        if entry is None:
            continue
        yield (section, key), entry
        if is_object(entry):
            for path, setting in _channel_setting(entry, channel):
                yield (section, key, *path), setting


def conditions_of(setting: Any) -> list[JSON]:
    """Return the conditions of a setting, all of which must hold; an empty list if it has none."""
    conditions = setting.get("conditions") if is_object(setting) else None
    return conditions if is_array(conditions) else []


def applying_paths(workflow: WorkflowTraits, channel: ChannelTraits) -> Sequence[Path]:
    """Return the paths of all settings that can block a message, in the order in which they are read."""
    own = _settings_of(channel)
    commercial: list[Path] = [("commercial_subscribed",)] if workflow.commercial else []
    return [
        *commercial,
        *own,
        *(path for entry in _entries_of(workflow) for path in (entry, *((*entry, *each) for each in own))),
    ]


def _entries_of(workflow: WorkflowTraits) -> list[tuple[str, str]]:
    """Return where the entries of a workflow and of its categories stand."""
    return [("workflows", workflow.key), *(("categories", category) for category in workflow.categories)]


def _settings_of(channel: ChannelTraits) -> list[tuple[str, str]]:
    """Return where the settings of a channel stand, inside an entry or at the top level; the first one wins."""
    return [("channels", channel.id), ("channel_types", channel.type)]


def _channel_setting(settings: JSON, channel: ChannelTraits) -> Iterator[tuple[Path, Any]]:
    for section, key in _settings_of(channel):
        switch = object_at(settings, section).get(key)
        if switch is not None:
            yield (section, key), switch
            return
