"""Bulk operations: jobs over many records, which run in the background."""

from __future__ import annotations

from math import inf
from typing import TYPE_CHECKING

from ... import types as t
from ..._core.requests import operations as op
from ..._core.requests.options import check_seconds
from ..._core.requests.request import Request
from ._base import AsyncResource

if TYPE_CHECKING:
    from collections.abc import Callable

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

    async def wait(
        self,
        operation: str | t.BulkOperation,
        *,
        timeout: float | None = None,
        on_progress: Callable[[t.BulkOperation], object] | None = None,
    ) -> t.BulkOperation:
        """Wait until a bulk operation has ended.

        `GET /v1/bulk_operations/{id}`, at once if only the id is given, then after pauses that grow from 0.25 to 10
        seconds. The `error_items` of the result are the items that failed.

        Args:
            operation: The bulk operation, or its id.
            timeout: Seconds to wait at most; None for no limit.
            on_progress: Function that is called with the operation after each poll.

        Returns:
            The operation, completed.

        Raises:
            BulkOperationFailedError: The operation failed as a whole; its `operation` says how far it came.
            APITimeoutError: It has not ended in time. It continues in the API, so that you can wait for it again.
            KnockError: An argument is invalid, the call fails, or the API returns an error; see `knock_sdk.errors`.
        """
        from ..._core.values.callbacks import check_on_progress
        from ...bulk._polling import ENDED, closed_while_waiting, failed_as_a_whole, not_ended, pause_before

        check_seconds("timeout", timeout)
        check_on_progress(on_progress)
        present = operation if isinstance(operation, t.BulkOperation) else None
        operation_id = operation.id if isinstance(operation, t.BulkOperation) else operation
        clock, lifetime = self._transport.clock, self._transport.lifetimes.present
        end = inf if timeout is None else clock.monotonic() + timeout
        looks = 0
        while present is None or present.status not in ENDED:
            left = end - clock.monotonic()
            if present is not None:
                if left <= 0:
                    raise not_ended(op.GET_BULK_OPERATION, present, looks)
                await self._transport.sleep(min(pause_before(looks), left), lifetime)
                if lifetime.over:
                    raise closed_while_waiting(op.GET_BULK_OPERATION, looks)
            if timeout is None:
                present = await self.get(operation_id)
            else:  # the last look has a second at least
                present = await self.get(operation_id, timeout=max(1.0, end - clock.monotonic()))
            looks += 1
            if on_progress is not None:
                on_progress(present)
        if present.status == "failed":
            raise failed_as_a_whole(present)
        return present
