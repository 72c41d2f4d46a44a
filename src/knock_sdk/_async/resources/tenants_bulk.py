"""Bulk changes of tenants, in the background."""

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
    from ..._core.values.argument_types import AsyncManyItems, Items
    from ...bulk import BulkProgress, BulkReport


class AsyncTenantsBulk(AsyncResource):
    """Bulk changes of tenants, in the background."""

    async def set(
        self,
        *,
        tenants: Items[p.InlineTenantRequest],
        **options: Unpack[RequestOptions],
    ) -> t.BulkOperation:
        """Create or update tenants in bulk.

        `POST /v1/tenants/bulk/set`. Queues the creation or update of up to 1,000 tenants; properties merge deeply
        into what is stored. Runs asynchronously: poll `GET /v1/bulk_operations/{id}`. Limited to 1 call a second.

        Args:
            tenants: Tenants, as ids or with properties to merge in, at most 1,000.
            **options: Options of this call, see `RequestOptions`.

        Returns:
            The queued bulk operation.

        Raises:
            KnockError: An argument is invalid, the call fails, or the API returns an error; see `knock_sdk.errors`.
        """
        return await self._transport.send(
            Request(op.BULK_SET_TENANTS, t.BulkOperation, body={"tenants": tenants}, options=options)
        )

    async def delete(
        self,
        *,
        tenant_ids: Items[str],
        **options: Unpack[RequestOptions],
    ) -> t.BulkOperation:
        """Delete tenants in bulk.

        `POST /v1/tenants/bulk/delete`. Queues the permanent deletion of up to 1,000 tenants; the ids go in the
        query and there is no body. Runs asynchronously: poll `GET /v1/bulk_operations/{id}`. Limited to 1 call a
        second.

        Args:
            tenant_ids: The tenants to delete, by id, at most 1,000.
            **options: Options of this call, see `RequestOptions`.

        Returns:
            The queued bulk operation.

        Raises:
            KnockError: An argument is invalid, the call fails, or the API returns an error; see `knock_sdk.errors`.
        """
        return await self._transport.send(
            Request(op.BULK_DELETE_TENANTS, t.BulkOperation, query={"tenant_ids": tenant_ids}, options=options)
        )

    async def set_many(
        self,
        tenants: AsyncManyItems[p.InlineTenantRequest],
        *,
        journal: str | os.PathLike[str] | None = None,
        on_progress: Callable[[BulkProgress], object] | None = None,
        concurrency: int | None = None,
        wait: bool = True,
        **options: Unpack[RequestOptions],
    ) -> BulkReport:
        """Create or update any number of tenants.

        `POST /v1/tenants/bulk/set`, in as many requests as needed. The API processes each request in the background,
        and this method waits for that. Requests keep to the operation's rate limit, which all clients of the same key
        in this process share. Temporary errors are retried; an item that the API refuses fails alone.

        Args:
            tenants: Tenants, as ids or with properties to merge in: any iterable or asynchronous iterable of them,
                which is read as requests are sent.
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
            "tenants.bulk.set_many",
            "tenants",
            tenants,
            lambda items: Request(op.BULK_SET_TENANTS, t.BulkOperation, body={"tenants": items}, options=options),
            journal,
            on_progress,
            concurrency,
            wait,
            options,
        )

    async def delete_many(
        self,
        tenant_ids: AsyncManyItems[str],
        *,
        journal: str | os.PathLike[str] | None = None,
        on_progress: Callable[[BulkProgress], object] | None = None,
        concurrency: int | None = None,
        wait: bool = True,
        **options: Unpack[RequestOptions],
    ) -> BulkReport:
        """Delete any number of tenants.

        `POST /v1/tenants/bulk/delete`, in as many requests as needed. The ids go in the query, so that a request has as
        many as fit into 7,000 characters. The API processes each request in the background, and this method waits for
        that. Requests keep to the operation's rate limit, which all clients of the same key in this process share.
        Temporary errors are retried; an item that the API refuses fails alone.

        Args:
            tenant_ids: Ids of the tenants to delete: any iterable or asynchronous iterable of them, which is read as
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
            "tenants.bulk.delete_many",
            "tenant_ids",
            tenant_ids,
            lambda items: Request(
                op.BULK_DELETE_TENANTS, t.BulkOperation, query={"tenant_ids": items}, options=options
            ),
            journal,
            on_progress,
            concurrency,
            wait,
            options,
        )
