"""Preferences and channel data of a user; a part of `users`."""

from __future__ import annotations

import builtins
from types import NoneType
from typing import TYPE_CHECKING, Literal

from ... import types as t
from ..._core.requests import operations as op
from ..._core.requests.request import Request
from ..._core.sentinel import NOT_GIVEN
from ._base import AsyncResource

if TYPE_CHECKING:
    from collections.abc import Mapping

    from typing_extensions import Unpack

    from ... import params as p
    from ..._core.requests.options import RequestOptions
    from ..._core.sentinel import NotGiven
    from ..._core.values.argument_types import JSONModel


class AsyncUsersSettings(AsyncResource):
    """Preferences and channel data of a user; a part of `users`."""

    async def list_preferences(
        self,
        user_id: str,
        **options: Unpack[RequestOptions],
    ) -> builtins.list[t.PreferenceSet]:
        """List a user's preference sets.

        `GET /v1/users/{user_id}/preferences`. Returns all preference sets of a user at once: `default` and one for
        each tenant that has its own.

        Args:
            user_id: Your id of the user, at most 256 characters, without `/` or `#`.
            **options: Options of this call, see `RequestOptions`.

        Returns:
            All preference sets of the user.

        Raises:
            KnockError: An argument is invalid, the call fails, or the API returns an error; see `knock_sdk.errors`.
        """
        return await self._transport.send(
            Request(op.LIST_USER_PREFERENCE_SETS, builtins.list[t.PreferenceSet], path=(user_id,), options=options)
        )

    async def get_preferences(
        self,
        user_id: str,
        id: str,
        *,
        tenant: str | None = None,
        **options: Unpack[RequestOptions],
    ) -> t.PreferenceSet:
        """Get a user's preference set.

        `GET /v1/users/{user_id}/preferences/{id}`. Returns one preference set of a user, with a tenant's defaults
        merged in if `tenant` is given. A set that was never written is returned empty rather than as a 404.

        Args:
            user_id: Your id of the user, at most 256 characters, without `/` or `#`.
            id: Id of the preference set: `default`, or the id of a tenant for preferences that hold within it.
            tenant: Id of the tenant whose default preferences are merged into the response; none if absent.
            **options: Options of this call, see `RequestOptions`.

        Returns:
            The preference set.

        Raises:
            KnockError: An argument is invalid, the call fails, or the API returns an error; see `knock_sdk.errors`.
        """
        return await self._transport.send(
            Request(
                op.GET_USER_PREFERENCE_SET,
                t.PreferenceSet,
                path=(user_id, id),
                query={"tenant": tenant},
                options=options,
            )
        )

    async def set_preferences(
        self,
        user_id: str,
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
        """Set a user's preference set.

        `PUT /v1/users/{user_id}/preferences/{id}`. Replaces the whole preference set, so that sections left out are
        lost; with `__persistence_strategy__` set to `merge` it merges deeply instead. A user who does not exist is
        created.

        Args:
            user_id: Your id of the user, at most 256 characters, without `/` or `#`.
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
        return await self._transport.send(
            Request(
                op.UPDATE_USER_PREFERENCE_SET,
                t.PreferenceSet,
                path=(user_id, id),
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

    async def unset_preferences(
        self,
        user_id: str,
        id: str,
        **options: Unpack[RequestOptions],
    ) -> None:
        """Unset a user's preference set.

        `DELETE /v1/users/{user_id}/preferences/{id}`. Removes one preference set of a user; from then on the
        tenant's and the environment's defaults apply. Nothing is returned.

        Args:
            user_id: Your id of the user, at most 256 characters, without `/` or `#`.
            id: Id of the preference set: `default`, or the id of a tenant for preferences that hold within it.
            **options: Options of this call, see `RequestOptions`.

        Raises:
            KnockError: An argument is invalid, the call fails, or the API returns an error; see `knock_sdk.errors`.
        """
        await self._transport.send(
            Request(op.DELETE_USER_PREFERENCE_SET, NoneType, path=(user_id, id), options=options)
        )

    async def get_channel_data(
        self,
        user_id: str,
        channel_id: str,
        **options: Unpack[RequestOptions],
    ) -> t.ChannelData:
        """Get a user's channel data.

        `GET /v1/users/{user_id}/channel_data/{channel_id}`. Returns what is stored for the user on one channel,
        such as push tokens or chat connections. A 404 means that nothing is set or that the channel is unknown.

        Args:
            user_id: Your id of the user, at most 256 characters, without `/` or `#`.
            channel_id: UUID of the channel, as shown in the Knock dashboard.
            **options: Options of this call, see `RequestOptions`.

        Returns:
            The user's channel data.

        Raises:
            KnockError: An argument is invalid, the call fails, or the API returns an error; see `knock_sdk.errors`.
        """
        return await self._transport.send(
            Request(op.GET_USER_CHANNEL_DATA, t.ChannelData, path=(user_id, channel_id), options=options)
        )

    async def set_channel_data(
        self,
        user_id: str,
        channel_id: str,
        *,
        data: p.ProviderChannelDataRequest,
        **options: Unpack[RequestOptions],
    ) -> t.ChannelData:
        """Set a user's channel data.

        `PUT /v1/users/{user_id}/channel_data/{channel_id}`. Replaces all that is stored for the user on one
        channel; tokens or connections left out are lost. A user who does not exist is created.

        Args:
            user_id: Your id of the user, at most 256 characters, without `/` or `#`.
            channel_id: UUID of the channel, as shown in the Knock dashboard.
            data: The data to store, in the shape that the channel's provider requires.
            **options: Options of this call, see `RequestOptions`.

        Returns:
            The channel data after the change.

        Raises:
            KnockError: An argument is invalid, the call fails, or the API returns an error; see `knock_sdk.errors`.
        """
        return await self._transport.send(
            Request(
                op.SET_USER_CHANNEL_DATA,
                t.ChannelData,
                path=(user_id, channel_id),
                body={"data": data},
                options=options,
            )
        )

    async def unset_channel_data(
        self,
        user_id: str,
        channel_id: str,
        **options: Unpack[RequestOptions],
    ) -> None:
        """Unset a user's channel data.

        `DELETE /v1/users/{user_id}/channel_data/{channel_id}`. Removes what is stored for the user on one channel,
        so that this channel can no longer reach them. Nothing is returned.

        Args:
            user_id: Your id of the user, at most 256 characters, without `/` or `#`.
            channel_id: UUID of the channel, as shown in the Knock dashboard.
            **options: Options of this call, see `RequestOptions`.

        Raises:
            KnockError: An argument is invalid, the call fails, or the API returns an error; see `knock_sdk.errors`.
        """
        await self._transport.send(
            Request(op.UNSET_USER_CHANNEL_DATA, NoneType, path=(user_id, channel_id), options=options)
        )
