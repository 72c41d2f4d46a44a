# Derived from src/knock_sdk/_async/resources/schedules_bulk.py by `python -m codegen`; do not edit.
"""Creation of many schedules, in the background."""

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
    from ..._core.values.argument_types import Items, JSONModel


class SchedulesBulk(Resource):
    """Creation of many schedules, in the background."""

    def create(
        self,
        *,
        schedules: Items[p.BulkCreateSchedule | JSONModel],
        **options: Unpack[RequestOptions],
    ) -> t.BulkOperation:
        """Create schedules in bulk.

        `POST /v1/schedules/bulk/create`. Queues the creation of up to 1,000 schedules, each with its own workflow
        and single recipient. Runs asynchronously: poll `GET /v1/bulk_operations/{id}`. Limited to 1 call a second;
        repeating the call creates the schedules again.

        Args:
            schedules: Schedules to create, at most 1,000, each with its own recipient.
            **options: Options of this call, see `RequestOptions`.

        Returns:
            The queued bulk operation.

        Raises:
            KnockError: An argument is invalid, the call fails, or the API returns an error; see `knock_sdk.errors`.
        """
        return self._transport.send(
            Request(op.BULK_CREATE_SCHEDULES, t.BulkOperation, body={"schedules": schedules}, options=options)
        )
