"""Bulk changes of users, in the background."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ... import types as t
from ..._core.requests import operations as op
from ..._core.requests.request import Request
from ._base import AsyncResource

if TYPE_CHECKING:
    import os
    from collections.abc import Callable

    from typing_extensions import Unpack

    from ... import params as p
    from ..._core.requests.options import RequestOptions
    from ..._core.values.argument_types import AsyncManyItems, Items, JSONModel, JSONObject
    from ...bulk import BulkProgress, BulkReport


class AsyncUsersBulk(AsyncResource):
    """Bulk changes of users, in the background."""

    async def delete(
        self,
        *,
        user_ids: Items[str],
        **options: Unpack[RequestOptions],
    ) -> t.BulkOperation:
        """Delete users in bulk.

        `POST /v1/users/bulk/delete`. Queues the permanent deletion of up to 1,000 users. Runs asynchronously: poll
        `GET /v1/bulk_operations/{id}`. Limited to 1 call a second.

        Args:
            user_ids: Ids of the users to delete, at most 1,000.
            **options: Options of this call, see `RequestOptions`.

        Returns:
            The queued bulk operation.

        Raises:
            KnockError: An argument is invalid, the call fails, or the API returns an error; see `knock_sdk.errors`.
        """
        return await self._transport.send(
            Request(op.BULK_DELETE_USERS, t.BulkOperation, body={"user_ids": user_ids}, options=options)
        )

    async def identify(
        self,
        *,
        users: Items[p.InlineIdentifyUserRequest | JSONObject],
        **options: Unpack[RequestOptions],
    ) -> t.BulkOperation:
        """Create or update users in bulk.

        `POST /v1/users/bulk/identify`. Queues the creation or update of up to 1,000 users; properties and
        preferences merge deeply into what is stored. Runs asynchronously: poll `GET /v1/bulk_operations/{id}`.
        Limited to 1 call a second.

        Args:
            users: Users to create or update, at most 1,000; properties are merged into the stored ones.
            **options: Options of this call, see `RequestOptions`.

        Returns:
            The queued bulk operation.

        Raises:
            KnockError: An argument is invalid, the call fails, or the API returns an error; see `knock_sdk.errors`.
        """
        return await self._transport.send(
            Request(op.BULK_IDENTIFY_USERS, t.BulkOperation, body={"users": users}, options=options)
        )

    async def set_preferences(
        self,
        *,
        preferences: p.BulkPreferenceSetRequest | JSONModel,
        user_ids: Items[str],
        **options: Unpack[RequestOptions],
    ) -> t.BulkOperation:
        """Set users' preferences in bulk.

        `POST /v1/users/bulk/preferences`. Queues the same preference set for up to 1,000 users, always replacing
        the set that each of them has. Runs asynchronously: poll `GET /v1/bulk_operations/{id}`. Limited to 1 call a
        second.

        Args:
            preferences: The preference set that replaces what each of the users has under the same id.
            user_ids: Ids of the users to change, at most 1,000.
            **options: Options of this call, see `RequestOptions`.

        Returns:
            The queued bulk operation.

        Raises:
            KnockError: An argument is invalid, the call fails, or the API returns an error; see `knock_sdk.errors`.
        """
        return await self._transport.send(
            Request(
                op.BULK_SET_USER_PREFERENCES,
                t.BulkOperation,
                body={"preferences": preferences, "user_ids": user_ids},
                options=options,
            )
        )

    async def identify_many(
        self,
        users: AsyncManyItems[p.InlineIdentifyUserRequest | JSONObject],
        *,
        journal: str | os.PathLike[str] | None = None,
        on_progress: Callable[[BulkProgress], object] | None = None,
        concurrency: int | None = None,
        wait: bool = True,
        **options: Unpack[RequestOptions],
    ) -> BulkReport:
        """Create or update any number of users.

        `POST /v1/users/bulk/identify`, in as many requests as needed. The API processes each request in the background,
        and this method waits for that. Requests keep to the operation's rate limit, which all clients of the same key
        in this process share. Temporary errors are retried; an item that the API refuses fails alone.

        Args:
            users: Users to create or update: any iterable or asynchronous iterable of them, which is read as requests
                are sent, such as a `csv.DictReader`, a list of dicts, or batches of Arrow. Properties are merged into
                the stored ones.
            journal: Path of a file that records what was sent, so that the same call resumes where an earlier one
                ended; it is created if it does not exist. None for no journal.
            on_progress: Function that is called with a `BulkProgress`, at most ten times a second. Without it, a
                terminal shows a progress bar if the extra `progress` is installed.
            concurrency: Number of requests at the same time, 1 to 1,000; if None, what the rate limit can use.
            wait: Whether to wait until the bulk operations have ended; otherwise the report counts what the API has
                accepted.
            **options: Options of each request, see `RequestOptions`, without `max_retries`.

        Returns:
            The numbers of items that succeeded and failed, and the failures, to iterate over.

        Raises:
            InvalidArgumentError: An argument is invalid; nothing was sent. An invalid item is a failure in the report
                instead.
            JournalError: The journal is of another job or input, in use, or cannot be written.
            KnockError: An error concerns every item, such as a wrong key, or nothing has succeeded for five minutes.
        """
        return await self._run_job(
            "users.bulk.identify_many",
            "users",
            users,
            lambda items: Request(op.BULK_IDENTIFY_USERS, t.BulkOperation, body={"users": items}, options=options),
            journal,
            on_progress,
            concurrency,
            wait,
            options,
        )

    async def delete_many(
        self,
        user_ids: AsyncManyItems[str],
        *,
        journal: str | os.PathLike[str] | None = None,
        on_progress: Callable[[BulkProgress], object] | None = None,
        concurrency: int | None = None,
        wait: bool = True,
        **options: Unpack[RequestOptions],
    ) -> BulkReport:
        """Delete any number of users.

        `POST /v1/users/bulk/delete`, in as many requests as needed. The API processes each request in the background,
        and this method waits for that. Requests keep to the operation's rate limit, which all clients of the same key
        in this process share. Temporary errors are retried; an item that the API refuses fails alone.

        Args:
            user_ids: Ids of the users to delete: any iterable or asynchronous iterable of them, which is read as
                requests are sent.
            journal: Path of a file that records what was sent, so that the same call resumes where an earlier one
                ended; it is created if it does not exist. None for no journal.
            on_progress: Function that is called with a `BulkProgress`, at most ten times a second. Without it, a
                terminal shows a progress bar if the extra `progress` is installed.
            concurrency: Number of requests at the same time, 1 to 1,000; if None, what the rate limit can use.
            wait: Whether to wait until the bulk operations have ended; otherwise the report counts what the API has
                accepted.
            **options: Options of each request, see `RequestOptions`, without `max_retries`.

        Returns:
            The numbers of items that succeeded and failed, and the failures, to iterate over.

        Raises:
            InvalidArgumentError: An argument is invalid; nothing was sent. An invalid item is a failure in the report
                instead.
            JournalError: The journal is of another job or input, in use, or cannot be written.
            KnockError: An error concerns every item, such as a wrong key, or nothing has succeeded for five minutes.
        """
        return await self._run_job(
            "users.bulk.delete_many",
            "user_ids",
            user_ids,
            lambda items: Request(op.BULK_DELETE_USERS, t.BulkOperation, body={"user_ids": items}, options=options),
            journal,
            on_progress,
            concurrency,
            wait,
            options,
        )

    async def set_preferences_many(
        self,
        user_ids: AsyncManyItems[str],
        *,
        preferences: p.BulkPreferenceSetRequest | JSONModel,
        journal: str | os.PathLike[str] | None = None,
        on_progress: Callable[[BulkProgress], object] | None = None,
        concurrency: int | None = None,
        wait: bool = True,
        **options: Unpack[RequestOptions],
    ) -> BulkReport:
        """Set the preferences of any number of users.

        `POST /v1/users/bulk/preferences`, in as many requests as needed. All get the same preference set, which
        replaces the one that they have. The API processes each request in the background, and this method waits for
        that. Requests keep to the operation's rate limit, which all clients of the same key in this process share.
        Temporary errors are retried; an item that the API refuses fails alone.

        Args:
            user_ids: Ids of the users to change: any iterable or asynchronous iterable of them, which is read as
                requests are sent.
            preferences: The preference set that replaces what each of the users has under the same id.
            journal: Path of a file that records what was sent, so that the same call resumes where an earlier one
                ended; it is created if it does not exist. None for no journal.
            on_progress: Function that is called with a `BulkProgress`, at most ten times a second. Without it, a
                terminal shows a progress bar if the extra `progress` is installed.
            concurrency: Number of requests at the same time, 1 to 1,000; if None, what the rate limit can use.
            wait: Whether to wait until the bulk operations have ended; otherwise the report counts what the API has
                accepted.
            **options: Options of each request, see `RequestOptions`, without `max_retries`.

        Returns:
            The numbers of items that succeeded and failed, and the failures, to iterate over.

        Raises:
            InvalidArgumentError: An argument is invalid; nothing was sent. An invalid item is a failure in the report
                instead.
            JournalError: The journal is of another job or input, in use, or cannot be written.
            KnockError: An error concerns every item, such as a wrong key, or nothing has succeeded for five minutes.
        """
        return await self._run_job(
            "users.bulk.set_preferences_many",
            "user_ids",
            user_ids,
            lambda items: Request(
                op.BULK_SET_USER_PREFERENCES,
                t.BulkOperation,
                body={"preferences": preferences, "user_ids": items},
                options=options,
            ),
            journal,
            on_progress,
            concurrency,
            wait,
            options,
        )
