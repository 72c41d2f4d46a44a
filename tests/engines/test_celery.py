"""Celery: a worker with a pool of two processes and a Redis of its own imports users into the simulator."""

from __future__ import annotations

import sys

import pytest

from .programs import CELERY, KEY, Result, Size, run
from .redis_server import PROGRAM

pytestmark = pytest.mark.skipif(
    PROGRAM is None or sys.platform != "linux", reason="needs redis-server, and Linux to find a process by its port"
)

SIZE = Size(users=450, chunk=150, workers=2)
CHUNKS = 3
IDS = {f"user-{index}" for index in range(SIZE.users)}
REPORT = """\
users.bulk.identify_many: 450 succeeded, 0 failed, 0 unknown
workflows.trigger_each: 450 succeeded, 0 failed, 0 unknown
"""


def check_import(result: Result) -> None:
    """Check what holds whether or not a process was lost."""
    assert result.status == 0, result.errors + result.log
    assert result.output == REPORT
    assert result.seen.users.keys() == IDS
    assert result.seen.messages == dict.fromkeys(IDS, 1)
    # Every request got its turn from Redis. On a busy machine, one or the other comes too early all the same.
    assert result.turns >= sum(result.seen.requests.values())
    assert sum(result.seen.refused.values()) <= 2
    assert result.machines == 1


def test_each_user_is_imported_and_welcomed_once() -> None:
    result = run(CELERY, SIZE)
    check_import(result)
    seen = result.seen
    assert set(seen.users.values()) == {1}
    assert seen.requests["bulkIdentifyUsers"] - seen.refused["bulkIdentifyUsers"] == CHUNKS
    assert seen.replayed == 0


def test_a_process_that_is_killed_loses_nothing_and_welcomes_nobody_twice() -> None:
    result = run(CELERY, SIZE, kill_at=200)
    check_import(result)
    seen = result.seen
    assert seen.killed is not None
    # Its chunk was imported again, and the welcomes that it had sent were not carried out again.
    assert sum(times == 2 for times in seen.users.values()) == SIZE.chunk
    assert seen.requests["bulkIdentifyUsers"] - seen.refused["bulkIdentifyUsers"] == CHUNKS + 1
    assert 0 < seen.replayed <= SIZE.chunk


def test_an_error_that_concerns_all_users_ends_the_import() -> None:
    """Here, the key is a public one, which may not import users."""
    result = run(CELERY, SIZE._replace(users=150), key=KEY.replace("sk", "pk"))
    assert result.status == 1
    assert result.output == ""
    assert result.errors.startswith("celery_import: ")
    assert "Traceback" not in result.errors
    assert result.seen.users == result.seen.messages == {}
