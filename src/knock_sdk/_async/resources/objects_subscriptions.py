"""Subscriptions to an object; a part of `objects`."""

from __future__ import annotations

import builtins
from typing import TYPE_CHECKING, Literal

from ... import types as t
from ..._core.requests import operations as op
from ..._core.requests.request import PageRequest, Request
from ..._core.sentinel import NOT_GIVEN
from .._paginate import paginate
from ._base import AsyncResource

if TYPE_CHECKING:
    import os
    from collections.abc import Callable

    from typing_extensions import Unpack

    from ... import params as p
    from ..._core.requests.options import RequestOptions
    from ..._core.sentinel import NotGiven
    from ..._core.values.argument_types import AsyncManyItems, Items, JSONModel, JSONObject
    from ...bulk import BulkProgress, BulkReport
    from .._paginate import AsyncPaginator


class AsyncObjectsSubscriptions(AsyncResource):
    """Subscriptions to an object; a part of `objects`."""

    def list_subscriptions(
        self,
        collection: str,
        object_id: str,
        *,
        mode: Literal["recipient", "object"] | None = None,
        include: Items[Literal["preferences"]] | None = None,
        recipients: Items[p.RecipientReference] | None = None,
        objects: Items[p.ObjectReference | JSONModel] | None = None,
        after: str | None = None,
        before: str | None = None,
        page_size: int | None = None,
        **options: Unpack[RequestOptions],
    ) -> AsyncPaginator[t.Subscription]:
        """List an object's subscriptions.

        `GET /v1/objects/{collection}/{object_id}/subscriptions`. Returns who subscribes to the object or, with
        `mode` set to `recipient`, which objects it subscribes to, a page at a time. The object must exist.

        Args:
            collection: Name of the collection that the object belongs to; tenants are in `$tenants`.
            object_id: Your id of the object, unique in its collection.
            mode: `object` (the default) lists the object's subscribers, `recipient` the objects that it subscribes
                to.
            include: Related data to return as well; only `preferences` exists.
            recipients: Only subscriptions of these recipients, each a user id or an object reference; for `mode`
                `object` alone.
            objects: Only subscriptions to these objects, each by id and collection; for `mode` `recipient` alone.
            after: Cursor from `page_info.after` of an earlier page: returns the entries after it.
            before: Cursor from `page_info.before` of an earlier page: returns the entries before it.
            page_size: Number of entries on a page, 1 to 50; 50 if absent.
            **options: Options of this call, see `RequestOptions`.

        Returns:
            The first page; iterate over it for all items.

        Raises:
            KnockError: An argument is invalid, the call fails, or the API returns an error; see `knock_sdk.errors`.
        """
        return paginate(
            self._transport,
            PageRequest(
                op.LIST_SUBSCRIPTIONS_FOR_OBJECT,
                t.ListSubscriptionsResponse,
                path=(collection, object_id),
                query={
                    "mode": mode,
                    "include": include,
                    "recipients": recipients,
                    "objects": objects,
                    "after": after,
                    "before": before,
                    "page_size": page_size,
                },
                options=options,
            ),
        )

    async def add_subscriptions(
        self,
        collection: str,
        object_id: str,
        *,
        recipients: Items[p.RecipientRequest],
        properties: JSONObject | NotGiven | None = NOT_GIVEN,
        **options: Unpack[RequestOptions],
    ) -> builtins.list[t.Subscription]:
        """Subscribe recipients to an object.

        `POST /v1/objects/{collection}/{object_id}/subscriptions`. Subscribes up to 100 recipients to an object, who
        then get what is sent to it. A subscription that exists is updated, and recipients given inline are created
        or updated.

        Args:
            collection: Name of the collection that the object belongs to; tenants are in `$tenants`.
            object_id: Your id of the object, unique in its collection.
            recipients: Recipients to subscribe, at most 100: user ids, object references, or users and objects with
                properties to store first.
            properties: Your own values to store on each of these subscriptions, read in templates as
                `recipient.subscription`.
            **options: Options of this call, see `RequestOptions`.

        Returns:
            The subscriptions as they are now.

        Raises:
            KnockError: An argument is invalid, the call fails, or the API returns an error; see `knock_sdk.errors`.
        """
        return await self._transport.send(
            Request(
                op.ADD_SUBSCRIPTIONS_FOR_OBJECT,
                builtins.list[t.Subscription],
                path=(collection, object_id),
                body={"properties": properties, "recipients": recipients},
                options=options,
            )
        )

    async def delete_subscriptions(
        self,
        collection: str,
        object_id: str,
        *,
        recipients: Items[p.RecipientReference],
        **options: Unpack[RequestOptions],
    ) -> builtins.list[t.Subscription]:
        """Unsubscribe recipients from an object.

        `DELETE /v1/objects/{collection}/{object_id}/subscriptions`. Ends the subscriptions of up to 100 recipients
        to an object and returns those that it removed. The recipients go in a JSON body, unusual for a DELETE.

        Args:
            collection: Name of the collection that the object belongs to; tenants are in `$tenants`.
            object_id: Your id of the object, unique in its collection.
            recipients: Users and objects to unsubscribe, at most 100.
            **options: Options of this call, see `RequestOptions`.

        Returns:
            The subscriptions that were removed.

        Raises:
            KnockError: An argument is invalid, the call fails, or the API returns an error; see `knock_sdk.errors`.
        """
        return await self._transport.send(
            Request(
                op.DELETE_SUBSCRIPTIONS_FOR_OBJECT,
                builtins.list[t.Subscription],
                path=(collection, object_id),
                body={"recipients": recipients},
                options=options,
            )
        )

    async def add_subscriptions_many(
        self,
        collection: str,
        object_id: str,
        recipients: AsyncManyItems[p.RecipientRequest],
        *,
        properties: JSONObject | NotGiven | None = NOT_GIVEN,
        journal: str | os.PathLike[str] | None = None,
        on_progress: Callable[[BulkProgress], object] | None = None,
        concurrency: int | None = None,
        wait: bool = True,
        **options: Unpack[RequestOptions],
    ) -> BulkReport:
        """Subscribe any number of recipients to an object.

        `POST /v1/objects/{collection}/{object_id}/subscriptions`, in as many requests as needed. Requests keep to the
        operation's rate limit, which all clients of the same key in this process share. Temporary errors are retried;
        an item that the API refuses fails alone.

        Args:
            collection: Name of the collection that the object belongs to; tenants are in `$tenants`.
            object_id: Your id of the object, unique in its collection.
            recipients: Recipients to subscribe: any iterable or asynchronous iterable of them, which is read as
                requests are sent. Those given with properties are created or updated first.
            properties: Custom properties of the subscriptions, the same for all of them.
            journal: Path of a file that records what was sent, so that the same call resumes where an earlier one
                ended; it is created if it does not exist. None for no journal.
            on_progress: Function that is called with a `BulkProgress`, at most ten times a second. Without it, a
                terminal shows a progress bar if the extra `progress` is installed.
            concurrency: Number of requests at the same time, 1 to 1,000; if None, what the rate limit can use.
            wait: Has no effect: the API processes these at once.
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
            "objects.add_subscriptions_many",
            "recipients",
            recipients,
            lambda items: Request(
                op.ADD_SUBSCRIPTIONS_FOR_OBJECT,
                builtins.list[t.Subscription],
                path=(
                    collection,
                    object_id,
                ),
                body={"properties": properties, "recipients": items},
                options=options,
            ),
            journal,
            on_progress,
            concurrency,
            wait,
            options,
        )
