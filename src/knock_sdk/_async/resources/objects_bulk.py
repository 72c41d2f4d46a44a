"""Bulk changes of objects and their subscriptions, in the background."""

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


class AsyncObjectsBulk(AsyncResource):
    """Bulk changes of objects and their subscriptions, in the background."""

    async def set(
        self,
        collection: str,
        *,
        objects: Items[p.BulkSetObjectRequest | JSONObject],
        **options: Unpack[RequestOptions],
    ) -> t.BulkOperation:
        """Create or update objects in bulk.

        `POST /v1/objects/{collection}/bulk/set`. Queues the creation or update of up to 1,000 objects of a
        collection; properties merge deeply into what is stored. Runs asynchronously: poll `GET
        /v1/bulk_operations/{id}`. Limited to 1 call a second.

        Args:
            collection: Name of the collection that the object belongs to; tenants are in `$tenants`.
            objects: Objects to create or update, at most 1,000.
            **options: Options of this call, see `RequestOptions`.

        Returns:
            The queued bulk operation.

        Raises:
            KnockError: An argument is invalid, the call fails, or the API returns an error; see `knock_sdk.errors`.
        """
        return await self._transport.send(
            Request(
                op.BULK_SET_OBJECTS, t.BulkOperation, path=(collection,), body={"objects": objects}, options=options
            )
        )

    async def delete(
        self,
        collection: str,
        *,
        object_ids: Items[str],
        **options: Unpack[RequestOptions],
    ) -> t.BulkOperation:
        """Delete objects in bulk.

        `POST /v1/objects/{collection}/bulk/delete`. Queues the permanent deletion of up to 1,000 objects of a
        collection. Runs asynchronously: poll `GET /v1/bulk_operations/{id}`. Limited to 1 call a second.

        Args:
            collection: Name of the collection that the object belongs to; tenants are in `$tenants`.
            object_ids: Ids of the objects to delete, at most 1,000.
            **options: Options of this call, see `RequestOptions`.

        Returns:
            The queued bulk operation.

        Raises:
            KnockError: An argument is invalid, the call fails, or the API returns an error; see `knock_sdk.errors`.
        """
        return await self._transport.send(
            Request(
                op.BULK_DELETE_OBJECTS,
                t.BulkOperation,
                path=(collection,),
                body={"object_ids": object_ids},
                options=options,
            )
        )

    async def add_subscriptions(
        self,
        collection: str,
        *,
        subscriptions: Items[p.BulkUpsertSubscription | JSONModel],
        **options: Unpack[RequestOptions],
    ) -> t.BulkOperation:
        """Subscribe recipients to objects in bulk.

        `POST /v1/objects/{collection}/bulk/subscriptions/add`. Queues subscriptions to several objects of one
        collection; a subscription that exists is updated, and recipients given inline are created or updated. Runs
        asynchronously: poll `GET /v1/bulk_operations/{id}`. Limited to 1 call a second.

        Args:
            collection: Name of the collection that the object belongs to; tenants are in `$tenants`.
            subscriptions: One entry for each object, with the recipients to subscribe to it.
            **options: Options of this call, see `RequestOptions`.

        Returns:
            The queued bulk operation.

        Raises:
            KnockError: An argument is invalid, the call fails, or the API returns an error; see `knock_sdk.errors`.
        """
        return await self._transport.send(
            Request(
                op.BULK_ADD_SUBSCRIPTIONS,
                t.BulkOperation,
                path=(collection,),
                body={"subscriptions": subscriptions},
                options=options,
            )
        )

    async def delete_subscriptions(
        self,
        collection: str,
        *,
        subscriptions: Items[p.BulkDeleteSubscription | JSONModel],
        **options: Unpack[RequestOptions],
    ) -> t.BulkOperation:
        """Unsubscribe recipients from objects in bulk.

        `POST /v1/objects/{collection}/bulk/subscriptions/delete`. Queues the removal of subscriptions from several
        objects of one collection; those that do not exist are ignored. Runs asynchronously: poll `GET
        /v1/bulk_operations/{id}`. Limited to 1 call a second.

        Args:
            collection: Name of the collection that the object belongs to; tenants are in `$tenants`.
            subscriptions: One entry for each object, with the recipients to unsubscribe from it.
            **options: Options of this call, see `RequestOptions`.

        Returns:
            The queued bulk operation.

        Raises:
            KnockError: An argument is invalid, the call fails, or the API returns an error; see `knock_sdk.errors`.
        """
        return await self._transport.send(
            Request(
                op.BULK_DELETE_SUBSCRIPTIONS,
                t.BulkOperation,
                path=(collection,),
                body={"subscriptions": subscriptions},
                options=options,
            )
        )

    async def set_many(
        self,
        collection: str,
        objects: AsyncManyItems[p.BulkSetObjectRequest | JSONObject],
        *,
        journal: str | os.PathLike[str] | None = None,
        on_progress: Callable[[BulkProgress], object] | None = None,
        concurrency: int | None = None,
        wait: bool = True,
        **options: Unpack[RequestOptions],
    ) -> BulkReport:
        """Create or update any number of objects.

        `POST /v1/objects/{collection}/bulk/set`, in as many requests as needed. The API processes each request in the
        background, and this method waits for that. Requests keep to the operation's rate limit, which all clients of
        the same key in this process share. Temporary errors are retried; an item that the API refuses fails alone.

        Args:
            collection: Name of the collection that the objects belong to.
            objects: Objects to create or update: any iterable or asynchronous iterable of them, which is read as
                requests are sent. Properties are merged into the stored ones.
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
            "objects.bulk.set_many",
            "objects",
            objects,
            lambda items: Request(
                op.BULK_SET_OBJECTS, t.BulkOperation, path=(collection,), body={"objects": items}, options=options
            ),
            journal,
            on_progress,
            concurrency,
            wait,
            options,
        )

    async def delete_many(
        self,
        collection: str,
        object_ids: AsyncManyItems[str],
        *,
        journal: str | os.PathLike[str] | None = None,
        on_progress: Callable[[BulkProgress], object] | None = None,
        concurrency: int | None = None,
        wait: bool = True,
        **options: Unpack[RequestOptions],
    ) -> BulkReport:
        """Delete any number of objects.

        `POST /v1/objects/{collection}/bulk/delete`, in as many requests as needed. The API processes each request in
        the background, and this method waits for that. Requests keep to the operation's rate limit, which all clients
        of the same key in this process share. Temporary errors are retried; an item that the API refuses fails alone.

        Args:
            collection: Name of the collection that the objects belong to.
            object_ids: Ids of the objects to delete: any iterable or asynchronous iterable of them, which is read as
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
            "objects.bulk.delete_many",
            "object_ids",
            object_ids,
            lambda items: Request(
                op.BULK_DELETE_OBJECTS, t.BulkOperation, path=(collection,), body={"object_ids": items}, options=options
            ),
            journal,
            on_progress,
            concurrency,
            wait,
            options,
        )

    async def add_subscriptions_many(
        self,
        collection: str,
        subscriptions: AsyncManyItems[p.BulkUpsertSubscription | JSONModel],
        *,
        journal: str | os.PathLike[str] | None = None,
        on_progress: Callable[[BulkProgress], object] | None = None,
        concurrency: int | None = None,
        wait: bool = True,
        **options: Unpack[RequestOptions],
    ) -> BulkReport:
        """Subscribe recipients to any number of objects.

        `POST /v1/objects/{collection}/bulk/subscriptions/add`, in as many requests as needed. The API processes each
        request in the background, and this method waits for that. Requests keep to the operation's rate limit, which
        all clients of the same key in this process share. Temporary errors are retried; an item that the API refuses
        fails alone.

        Args:
            collection: Name of the collection that the objects belong to.
            subscriptions: One entry for each object, with at most 100 recipients to subscribe to it: any iterable or
                asynchronous iterable of them, which is read as requests are sent.
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
            "objects.bulk.add_subscriptions_many",
            "subscriptions",
            subscriptions,
            lambda items: Request(
                op.BULK_ADD_SUBSCRIPTIONS,
                t.BulkOperation,
                path=(collection,),
                body={"subscriptions": items},
                options=options,
            ),
            journal,
            on_progress,
            concurrency,
            wait,
            options,
        )

    async def delete_subscriptions_many(
        self,
        collection: str,
        subscriptions: AsyncManyItems[p.BulkDeleteSubscription | JSONModel],
        *,
        journal: str | os.PathLike[str] | None = None,
        on_progress: Callable[[BulkProgress], object] | None = None,
        concurrency: int | None = None,
        wait: bool = True,
        **options: Unpack[RequestOptions],
    ) -> BulkReport:
        """Unsubscribe recipients from any number of objects.

        `POST /v1/objects/{collection}/bulk/subscriptions/delete`, in as many requests as needed. The API processes each
        request in the background, and this method waits for that. Requests keep to the operation's rate limit, which
        all clients of the same key in this process share. Temporary errors are retried; an item that the API refuses
        fails alone.

        Args:
            collection: Name of the collection that the objects belong to.
            subscriptions: One entry for each object, with at most 100 recipients to unsubscribe from it: any iterable
                or asynchronous iterable of them, which is read as requests are sent.
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
            "objects.bulk.delete_subscriptions_many",
            "subscriptions",
            subscriptions,
            lambda items: Request(
                op.BULK_DELETE_SUBSCRIPTIONS,
                t.BulkOperation,
                path=(collection,),
                body={"subscriptions": items},
                options=options,
            ),
            journal,
            on_progress,
            concurrency,
            wait,
            options,
        )
