# Generated from openapi/knock.yaml by `python -m codegen`; do not edit.
"""Models of responses: preferences."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Literal, TypeAlias

from pydantic import Field

from knock_sdk._core.responses.model import Model

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


class Condition(Model):
    """A condition on data, evaluated at send time; in a list, all conditions must hold."""

    argument: str | int | float | bool | list[str | int | float | bool | None] | None
    """Value or list of values to compare with, or a path such as `recipient.plan` to look up; null for operators
    that need none.
    """

    operator: ConditionOperator | str
    """Operator that compares the variable with the argument."""

    variable: str
    """Path of the value to test, such as `data.amount`; a missing value counts as an empty string."""


class PreferenceSetChannelSetting(Model):
    """Makes notifications on one channel depend on conditions."""

    conditions: list[Condition]
    """Conditions that must all hold for the channel to be used."""


class PreferenceSetChannelTypeSetting(Model):
    """Makes notifications on one type of channel depend on conditions."""

    conditions: list[Condition]
    """Conditions that must all hold for channels of this type to be used."""


class PreferenceSetChannelTypes(Model):
    """Preference settings by type of channel; a type left out counts as wanted."""

    strategy: Annotated[Literal["merge", "replace"] | str | None, Field(alias="__strategy__")] = None
    """With `replace`, in the preferences of a tenant, these settings override those of the recipient; `merge` lifts
    that.
    """

    chat: bool | PreferenceSetChannelTypeSetting | None = None
    """Whether chat messages are wanted, as a boolean or under conditions."""

    email: bool | PreferenceSetChannelTypeSetting | None = None
    """Whether email is wanted, as a boolean or under conditions."""

    http: bool | PreferenceSetChannelTypeSetting | None = None
    """Whether webhook calls are wanted, as a boolean or under conditions."""

    in_app_feed: bool | PreferenceSetChannelTypeSetting | None = None
    """Whether in-app feed messages are wanted, as a boolean or under conditions."""

    push: bool | PreferenceSetChannelTypeSetting | None = None
    """Whether push notifications are wanted, as a boolean or under conditions."""

    sms: bool | PreferenceSetChannelTypeSetting | None = None
    """Whether SMS is wanted, as a boolean or under conditions."""


PreferenceSetChannels: TypeAlias = dict[str, bool | PreferenceSetChannelSetting | Literal["merge", "replace"] | str]
"""Preference settings by channel id, each a boolean or conditions.

In the preferences of a tenant, the key `__strategy__` with the value `replace` makes them override those of
the recipient; `merge` lifts that.
"""


class PreferenceSetCommercialSubscribedSetting(Model):
    """Makes commercial messages depend on conditions."""

    conditions: list[Condition]
    """Conditions that must all hold for commercial messages to be sent."""


class PreferenceSetWorkflowCategorySettingObject(Model):
    """Detailed setting for one workflow or category; every part that applies must allow a notification."""

    strategy: Annotated[Literal["merge", "replace"] | str | None, Field(alias="__strategy__")] = None
    """With `replace`, in the preferences of a tenant, these settings override those of the recipient; `merge` lifts
    that.
    """

    channel_types: PreferenceSetChannelTypes | None = None
    """Settings by type of channel within this workflow or category, or null if none are set."""

    channels: PreferenceSetChannels | None = None
    """Settings by channel id within this workflow or category, or null if none are set."""

    conditions: list[Condition] | None = None
    """Conditions that must all hold for notifications to be sent; null means no conditions."""


PreferenceSetWorkflowCategorySetting: TypeAlias = bool | PreferenceSetWorkflowCategorySettingObject
"""Setting for one workflow or category: a boolean, or an object with details."""


PreferenceSetWorkflows: TypeAlias = dict[str, PreferenceSetWorkflowCategorySetting]
"""Preference settings by workflow key."""


class PreferenceSet(Model):
    """A recipient's choices of notifications and channels; anything not set counts as wanted."""

    categories: dict[str, PreferenceSetWorkflowCategorySetting] | None = None
    """Settings by workflow category, or null if none are set."""

    channel_types: PreferenceSetChannelTypes | None = None
    """Settings by type of channel, for all workflows, or null if none are set."""

    channels: PreferenceSetChannels | None = None
    """Settings by channel id; an entry here overrides the one for its channel type. Null if none are set."""

    commercial_subscribed: bool | PreferenceSetCommercialSubscribedSetting | None = None
    """Whether commercial messages are wanted, as a boolean or conditions; only the recipient's `default` set counts."""

    id: str
    """`default`, or the id of the tenant that the set is for."""

    workflows: dict[str, PreferenceSetWorkflowCategorySetting] | None = None
    """Settings by workflow key, or null if none are set."""


PreferenceSetCategories: TypeAlias = dict[str, PreferenceSetWorkflowCategorySetting]
"""Preference settings by workflow category."""


ListObjectPreferenceSetsResponse: TypeAlias = list[PreferenceSet]
"""All the preference sets of an object, as a plain list without pages."""


ListUserPreferenceSetsResponse: TypeAlias = list[PreferenceSet]
"""All the preference sets of a user, as a plain list without pages."""

if not TYPE_CHECKING:

    def __getattr__(name: str) -> object:
        if name == "__path__":  # each import from this module asks for it
            raise AttributeError(name)
        from knock_sdk.errors._hints import missing_name

        raise missing_name(__name__, name)
