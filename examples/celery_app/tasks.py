"""Tasks: each can run again at any time, and then does what is missing."""

from __future__ import annotations

import os
from functools import cache
from typing import TYPE_CHECKING

from celery import Celery
from celery.exceptions import SoftTimeLimitExceeded

from knock_sdk import APIConnectionError, InternalServerError, Knock, RateLimitError

if TYPE_CHECKING:
    from celery.app.task import Task

app = Celery("celery_app.tasks", broker=os.environ.get("REDIS_URL", "redis://127.0.0.1:6379/0"))
app.conf.update(
    # A task leaves the queue when it has ended, not when it begins; and goes back if its process was lost.
    task_acks_late=True,
    task_reject_on_worker_lost=True,
    worker_prefetch_multiplier=1,
    # Seconds, each longer than the one before: a call gives up (below), then a task is interrupted by an exception,
    # then its process is killed, then the queue gives the task to another worker, which is also longer than any wait.
    task_soft_time_limit=60,
    task_time_limit=90,
    broker_transport_options={"visibility_timeout": 3600},
)


@cache
def knock() -> Knock:
    """Return the client of this process, made by its first task."""
    return Knock(timeout=45)


@app.task(
    bind=True,
    # What may pass. The client has tried several times within seconds, so the task waits for longer: up to 2, 4, 8 …
    # seconds, and half an hour at most, an hour and a half in all. Other errors are mistakes, and the task fails.
    autoretry_for=(APIConnectionError, InternalServerError, SoftTimeLimitExceeded),
    retry_backoff=2,
    retry_backoff_max=1800,
    max_retries=12,
)
def announce(self: Task[..., str], comment_id: str, comment: str, followers: list[str]) -> str:
    """Notify the followers of a comment; return the id of the run of the workflow.

    A task may run twice: after a lost response, a lost worker, or since it was sent twice. So the key is derived from
    the comment, and Knock carries it out once in 24 hours. The id of the task would differ if it was sent twice, and a
    random key in each attempt.

    When the soft time limit interrupts a call, its connection is closed, and the client goes on in the next task.
    """
    try:
        run = knock().workflows.trigger(
            "comment-created",
            recipients=followers,
            data={"comment": comment},
            idempotency_key=f"comment-created/{comment_id}",
        )
    except RateLimitError as error:
        # Knock says for how long: waiting in the queue leaves the process to other tasks.
        raise self.retry(exc=error, countdown=error.retry_after or 60) from error
    return run.workflow_run_id
