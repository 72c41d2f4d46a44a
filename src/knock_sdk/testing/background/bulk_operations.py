"""Bulk operations: a job over many rows, whose progress is read afterwards.

The work is done at once, so that a test may go on without waiting for it; what the job shows of itself is what the
API's would: `queued` in the answer, then `processing`, then `completed`. Each look at it moves it one step on, and time
that passes does too. A row that cannot be done is listed among its errors and stops nothing.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING, Any, Literal, TypeVar

from ..http.calls import Reply
from ..http.errors import Problem, missing
from ..state.clock import iso

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from datetime import datetime

    from ..state.json_objects import JSON
    from ..state.world import World

PROGRESS = "bulk_operation_progresses"
"""The clock's action: move a job on."""

WAIT = timedelta(seconds=1)
"""How long a job is queued if nobody looks at it, and how long it is being worked on."""

Row = TypeVar("Row")


@dataclass
class BulkOperation:
    """A job over many rows."""

    id: str
    name: str
    total: int
    inserted_at: datetime
    updated_at: datetime
    fails: bool = False
    """Whether it fails as a whole, without having worked on any row."""
    error_items: list[JSON] = field(default_factory=list[Any])
    status: Literal["queued", "processing", "completed", "failed"] = "queued"
    started_at: datetime | None = None
    ended_at: datetime | None = None


class BulkOperations:
    """All jobs, and those that are yet to fail."""

    def __init__(self) -> None:
        """Start without any."""
        self.by_id: dict[str, BulkOperation] = {}
        self.failures: dict[str | None, int] = {}
        """How many of the next jobs with a name fail, or of all jobs under None."""

    def takes_failure(self, name: str) -> bool:
        """Tell whether a job with this name is to fail, and count it."""
        for key in (name, None):
            if self.failures.get(key):
                self.failures[key] -= 1
                return True
        return False


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
    listed, jobs, now = list(rows), world.of(BulkOperations), world.clock.now
    job = BulkOperation(world.ids.uuid(), name, len(listed), now, now, fails=jobs.takes_failure(name))
    jobs.by_id[job.id] = job
    if not job.fails:
        for row in listed:
            try:
                work(row)
            except Problem:
                job.error_items.append(identity(row))
    world.clock.call_in(WAIT, PROGRESS, job.id)
    world.clock.call_in(2 * WAIT, PROGRESS, job.id)
    return Reply(_render(job))


def look(world: World, job_id: str) -> JSON:
    """Return a job as the API shows it, one step further than when it was last seen.

    Raises:
        Problem: There is no such job.
    """
    progress(world, job_id)
    return _render(world.of(BulkOperations).by_id[job_id])


def progress(world: World, job_id: str) -> None:
    """Move a job one step on, if it has not ended.

    Raises:
        Problem: There is no such job.
    """
    job = world.of(BulkOperations).by_id.get(job_id)
    if job is None:
        raise missing("bulk operation", job_id)
    now = world.clock.now
    if job.status == "queued":
        job.status, job.started_at, job.updated_at = "processing", now, now
    elif job.status == "processing":
        job.status, job.ended_at, job.updated_at = "failed" if job.fails else "completed", now, now


def _render(job: BulkOperation) -> JSON:
    completed = job.status == "completed"
    errors = job.error_items if completed else []
    processed = job.total if completed else 0
    return {
        "__typename": "BulkOperation",
        "id": job.id,
        "completed_at": iso(job.ended_at) if completed else None,
        "error_count": len(errors),
        "error_items": list(errors),
        "estimated_total_rows": job.total,
        "failed_at": iso(job.ended_at) if job.status == "failed" else None,
        "inserted_at": iso(job.inserted_at),
        "name": job.name,
        "processed_rows": processed,
        "progress_path": f"/v1/bulk_operations/{job.id}",
        "started_at": iso(job.started_at),
        "status": job.status,
        "success_count": processed - len(errors),
        "updated_at": iso(job.updated_at),
    }
