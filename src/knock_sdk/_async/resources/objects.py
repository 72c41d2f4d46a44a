"""Objects: recipients that are not users, with their data and subscriptions."""

from __future__ import annotations

from functools import cached_property
from types import NoneType
from typing import TYPE_CHECKING, Literal

from ... import types as t
from ..._core.requests import operations as op
from ..._core.requests.request import PageRequest, Request
from ..._core.sentinel import NOT_GIVEN
from .._paginate import paginate
from .objects_lists import AsyncObjectsLists
from .objects_settings import AsyncObjectsSettings
from .objects_subscriptions import AsyncObjectsSubscriptions

if TYPE_CHECKING:
    from collections.abc import Mapping

    from typing_extensions import Unpack

    from ... import params as p
    from ..._core.requests.options import RequestOptions
    from ..._core.sentinel import NotGiven
    from ..._core.values.argument_types import Items
    from .._paginate import AsyncPaginator
    from .objects_bulk import AsyncObjectsBulk


class AsyncObjects(AsyncObjectsLists, AsyncObjectsSubscriptions, AsyncObjectsSettings):
    """Objects: recipients that are not users, with their data and subscriptions."""

    @cached_property
    def bulk(self) -> AsyncObjectsBulk:
        """Bulk changes of objects and their subscriptions, in the background."""
        from .objects_bulk import AsyncObjectsBulk

        return AsyncObjectsBulk(self._transport)

    def list(
        self,
        collection: str,
        *,
        after: str | None = None,
        before: str | None = None,
        page_size: int | None = None,
        include: Items[Literal["preferences"]] | None = None,
        **options: Unpack[RequestOptions],
    ) -> AsyncPaginator[t.Object]:
        """List the objects of a collection.

        `GET /v1/objects/{collection}`. Returns the objects of a collection, a page at a time, with their
        preferences if `include` asks for them. A collection that does not exist returns an empty list, not an
        error.

        Args:
            collection: Name of the collection that the object belongs to; tenants are in `$tenants`.
            after: Cursor from `page_info.after` of an earlier page: returns the entries after it.
            before: Cursor from `page_info.before` of an earlier page: returns the entries before it.
            page_size: Number of entries on a page, 1 to 50; 50 if absent.
            include: Related data to return as well; only `preferences` exists.
            **options: Options of this call, see `RequestOptions`.

        Returns:
            The first page; iterate over it for all items.

        Raises:
            KnockError: An argument is invalid, the call fails, or the API returns an error; see `knock_sdk.errors`.
        """
        return paginate(
            self._transport,
            PageRequest(
                op.LIST_OBJECTS,
                t.ListObjectsResponse,
                path=(collection,),
                query={"after": after, "before": before, "page_size": page_size, "include": include},
                options=options,
            ),
        )

    async def get(
        self,
        collection: str,
        id: str,
        **options: Unpack[RequestOptions],
    ) -> t.Object:
        """Get an object.

        `GET /v1/objects/{collection}/{id}`. Returns one object; its name and custom properties are under
        `properties`.

        Args:
            collection: Name of the collection that the object belongs to; tenants are in `$tenants`.
            id: Your id of the object, unique in its collection.
            **options: Options of this call, see `RequestOptions`.

        Returns:
            The object.

        Raises:
            KnockError: An argument is invalid, the call fails, or the API returns an error; see `knock_sdk.errors`.
        """
        return await self._transport.send(Request(op.GET_OBJECT, t.Object, path=(collection, id), options=options))

    async def set(
        self,
        collection: str,
        id: str,
        *,
        channel_data: p.InlineChannelDataRequest | NotGiven = NOT_GIVEN,
        locale: str | NotGiven | None = NOT_GIVEN,
        name: str | NotGiven | None = NOT_GIVEN,
        preferences: p.InlinePreferenceSetRequest | NotGiven = NOT_GIVEN,
        timezone: str | NotGiven | None = NOT_GIVEN,
        properties: Mapping[str, object] | NotGiven | None = NOT_GIVEN,
        **options: Unpack[RequestOptions],
    ) -> t.Object:
        """Create or update an object.

        `PUT /v1/objects/{collection}/{id}`. Creates the object or merges the properties deeply into the stored
        ones; a property can be set to null but never removed. Preferences given here merge too, and channel data
        can be set in the same call. Custom properties may have up to 256 kB.

        Args:
            collection: Name of the collection that the object belongs to; tenants are in `$tenants`.
            id: Your id of the object, unique in its collection.
            channel_data: Channel data to store with the object, by channel id.
            locale: Locale of the object, a language tag such as `en-GB`.
            name: Name of the object, as templates show it.
            preferences: Preference sets to merge into those stored, by set id.
            timezone: Time zone from the tz database, such as `Europe/Paris`, used by schedules that repeat.
            properties: Custom properties, stored beside the named ones; nested objects are merged into what is
                there, and nothing is removed.
            **options: Options of this call, see `RequestOptions`.

        Returns:
            The object after the change.

        Raises:
            KnockError: An argument is invalid, the call fails, or the API returns an error; see `knock_sdk.errors`.
        """
        return await self._transport.send(
            Request(
                op.SET_OBJECT,
                t.Object,
                path=(collection, id),
                body={
                    "channel_data": channel_data,
                    "locale": locale,
                    "name": name,
                    "preferences": preferences,
                    "timezone": timezone,
                },
                properties=properties,
                options=options,
            )
        )

    async def delete(
        self,
        collection: str,
        id: str,
        **options: Unpack[RequestOptions],
    ) -> None:
        """Delete an object.

        `DELETE /v1/objects/{collection}/{id}`. Permanently deletes an object and the data that depends on it, such
        as subscriptions, which may take up to 10 minutes. Nothing is returned.

        Args:
            collection: Name of the collection that the object belongs to; tenants are in `$tenants`.
            id: Your id of the object, unique in its collection.
            **options: Options of this call, see `RequestOptions`.

        Raises:
            KnockError: An argument is invalid, the call fails, or the API returns an error; see `knock_sdk.errors`.
        """
        await self._transport.send(Request(op.DELETE_OBJECT, NoneType, path=(collection, id), options=options))
