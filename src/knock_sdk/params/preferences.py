# Generated from openapi/knock.yaml by `python -m codegen`; do not edit.
"""Typed dicts of request bodies: preferences."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Literal, TypeAlias

from pydantic import with_config
from typing_extensions import NotRequired, TypedDict

from knock_sdk._core.values.argument_types import Items, JSONModel

ConditionOperator: TypeAlias = Literal[
    "equal_to",
    "not_equal_to",
    "greater_than",
    "less_than",
    "greater_than_or_equal_to",
    "less_than_or_equal_to",
    "contains",
    "not_contains",
    "empty",
    "not_empty",
    "exists",
    "not_exists",
    "contains_all",
    "not_contains_all",
    "is_timestamp",
    "is_not_timestamp",
    "is_timestamp_on_or_after",
    "is_timestamp_before",
    "is_timestamp_on_or_after_date",
    "is_timestamp_before_date",
    "is_timestamp_on_or_after_now",
    "is_timestamp_before_now",
    "is_timestamp_between",
    "is_between",
    "is_audience_member",
    "is_not_audience_member",
]
"""How a condition compares its variable with its argument."""


@with_config(extra="forbid")
class Condition(TypedDict):
    """A condition on data, evaluated at send time; in a list, all conditions must hold."""

    argument: str | int | float | bool | Items[str | int | float | bool | None] | None
    """
    Value or list of values to compare with, or a path such as `recipient.plan` to look up; null for operators
    that need none.
    """

    operator: ConditionOperator
    """Operator that compares the variable with the argument."""

    variable: str
    """Path of the value to test, such as `data.amount`; a missing value counts as an empty string."""


@with_config(extra="forbid")
class PreferenceSetChannelSetting(TypedDict):
    """Makes notifications on one channel depend on conditions."""

    conditions: Items[Condition | JSONModel]
    """Conditions that must all hold for the channel to be used."""


@with_config(extra="forbid")
class PreferenceSetChannelTypeSetting(TypedDict):
    """Makes notifications on one type of channel depend on conditions."""

    conditions: Items[Condition | JSONModel]
    """Conditions that must all hold for channels of this type to be used."""


@with_config(extra="forbid")
class PreferenceSetChannelTypes(TypedDict):
    """Preference settings by type of channel; a type left out counts as wanted."""

    __strategy__: NotRequired[Literal["merge", "replace"]]
    """
    With `replace`, in the preferences of a tenant, these settings override those of the recipient; `merge` lifts
    that.
    """

    chat: NotRequired[bool | PreferenceSetChannelTypeSetting | JSONModel]
    """Whether chat messages are wanted, as a boolean or under conditions."""

    email: NotRequired[bool | PreferenceSetChannelTypeSetting | JSONModel]
    """Whether email is wanted, as a boolean or under conditions."""

    http: NotRequired[bool | PreferenceSetChannelTypeSetting | JSONModel]
    """Whether webhook calls are wanted, as a boolean or under conditions."""

    in_app_feed: NotRequired[bool | PreferenceSetChannelTypeSetting | JSONModel]
    """Whether in-app feed messages are wanted, as a boolean or under conditions."""

    push: NotRequired[bool | PreferenceSetChannelTypeSetting | JSONModel]
    """Whether push notifications are wanted, as a boolean or under conditions."""

    sms: NotRequired[bool | PreferenceSetChannelTypeSetting | JSONModel]
    """Whether SMS is wanted, as a boolean or under conditions."""


PreferenceSetChannels: TypeAlias = Mapping[
    str, bool | PreferenceSetChannelSetting | Literal["merge", "replace"] | JSONModel
]
"""Preference settings by channel id, each a boolean or conditions.

In the preferences of a tenant, the key `__strategy__` with the value `replace` makes them override those of
the recipient; `merge` lifts that.
"""


@with_config(extra="forbid")
class PreferenceSetCommercialSubscribedSetting(TypedDict):
    """Makes commercial messages depend on conditions."""

    conditions: Items[Condition | JSONModel]
    """Conditions that must all hold for commercial messages to be sent."""


@with_config(extra="forbid")
class PreferenceSetWorkflowCategorySettingObject(TypedDict):
    """Detailed setting for one workflow or category; every part that applies must allow a notification."""

    __strategy__: NotRequired[Literal["merge", "replace"]]
    """
    With `replace`, in the preferences of a tenant, these settings override those of the recipient; `merge` lifts
    that.
    """

    channel_types: NotRequired[PreferenceSetChannelTypes | JSONModel | None]
    """Settings by type of channel within this workflow or category, or null if none are set."""

    channels: NotRequired[PreferenceSetChannels | None]
    """Settings by channel id within this workflow or category, or null if none are set."""

    conditions: NotRequired[Items[Condition | JSONModel] | None]
    """Conditions that must all hold for notifications to be sent; null means no conditions."""


PreferenceSetWorkflowCategorySetting: TypeAlias = bool | PreferenceSetWorkflowCategorySettingObject | JSONModel
"""Setting for one workflow or category: a boolean, or an object with details."""


@with_config(extra="forbid")
class BulkPreferenceSetRequest(TypedDict):
    """A preference set to give to many users at once; it replaces the set that each of them has."""

    categories: NotRequired[Mapping[str, PreferenceSetWorkflowCategorySetting] | None]
    """Settings by workflow category, each true, false or a detailed setting; null for none."""

    channel_types: NotRequired[PreferenceSetChannelTypes | JSONModel | None]
    """Settings by type of channel, such as `email` or `sms`; null for none."""

    channels: NotRequired[PreferenceSetChannels | None]
    """Settings by channel id (a UUID), which override the setting of the channel's type; null for none."""

    commercial_subscribed: NotRequired[bool | PreferenceSetCommercialSubscribedSetting | JSONModel | None]
    """
    Whether the user accepts commercial messages, as a flag or under conditions; only the `default` set's value
    counts.
    """

    id: NotRequired[str]
    """Preference set to replace: `default`, or the id of a tenant."""

    workflows: NotRequired[Mapping[str, PreferenceSetWorkflowCategorySetting] | None]
    """Settings by workflow key, each true, false or a detailed setting; null for none."""


@with_config(extra="forbid")
class PreferenceSetRequest(TypedDict):
    """Request to set a recipient's preferences."""

    __persistence_strategy__: NotRequired[Literal["merge", "replace"]]
    """
    `merge` adds to the stored set, deeply; `replace` discards what was stored. Which is the default depends on
    the call.
    """

    categories: NotRequired[Mapping[str, PreferenceSetWorkflowCategorySetting] | None]
    """Settings by workflow category; each is a boolean or an object of channel types, channels and conditions."""

    channel_types: NotRequired[PreferenceSetChannelTypes | JSONModel | None]
    """Settings by type of channel, for all workflows."""

    channels: NotRequired[PreferenceSetChannels | None]
    """Settings by channel id, each a boolean or conditions; they override the setting for the channel's type."""

    commercial_subscribed: NotRequired[bool | PreferenceSetCommercialSubscribedSetting | JSONModel | None]
    """Whether commercial messages are wanted, as a boolean or conditions; only the `default` set's value counts."""

    workflows: NotRequired[Mapping[str, PreferenceSetWorkflowCategorySetting] | None]
    """Settings by workflow key; each is a boolean or an object of channel types, channels and conditions."""


PreferenceSetRequestCategories: TypeAlias = Mapping[str, PreferenceSetWorkflowCategorySetting]
"""Preference settings to store, by workflow category."""


PreferenceSetRequestWorkflows: TypeAlias = Mapping[str, PreferenceSetWorkflowCategorySetting]
"""Preference settings to store, by workflow key."""


InlinePreferenceSetRequest: TypeAlias = Mapping[str, PreferenceSetRequest | JSONModel]
"""Preferences to merge into a recipient's own: a mapping from set id (`default` or a tenant id) to the set."""

if not TYPE_CHECKING:

    def __getattr__(name: str) -> object:
        if name == "__path__":  # each import from this module asks for it
            raise AttributeError(name)
        from knock_sdk.errors._hints import missing_name

        raise missing_name(__name__, name)
