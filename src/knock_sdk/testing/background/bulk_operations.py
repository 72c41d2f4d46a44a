"""Bulk operations: a job over many rows, whose progress is polled.

The work is done at once, so that a test need not wait for it, but the job's status changes as the API's does: `queued`
in the response, then `processing`, then `completed`. Each poll advances it one step, and so does time. A row that fails
is listed among the job's errors; the other rows are still carried out.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING, Any, Literal, TypeVar

from ..http.errors import Problem, not_found
from ..state.clock import iso
from ..state.names import did_you_mean

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from datetime import datetime

    from ..state.json_objects import JSON
    from ..state.world import World

PROGRESS = "bulk_operation_progresses"
"""The clock's action: advance a job one step."""

WAIT = timedelta(seconds=1)
"""Simulated time spent in each of `queued` and `processing` when the job is not polled."""

NAMES = (
    *(f"messages.{action}" for action in ("archived", "delete", "interacted", "read", "seen", "unarchived", "unread")),
    "messages.unseen",
    *(f"objects.<collection>.{done}" for done in ("delete", "delete_subscriptions", "set", "upsert_subscriptions")),
    "schedules.create_schedules",
    *(f"tenants.{done}" for done in ("delete", "set")),
    *(f"users.{done}" for done in ("delete", "identify", "set_preferences")),
)
"""The names of jobs; those of objects contain a collection."""

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
    """Whether the job fails as a whole, before its first row."""
    error_items: list[JSON] = field(default_factory=list[Any])
    status: Literal["queued", "processing", "completed", "failed"] = "queued"
    started_at: datetime | None = None
    ended_at: datetime | None = None


class BulkOperations:
    """All jobs, and the failures declared for the next ones."""

    def __init__(self) -> None:
        """Start without jobs."""
        self.by_id: dict[str, BulkOperation] = {}
        self.failures: dict[str | None, int] = {}
        """Number of next jobs that fail, by name; under None, of any name."""

    def consume_failure(self, name: str) -> bool:
        """Return whether the next job with this name must fail, using up one declared failure."""
        for key in (name, None):
            if self.failures.get(key):
                self.failures[key] -= 1
                return True
        return False


def check_name(name: str) -> None:
    """Check that a job can have a name.

    Raises:
        ValueError: None can; the message suggests a similar name.
    """
    family, _, rest = name.partition(".")
    collection, _, done = rest.rpartition(".")
    general = f"objects.<collection>.{done}" if family == "objects" and collection else name
    if general not in NAMES:
        hint = did_you_mean(general, NAMES) or f"; there are {', '.join(NAMES)}"
        raise ValueError(f"name: no bulk operation is called {name!r}{hint}")


def run(
    world: World, name: str, rows: Iterable[Row], work: Callable[[Row], object], identity: Callable[[Row], JSON]
) -> JSON:
    """Run a bulk operation: call `work` for each row, and return the job as the API shows it.

    Args:
        world: the state.
        name: the job's name in the API, such as `users.identify`.
        rows: the rows.
        work: carries out one row; a `Problem` makes it an error of this row.
        identity: returns what the list of errors shows of a row.
    """
    listed, jobs, now = list(rows), world.of(BulkOperations), world.clock.now
    job = BulkOperation(world.ids.uuid(), name, len(listed), now, now, fails=jobs.consume_failure(name))
    jobs.by_id[job.id] = job
    if not job.fails:
        for row in listed:
            try:
                work(row)
            except Problem:
                job.error_items.append(identity(row))
    world.clock.call_in(WAIT, PROGRESS, job.id)
    world.clock.call_in(2 * WAIT, PROGRESS, job.id)
    return _render(job)


def poll(world: World, job_id: str) -> JSON:
    """Advance a job one step, then return it as the API shows it.

    Raises:
        Problem: The job does not exist.
    """
    progress(world, job_id)
    return _render(world.of(BulkOperations).by_id[job_id])


def progress(world: World, job_id: str) -> None:
    """Advance a job one step, unless it has ended.

    Raises:
        Problem: The job does not exist.
    """
    job = world.of(BulkOperations).by_id.get(job_id)
    if job is None:
        raise not_found("bulk operation", job_id)
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
