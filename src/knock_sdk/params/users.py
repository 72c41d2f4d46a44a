# Generated from openapi/knock.yaml by `python -m codegen`; do not edit.
"""Typed dicts of request bodies: users."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from pydantic import with_config
from typing_extensions import NotRequired, TypedDict

from knock_sdk._core.values.argument_types import Items, JSONModel, JSONObject

from .channel_data import InlineChannelDataRequest
from .preferences import BulkPreferenceSetRequest, InlinePreferenceSetRequest


@with_config(extra="forbid")
class BulkDeleteUsersRequest(TypedDict):
    """Request to delete many users in the background."""

    user_ids: Items[str]
    """Ids of the users to delete, at most 1,000."""


@with_config(extra="forbid")
class MergeUserRequest(TypedDict):
    """Request to merge one user into another."""

    from_user_id: str
    """Id of the secondary user, deleted after the merge; in conflicts, the primary user's values take precedence."""


@with_config(extra="forbid")
class BulkSetUserPreferencesRequest(TypedDict):
    """Request to give the same preference set to many users in the background."""

    preferences: BulkPreferenceSetRequest | JSONModel
    """The preference set that replaces what each of the users has under the same id."""

    user_ids: Items[str]
    """Ids of the users to change, at most 1,000."""


@with_config(extra="allow")
class IdentifyUserRequest(TypedDict):
    """Request to create or update a user.

    Further keys become custom properties (256 kB in all), merged into the stored ones.
    """

    avatar: NotRequired[str | None]
    """URL of a picture of the user; null clears it."""

    channel_data: NotRequired[InlineChannelDataRequest | None]
    """Channel data to store with the user, by channel id; null or absent stores none."""

    created_at: NotRequired[datetime | str | None]
    """When the user was created in your own system; Knock never sets it."""

    email: NotRequired[str | None]
    """Email address of the user, needed for email channels; null clears it."""

    locale: NotRequired[str | None]
    """Locale of the user, such as `en-US`, which selects translations; null clears it."""

    name: NotRequired[str | None]
    """Full name of the user, for display; null clears it."""

    phone_number: NotRequired[str | None]
    """Phone number of the user in E.164 form, such as `+15551234567`, needed for SMS channels; null clears it."""

    preferences: NotRequired[InlinePreferenceSetRequest | None]
    """Preferences to merge into the user's own, by preference set id; null or absent changes none."""

    timezone: NotRequired[str | None]
    """IANA time zone of the user, such as `America/New_York`, used by schedules; null clears it."""


@with_config(extra="allow")
class InlineIdentifyUserRequest(TypedDict):
    """A user identified inline, with properties to store.

    Further keys become custom properties, merged into the stored ones.
    """

    avatar: NotRequired[str | None]
    """URL of a picture of the user; null clears it."""

    channel_data: NotRequired[InlineChannelDataRequest | None]
    """Channel data to store with the user, by channel id; null or absent stores none."""

    created_at: NotRequired[datetime | str | None]
    """When the user was created in your own system; Knock never sets it."""

    email: NotRequired[str | None]
    """Email address of the user, needed for email channels; null clears it."""

    id: str
    """Your id for the user, at most 256 characters, without `/` or `#`."""

    locale: NotRequired[str | None]
    """Locale of the user, such as `en-US`, which selects translations; null clears it."""

    name: NotRequired[str | None]
    """Full name of the user, for display; null clears it."""

    phone_number: NotRequired[str | None]
    """Phone number of the user in E.164 form, such as `+15551234567`, needed for SMS channels; null clears it."""

    preferences: NotRequired[InlinePreferenceSetRequest | None]
    """Preferences to merge into the user's own, by preference set id; null or absent changes none."""

    timezone: NotRequired[str | None]
    """IANA time zone of the user, such as `America/New_York`, used by schedules; null clears it."""


@with_config(extra="forbid")
class BulkIdentifyUsersRequest(TypedDict):
    """Request to create or update many users in the background."""

    users: Items[InlineIdentifyUserRequest | JSONObject]
    """Users to create or update, at most 1,000; properties are merged into the stored ones."""


if not TYPE_CHECKING:

    def __getattr__(name: str) -> object:
        if name == "__path__":  # each import from this module asks for it
            raise AttributeError(name)
        from knock_sdk.errors._hints import missing_name

        raise missing_name(__name__, name)
