# Derived from src/knock_sdk/_async/resources/objects_settings.py by `python -m codegen`; do not edit.
"""Preferences and channel data of an object; a part of `objects`."""

from __future__ import annotations

import builtins
from types import NoneType
from typing import TYPE_CHECKING, Literal

from ... import types as t
from ..._core.requests import operations as op
from ..._core.requests.request import Request
from ..._core.sentinel import NOT_GIVEN
from ._base import Resource

if TYPE_CHECKING:
    from collections.abc import Mapping

    from typing_extensions import Unpack

    from ... import params as p
    from ..._core.requests.options import RequestOptions
    from ..._core.sentinel import NotGiven
    from ..._core.values.argument_types import JSONModel


class ObjectsSettings(Resource):
    """Preferences and channel data of an object; a part of `objects`."""

    def list_preferences(
        self,
        collection: str,
        object_id: str,
        **options: Unpack[RequestOptions],
    ) -> builtins.list[t.PreferenceSet]:
        """List an object's preference sets.

        `GET /v1/objects/{collection}/{object_id}/preferences`. Returns all preference sets of an object at once:
        `default` and one for each tenant that has its own.

        Args:
            collection: Name of the collection that the object belongs to; tenants are in `$tenants`.
            object_id: Your id of the object, unique in its collection.
            **options: Options of this call, see `RequestOptions`.

        Returns:
            All preference sets of the object.

        Raises:
            KnockError: An argument is invalid, the call fails, or the API returns an error; see `knock_sdk.errors`.
        """
        return self._transport.send(
            Request(
                op.LIST_OBJECT_PREFERENCE_SETS,
                builtins.list[t.PreferenceSet],
                path=(collection, object_id),
                options=options,
            )
        )

    def get_preferences(
        self,
        collection: str,
        object_id: str,
        id: str,
        **options: Unpack[RequestOptions],
    ) -> t.PreferenceSet:
        """Get an object's preference set.

        `GET /v1/objects/{collection}/{object_id}/preferences/{id}`. Returns one preference set of an object. A set
        that was never written is returned empty rather than as a 404.

        Args:
            collection: Name of the collection that the object belongs to; tenants are in `$tenants`.
            object_id: Your id of the object, unique in its collection.
            id: Id of the preference set: `default`, or the id of a tenant for preferences that hold within it.
            **options: Options of this call, see `RequestOptions`.

        Returns:
            The preference set.

        Raises:
            KnockError: An argument is invalid, the call fails, or the API returns an error; see `knock_sdk.errors`.
        """
        return self._transport.send(
            Request(op.GET_OBJECT_PREFERENCE_SET, t.PreferenceSet, path=(collection, object_id, id), options=options)
        )

    def set_preferences(
        self,
        collection: str,
        object_id: str,
        id: str,
        *,
        _persistence_strategy: Literal["merge", "replace"] | NotGiven = NOT_GIVEN,
        categories: Mapping[str, p.PreferenceSetWorkflowCategorySetting] | NotGiven | None = NOT_GIVEN,
        channel_types: p.PreferenceSetChannelTypes | JSONModel | NotGiven | None = NOT_GIVEN,
        channels: p.PreferenceSetChannels | NotGiven | None = NOT_GIVEN,
        commercial_subscribed: bool
        | p.PreferenceSetCommercialSubscribedSetting
        | JSONModel
        | NotGiven
        | None = NOT_GIVEN,
        workflows: Mapping[str, p.PreferenceSetWorkflowCategorySetting] | NotGiven | None = NOT_GIVEN,
        **options: Unpack[RequestOptions],
    ) -> t.PreferenceSet:
        """Set an object's preference set.

        `PUT /v1/objects/{collection}/{object_id}/preferences/{id}`. Replaces the whole preference set, so that
        sections left out are lost; with `__persistence_strategy__` set to `merge` it merges deeply instead. An
        object that does not exist is created.

        Args:
            collection: Name of the collection that the object belongs to; tenants are in `$tenants`.
            object_id: Your id of the object, unique in its collection.
            id: Id of the preference set: `default`, or the id of a tenant for preferences that hold within it.
            _persistence_strategy: `merge` adds to the stored set, deeply; `replace` discards what was stored. Which
                is the default depends on the call.
            categories: Settings by workflow category; each is a boolean or an object of channel types, channels and
                conditions.
            channel_types: Settings by type of channel, for all workflows.
            channels: Settings by channel id, each a boolean or conditions; they override the setting for the
                channel's type.
            commercial_subscribed: Whether commercial messages are wanted, as a boolean or conditions; only the
                `default` set's value counts.
            workflows: Settings by workflow key; each is a boolean or an object of channel types, channels and
                conditions.
            **options: Options of this call, see `RequestOptions`.

        Returns:
            The preference set after the change.

        Raises:
            KnockError: An argument is invalid, the call fails, or the API returns an error; see `knock_sdk.errors`.
        """
        return self._transport.send(
            Request(
                op.UPDATE_OBJECT_PREFERENCE_SET,
                t.PreferenceSet,
                path=(collection, object_id, id),
                body={
                    "__persistence_strategy__": _persistence_strategy,
                    "categories": categories,
                    "channel_types": channel_types,
                    "channels": channels,
                    "commercial_subscribed": commercial_subscribed,
                    "workflows": workflows,
                },
                options=options,
            )
        )

    def unset_preferences(
        self,
        collection: str,
        object_id: str,
        id: str,
        **options: Unpack[RequestOptions],
    ) -> None:
        """Unset an object's preference set.

        `DELETE /v1/objects/{collection}/{object_id}/preferences/{id}`. Removes one preference set of an object;
        from then on the tenant's and the environment's defaults apply. Nothing is returned.

        Args:
            collection: Name of the collection that the object belongs to; tenants are in `$tenants`.
            object_id: Your id of the object, unique in its collection.
            id: Id of the preference set: `default`, or the id of a tenant for preferences that hold within it.
            **options: Options of this call, see `RequestOptions`.

        Raises:
            KnockError: An argument is invalid, the call fails, or the API returns an error; see `knock_sdk.errors`.
        """
        self._transport.send(
            Request(op.DELETE_OBJECT_PREFERENCE_SET, NoneType, path=(collection, object_id, id), options=options)
        )

    def get_channel_data(
        self,
        collection: str,
        object_id: str,
        channel_id: str,
        **options: Unpack[RequestOptions],
    ) -> t.ChannelData:
        """Get an object's channel data.

        `GET /v1/objects/{collection}/{object_id}/channel_data/{channel_id}`. Returns what is stored for the object
        on one channel, such as push tokens or chat connections. A 404 means that nothing is set or that the channel
        is unknown.

        Args:
            collection: Name of the collection that the object belongs to; tenants are in `$tenants`.
            object_id: Your id of the object, unique in its collection.
            channel_id: UUID of the channel, as shown in the Knock dashboard.
            **options: Options of this call, see `RequestOptions`.

        Returns:
            The object's channel data.

        Raises:
            KnockError: An argument is invalid, the call fails, or the API returns an error; see `knock_sdk.errors`.
        """
        return self._transport.send(
            Request(
                op.GET_OBJECT_CHANNEL_DATA, t.ChannelData, path=(collection, object_id, channel_id), options=options
            )
        )

    def set_channel_data(
        self,
        collection: str,
        object_id: str,
        channel_id: str,
        *,
        data: p.ProviderChannelDataRequest,
        **options: Unpack[RequestOptions],
    ) -> t.ChannelData:
        """Set an object's channel data.

        `PUT /v1/objects/{collection}/{object_id}/channel_data/{channel_id}`. Replaces all that is stored for the
        object on one channel; tokens or connections left out are lost. An object that does not exist is created.

        Args:
            collection: Name of the collection that the object belongs to; tenants are in `$tenants`.
            object_id: Your id of the object, unique in its collection.
            channel_id: UUID of the channel, as shown in the Knock dashboard.
            data: The data to store, in the shape that the channel's provider requires.
            **options: Options of this call, see `RequestOptions`.

        Returns:
            The channel data after the change.

        Raises:
            KnockError: An argument is invalid, the call fails, or the API returns an error; see `knock_sdk.errors`.
        """
        return self._transport.send(
            Request(
                op.SET_OBJECT_CHANNEL_DATA,
                t.ChannelData,
                path=(collection, object_id, channel_id),
                body={"data": data},
                options=options,
            )
        )

    def unset_channel_data(
        self,
        collection: str,
        object_id: str,
        channel_id: str,
        **options: Unpack[RequestOptions],
    ) -> None:
        """Unset an object's channel data.

        `DELETE /v1/objects/{collection}/{object_id}/channel_data/{channel_id}`. Removes what is stored for the
        object on one channel, so that this channel can no longer reach it. Nothing is returned.

        Args:
            collection: Name of the collection that the object belongs to; tenants are in `$tenants`.
            object_id: Your id of the object, unique in its collection.
            channel_id: UUID of the channel, as shown in the Knock dashboard.
            **options: Options of this call, see `RequestOptions`.

        Raises:
            KnockError: An argument is invalid, the call fails, or the API returns an error; see `knock_sdk.errors`.
        """
        self._transport.send(
            Request(op.UNSET_OBJECT_CHANNEL_DATA, NoneType, path=(collection, object_id, channel_id), options=options)
        )
