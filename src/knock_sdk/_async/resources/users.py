"""Users: the people who receive notifications."""

from __future__ import annotations

from functools import cached_property
from types import NoneType
from typing import TYPE_CHECKING, Literal

from ... import types as t
from ..._core.requests import operations as op
from ..._core.requests.request import PageRequest, Request
from ..._core.sentinel import NOT_GIVEN
from .._paginate import paginate
from .users_lists import AsyncUsersLists
from .users_settings import AsyncUsersSettings

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from typing_extensions import Unpack

    from ... import params as p
    from ..._core.requests.options import RequestOptions
    from ..._core.sentinel import NotGiven
    from ..._core.values.argument_types import Items
    from .._paginate import AsyncPaginator
    from .users_bulk import AsyncUsersBulk
    from .users_feeds import AsyncUsersFeeds
    from .users_guides import AsyncUsersGuides
    from .users_preference_center import AsyncUsersPreferenceCenter


class AsyncUsers(AsyncUsersLists, AsyncUsersSettings):
    """Users: the people who receive notifications."""

    @cached_property
    def bulk(self) -> AsyncUsersBulk:
        """Bulk changes of users, in the background."""
        from .users_bulk import AsyncUsersBulk

        return AsyncUsersBulk(self._transport)

    @cached_property
    def feeds(self) -> AsyncUsersFeeds:
        """In-app feeds of a user."""
        from .users_feeds import AsyncUsersFeeds

        return AsyncUsersFeeds(self._transport)

    @cached_property
    def guides(self) -> AsyncUsersGuides:
        """Guides that a user sees in the product."""
        from .users_guides import AsyncUsersGuides

        return AsyncUsersGuides(self._transport)

    @cached_property
    def preference_center(self) -> AsyncUsersPreferenceCenter:
        """The hosted page where a user sets preferences."""
        from .users_preference_center import AsyncUsersPreferenceCenter

        return AsyncUsersPreferenceCenter(self._transport)

    def list(
        self,
        *,
        include: Items[Literal["preferences"]] | None = None,
        after: str | None = None,
        before: str | None = None,
        page_size: int | None = None,
        order: Literal["asc", "desc"] | None = None,
        **options: Unpack[RequestOptions],
    ) -> AsyncPaginator[t.User]:
        """List users.

        `GET /v1/users`. Returns the users of the key's environment, a page at a time, with their preferences if
        `include` asks for them.

        Args:
            include: Related data to return as well; only `preferences` exists.
            after: Cursor from `page_info.after` of an earlier page: returns the entries after it.
            before: Cursor from `page_info.before` of an earlier page: returns the entries before it.
            page_size: Number of entries on a page, 1 to 50; 50 if absent.
            order: Direction of the list, `asc` or `desc`; `asc` if absent.
            **options: Options of this call, see `RequestOptions`.

        Returns:
            The first page; iterate over it for all items.

        Raises:
            KnockError: An argument is invalid, the call fails, or the API returns an error; see `knock_sdk.errors`.
        """
        return paginate(
            self._transport,
            PageRequest(
                op.LIST_USERS,
                t.ListUsersResponse,
                query={"include": include, "after": after, "before": before, "page_size": page_size, "order": order},
                options=options,
            ),
        )

    async def get(
        self,
        user_id: str,
        **options: Unpack[RequestOptions],
    ) -> t.User:
        """Get a user.

        `GET /v1/users/{user_id}`. Returns one user with all properties; custom ones are at the top level, beside
        the known ones.

        Args:
            user_id: Your id of the user, at most 256 characters, without `/` or `#`.
            **options: Options of this call, see `RequestOptions`.

        Returns:
            The user.

        Raises:
            KnockError: An argument is invalid, the call fails, or the API returns an error; see `knock_sdk.errors`.
        """
        return await self._transport.send(Request(op.GET_USER, t.User, path=(user_id,), options=options))

    async def update(
        self,
        user_id: str,
        *,
        avatar: str | NotGiven | None = NOT_GIVEN,
        channel_data: p.InlineChannelDataRequest | NotGiven | None = NOT_GIVEN,
        created_at: datetime | str | NotGiven | None = NOT_GIVEN,
        email: str | NotGiven | None = NOT_GIVEN,
        locale: str | NotGiven | None = NOT_GIVEN,
        name: str | NotGiven | None = NOT_GIVEN,
        phone_number: str | NotGiven | None = NOT_GIVEN,
        preferences: p.InlinePreferenceSetRequest | NotGiven | None = NOT_GIVEN,
        timezone: str | NotGiven | None = NOT_GIVEN,
        properties: Mapping[str, object] | NotGiven | None = NOT_GIVEN,
        **options: Unpack[RequestOptions],
    ) -> t.User:
        """Create or update a user.

        `PUT /v1/users/{user_id}`. Creates the user or merges the properties deeply into the stored ones; a property
        can be set to null but never removed. Preferences given here merge too, and channel data can be set in the
        same call. Custom properties may have up to 256 kB.

        Args:
            user_id: Your id of the user, at most 256 characters, without `/` or `#`.
            avatar: URL of a picture of the user; None clears it.
            channel_data: Channel data to store with the user, by channel id; None or absent stores none.
            created_at: When the user was created in your own system; Knock never sets it.
            email: Email address of the user, needed for email channels; None clears it.
            locale: Locale of the user, such as `en-US`, which selects translations; None clears it.
            name: Full name of the user, for display; None clears it.
            phone_number: Phone number of the user in E.164 form, such as `+15551234567`, needed for SMS channels;
                None clears it.
            preferences: Preferences to merge into the user's own, by preference set id; None or absent changes
                none.
            timezone: IANA time zone of the user, such as `America/New_York`, used by schedules; None clears it.
            properties: Custom properties, stored beside the named ones; nested objects are merged into what is
                there, and nothing is removed.
            **options: Options of this call, see `RequestOptions`.

        Returns:
            The user after the change.

        Raises:
            KnockError: An argument is invalid, the call fails, or the API returns an error; see `knock_sdk.errors`.
        """
        return await self._transport.send(
            Request(
                op.IDENTIFY_USER,
                t.User,
                path=(user_id,),
                body={
                    "avatar": avatar,
                    "channel_data": channel_data,
                    "created_at": created_at,
                    "email": email,
                    "locale": locale,
                    "name": name,
                    "phone_number": phone_number,
                    "preferences": preferences,
                    "timezone": timezone,
                },
                properties=properties,
                options=options,
            )
        )

    async def delete(
        self,
        user_id: str,
        **options: Unpack[RequestOptions],
    ) -> None:
        """Delete a user.

        `DELETE /v1/users/{user_id}`. Permanently deletes a user and all their data, which may take up to 10 minutes
        to complete. Nothing is returned; limited to 5 calls a second.

        Args:
            user_id: Your id of the user, at most 256 characters, without `/` or `#`.
            **options: Options of this call, see `RequestOptions`.

        Raises:
            KnockError: An argument is invalid, the call fails, or the API returns an error; see `knock_sdk.errors`.
        """
        await self._transport.send(Request(op.DELETE_USER, NoneType, path=(user_id,), options=options))

    async def merge(
        self,
        user_id: str,
        *,
        from_user_id: str,
        **options: Unpack[RequestOptions],
    ) -> t.User:
        """Merge another user into this one.

        `POST /v1/users/{user_id}/merge`. Merges the user `from_user_id` into this one and then deletes that other
        user, which cannot be undone. This user's values take precedence; preference sets and channel data are
        copied only where this user has none, and history from the last 30 days is moved too. Limited to 5 calls a
        second.

        Args:
            user_id: Your id of the user, at most 256 characters, without `/` or `#`.
            from_user_id: Id of the secondary user, deleted after the merge; in conflicts, the primary user's values
                take precedence.
            **options: Options of this call, see `RequestOptions`.

        Returns:
            The user after the merge.

        Raises:
            KnockError: An argument is invalid, the call fails, or the API returns an error; see `knock_sdk.errors`.
        """
        return await self._transport.send(
            Request(op.MERGE_USER, t.User, path=(user_id,), body={"from_user_id": from_user_id}, options=options)
        )
