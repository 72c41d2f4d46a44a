"""Bulk operations: a job over many rows, whose progress is read afterwards.

The job is answered as `queued` and then done at once, so that the first look at its progress finds it `completed`. A
row that cannot be done is listed among its errors and stops nothing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

from .clock import iso
from .errors import Problem
from .exchange import Reply
from .records import BulkOperation

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from .values import JSON
    from .world import World

Row = TypeVar("Row")


def run(
    world: World, name: str, rows: Iterable[Row], work: Callable[[Row], object], identity: Callable[[Row], JSON]
) -> Reply:
    """Do some work for each row as a bulk operation.

    Args:
        world: where.
        name: the job's name in the API, such as `users.identify`.
        rows: what to work on.
        work: what is done with a row; a `Problem` makes it an error of this row.
        identity: what the list of errors shows of a row.
    """
    listed = list(rows)
    job = BulkOperation(id=world.ids.uuid(), name=name, total=len(listed), inserted_at=world.clock.now)
    world.bulk_operations[job.id] = job
    reply = Reply(render(job))
    for row in listed:
        try:
            work(row)
        except Problem:
            job.error_items.append(identity(row))
    job.processed = len(listed)
    job.status = "completed"
    job.completed_at = world.clock.now
    return reply


def render(job: BulkOperation) -> JSON:
    """Return a bulk operation as the API shows it."""
    return {
        "__typename": "BulkOperation",
        "id": job.id,
        "completed_at": iso(job.completed_at),
        "error_count": len(job.error_items),
        "error_items": list(job.error_items),
        "estimated_total_rows": job.total,
        "failed_at": None,
        "inserted_at": iso(job.inserted_at),
        "name": job.name,
        "processed_rows": job.processed,
        "progress_path": f"/v1/bulk_operations/{job.id}",
        "started_at": iso(job.completed_at),
        "status": job.status,
        "success_count": job.processed - len(job.error_items),
        "updated_at": iso(job.completed_at or job.inserted_at),
    }
