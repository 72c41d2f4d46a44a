"""The Celery application with a worker of its own, whose processes are forked, and Redis."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import pytest

from knock_sdk.testing import Simulator
from tests.support.redis_server import PROGRAM, RedisServer

from .programs import KEY, PATIENCE, run, running, wait_for

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.skipif(PROGRAM is None or sys.platform == "win32", reason="needs redis-server and fork")

WORKER = ["-m", "celery", "-A", "celery_app.tasks", "worker", "--pool", "prefork", "--concurrency", "1"]
QUICK = ["--loglevel", "INFO", "--without-gossip", "--without-mingle", "--without-heartbeat"]


def test_the_soft_limit_interrupts_a_call_and_the_next_attempt_notifies_once(tmp_path: Path) -> None:
    sim = Simulator()
    sim.workflow("comment-created", channels=["in_app_feed"])
    sim.client().users.update("ellie")
    sim.slow(PATIENCE, "workflows.trigger")  # the first response is late; the trigger is carried out
    log = tmp_path / "log"
    with sim.serve() as url, RedisServer() as redis:
        settings = {"KNOCK_API_KEY": KEY, "KNOCK_BASE_URL": url, "REDIS_URL": redis.url}
        task = ["celery_app.tasks.announce", "--args", '["c1", "Clever girl.", ["ellie"]]']
        done = run("-m", "celery", "-A", "celery_app.tasks", "call", *task, **settings)
        assert done.returncode == 0, done.stderr
        with running([*WORKER, *QUICK, "--", "task.soft_time_limit=1"], log, **settings):
            wait_for(log, r"Task celery_app\.tasks\.announce\[[\w-]+\] succeeded")
    text = log.read_text()
    assert "Soft time limit (1" in text
    assert "retry: Retry in" in text
    triggers = [request for request in sim.requests if request.operation == "triggerWorkflow"]
    assert len(triggers) == 2
    assert len({request.headers["idempotency-key"] for request in triggers}) == 1
    sim.assert_sent(to="ellie", count=1)
