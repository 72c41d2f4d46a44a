"""Bulk operations: jobs over many records, which run in the background."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ... import types as t
from ..._core.requests import operations as op
from ..._core.requests.request import Request
from ._base import AsyncResource

if TYPE_CHECKING:
    from typing_extensions import Unpack

    from ..._core.requests.options import RequestOptions


class AsyncBulkOperations(AsyncResource):
    """Bulk operations: jobs over many records, which run in the background."""

    async def get(
        self,
        id: str,
        **options: Unpack[RequestOptions],
    ) -> t.BulkOperation:
        """Get a bulk operation.

        `GET /v1/bulk_operations/{id}`. Returns the current state of a queued bulk operation: status, rows
        processed, successes and errors. Poll it until `status` is `completed` or `failed`; a completed operation
        may still list items that failed.

        Args:
            id: UUID of the bulk operation, as returned by the call that queued it.
            **options: Options of this call, see `RequestOptions`.

        Returns:
            The bulk operation in its current state.

        Raises:
            KnockError: An argument is invalid, the call fails, or the API returns an error; see `knock_sdk.errors`.
        """
        return await self._transport.send(Request(op.GET_BULK_OPERATION, t.BulkOperation, path=(id,), options=options))
