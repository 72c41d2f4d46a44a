# Derived from src/knock_sdk/_async/resources/schedules_bulk.py by `python -m codegen`; do not edit.
"""Creation of many schedules, in the background."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ... import types as t
from ..._core.requests import operations as op
from ..._core.requests.request import Request
from ._base import Resource

if TYPE_CHECKING:
    import os
    from collections.abc import Callable

    from typing_extensions import Unpack

    from ... import params as p
    from ..._core.requests.options import RequestOptions
    from ..._core.values.argument_types import Items, JSONModel, ManyItems
    from ...bulk import BulkProgress, BulkReport


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

    def create_many(
        self,
        schedules: ManyItems[p.BulkCreateSchedule | JSONModel],
        *,
        journal: str | os.PathLike[str] | None = None,
        on_progress: Callable[[BulkProgress], object] | None = None,
        concurrency: int | None = None,
        wait: bool = True,
        **options: Unpack[RequestOptions],
    ) -> BulkReport:
        """Create any number of schedules.

        `POST /v1/schedules/bulk/create`, in as many requests as needed. Repeating a request would create its schedules
        again: if it is not certain that one was carried out, its items are `unknown`. The API processes each request in
        the background, and this method waits for that. Requests keep to the operation's rate limit, which all clients
        of the same key in this process share. Temporary errors are retried; an item that the API refuses fails alone.

        Args:
            schedules: Schedules to create, each with its own recipient: any iterable or asynchronous iterable of them,
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
        return self._run_job(
            "schedules.bulk.create_many",
            "schedules",
            schedules,
            lambda items: Request(
                op.BULK_CREATE_SCHEDULES, t.BulkOperation, body={"schedules": items}, options=options
            ),
            journal,
            on_progress,
            concurrency,
            wait,
            options,
        )
