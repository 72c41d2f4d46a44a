"""Bulk operations: progress by polling and by simulated time, invalid rows, declared failures."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest

from knock_sdk import NotFoundError

from ..rules.table import rule

if TYPE_CHECKING:
    from knock_sdk.testing import Simulator

USERS = [{"id": "ana"}, {"id": "a/b"}, {"id": "ben"}]


@rule("api/BulkOperation", "an operation is queued, then processing, then completed, also where rows had errors")
@rule(
    "api/BulkOperation", "an operation counts its rows, the successes and the errors, and says when it began and ended"
)
def test_each_poll_advances_the_job(knock: Any, sim: Simulator) -> None:
    job = knock.users.bulk.identify(users=USERS)
    assert (job.status, job.started_at, job.completed_at, job.processed_rows) == ("queued", None, None, 0)
    assert job.progress_path == f"/v1/bulk_operations/{job.id}"
    job = knock.bulk_operations.get(job.id)
    assert (job.status, job.started_at, job.completed_at) == ("processing", sim.now, None)
    assert (job.processed_rows, job.success_count, job.error_count, job.error_items) == (0, 0, 0, [])
    for _ in range(2):
        job = knock.bulk_operations.get(job.id)
        assert (job.status, job.completed_at, job.failed_at) == ("completed", sim.now, None)
        assert (job.estimated_total_rows, job.processed_rows, job.success_count, job.error_count) == (3, 3, 2, 1)
        assert [item.id for item in job.error_items] == ["a/b"]


def test_simulated_time_advances_the_job(knock: Any, sim: Simulator) -> None:
    start = sim.now
    first, second = (knock.users.bulk.identify(users=USERS).id for _ in range(2))
    sim.advance(seconds=1.5)
    assert knock.bulk_operations.get(first).status == "completed"
    sim.advance(hours=1)
    job = knock.bulk_operations.get(second)
    assert (job.status, job.started_at, job.completed_at, job.updated_at) == (
        "completed",
        start + timedelta(seconds=1),
        start + timedelta(seconds=2),
        start + timedelta(seconds=2),
    )
    assert knock.bulk_operations.get(first).completed_at == start + timedelta(seconds=1.5)


def test_rows_are_processed_when_the_job_is_created(knock: Any) -> None:
    knock.users.bulk.identify(users=USERS)
    assert [user.id for user in knock.users.list().items] == ["ana", "ben"]


@rule("api/BulkOperation", "an operation can fail as a whole")
def test_a_declared_failure_fails_the_whole_job(knock: Any, sim: Simulator) -> None:
    sim.fail_bulk_operations("users.identify")
    knock.users.update("ana")
    other = knock.users.bulk.delete(user_ids=["ana"])
    jobs = [knock.users.bulk.identify(users=USERS) for _ in range(2)]
    sim.advance(seconds=2)
    assert [knock.bulk_operations.get(job.id).status for job in (other, *jobs)] == ["completed", "failed", "completed"]
    failed = knock.bulk_operations.get(jobs[0].id)
    assert (failed.failed_at, failed.completed_at) == (sim.now, None)
    assert (failed.estimated_total_rows, failed.processed_rows, failed.success_count) == (3, 0, 0)
    assert [user.id for user in knock.users.list().items] == ["ana", "ben"]
    sim.fail_bulk_operations(next=2)
    for expected in ("failed", "failed", "completed"):
        job = knock.users.bulk.delete(user_ids=["ana"])
        sim.advance(seconds=2)
        assert knock.bulk_operations.get(job.id).status == expected


def test_an_unknown_job_is_not_found(knock: Any) -> None:
    with pytest.raises(NotFoundError) as caught:
        knock.bulk_operations.get("6f0d8f4e-7d0b-4d5c-8a33-7d1a4b1b0a11")
    assert caught.value.code == "resource_missing"
