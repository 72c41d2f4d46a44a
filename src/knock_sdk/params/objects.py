# Generated from openapi/knock.yaml by `python -m codegen`; do not edit.
"""Typed dicts of request bodies: objects."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from pydantic import with_config
from typing_extensions import NotRequired, TypedDict

from knock_sdk._core.values.argument_types import Items, JSONObject

from .channel_data import InlineChannelDataRequest
from .preferences import InlinePreferenceSetRequest


@with_config(extra="forbid")
class BulkDeleteObjectsRequest(TypedDict):
    """Request to delete many objects of one collection in the background."""

    object_ids: Items[str]
    """Ids of the objects to delete, at most 1,000."""


@with_config(extra="allow")
class SetObjectRequest(TypedDict):
    """Request to create or update an object; keys not listed here are stored as custom properties, 256 kB in all."""

    channel_data: NotRequired[InlineChannelDataRequest]
    """Channel data to store with the object, by channel id."""

    locale: NotRequired[str | None]
    """Locale of the object, a language tag such as `en-GB`."""

    name: NotRequired[str | None]
    """Name of the object, as templates show it."""

    preferences: NotRequired[InlinePreferenceSetRequest]
    """Preference sets to merge into those stored, by set id."""

    timezone: NotRequired[str | None]
    """Time zone from the tz database, such as `Europe/Paris`, used by schedules that repeat."""


@with_config(extra="allow")
class BulkSetObjectRequest(TypedDict):
    """One object to create or update in bulk; further keys become custom properties, merged into the stored ones."""

    channel_data: NotRequired[InlineChannelDataRequest | None]
    """Channel data to store with the object, by channel id; null or absent stores none."""

    created_at: NotRequired[datetime | str | None]
    """When the object was created in your own system; Knock never sets it."""

    id: str
    """Your id for the object, unique within its collection."""

    name: NotRequired[str | None]
    """Name of the object for display; null clears it."""

    preferences: NotRequired[InlinePreferenceSetRequest | None]
    """Preferences to merge into the object's own, by preference set id; null or absent changes none."""


@with_config(extra="forbid")
class BulkSetObjectsRequest(TypedDict):
    """Request to create or update many objects of one collection in the background."""

    objects: Items[BulkSetObjectRequest | JSONObject]
    """Objects to create or update, at most 1,000."""


@with_config(extra="allow")
class InlineIdentifyObjectRequest(TypedDict):
    """An object identified inline, with properties to store.

    Further keys become custom properties, merged into the stored ones.
    """

    channel_data: NotRequired[InlineChannelDataRequest | None]
    """Channel data to store with the object, by channel id; null or absent stores none."""

    collection: str
    """Collection of the object; its presence distinguishes an object from a user."""

    created_at: NotRequired[datetime | str | None]
    """When the object was created in your own system; Knock never sets it."""

    id: str
    """Your id for the object, unique within its collection."""

    name: NotRequired[str | None]
    """Name of the object for display; null clears it."""

    preferences: NotRequired[InlinePreferenceSetRequest | None]
    """Preferences to merge into the object's own, by preference set id; null or absent changes none."""


if not TYPE_CHECKING:

    def __getattr__(name: str) -> object:
        if name == "__path__":  # each import from this module asks for it
            raise AttributeError(name)
        from knock_sdk.errors._hints import missing_name

        raise missing_name(__name__, name)
