# Derived from src/knock_sdk/_async/resources/objects_bulk.py by `python -m codegen`; do not edit.
"""Bulk changes of objects and their subscriptions, in the background."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ... import types as t
from ..._core.requests import operations as op
from ..._core.requests.request import Request
from ._base import Resource

if TYPE_CHECKING:
    from typing_extensions import Unpack

    from ... import params as p
    from ..._core.requests.options import RequestOptions
    from ..._core.values.argument_types import Items, JSONModel, JSONObject


class ObjectsBulk(Resource):
    """Bulk changes of objects and their subscriptions, in the background."""

    def set(
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
        return self._transport.send(
            Request(
                op.BULK_SET_OBJECTS, t.BulkOperation, path=(collection,), body={"objects": objects}, options=options
            )
        )

    def delete(
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
        return self._transport.send(
            Request(
                op.BULK_DELETE_OBJECTS,
                t.BulkOperation,
                path=(collection,),
                body={"object_ids": object_ids},
                options=options,
            )
        )

    def add_subscriptions(
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
        return self._transport.send(
            Request(
                op.BULK_ADD_SUBSCRIPTIONS,
                t.BulkOperation,
                path=(collection,),
                body={"subscriptions": subscriptions},
                options=options,
            )
        )

    def delete_subscriptions(
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
        return self._transport.send(
            Request(
                op.BULK_DELETE_SUBSCRIPTIONS,
                t.BulkOperation,
                path=(collection,),
                body={"subscriptions": subscriptions},
                options=options,
            )
        )
