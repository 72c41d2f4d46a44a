"""The rate that several processes reach together, and what it costs: `python -m tests.engines` prints it."""

from __future__ import annotations

import subprocess
import sys
from typing import NamedTuple

from tests.support.environment import plain_environment
from tests.support.paths import ROOT

from .programs import LIMIT, settings
from .receiver import IDENTIFY, TRIGGER, Receiver
from .redis_server import RedisServer


class Job(NamedTuple):
    """A job that the processes share.

    Attributes:
        name: what `sender` calls it.
        title: the method, and the limit of its operation.
        operation: id of the operation.
        items: number of items in all, a multiple of four requests.
    """

    name: str
    title: str
    operation: str
    items: int


JOBS = (
    Job("identify", "users.bulk.identify_many, 1 request a second", IDENTIFY, 12_000),
    Job("trigger", "workflows.trigger_each, 1,000 requests a second", TRIGGER, 12_000),
)


class Rate(NamedTuple):
    """What was measured.

    Attributes:
        sent: number of items that arrived, as the processes report it.
        requests: number of requests.
        rate: requests a second, from the first to the last.
        busiest: largest number of requests in any second, at the moments at which the server took them up.
        refused: number of responses with status 429.
        turns: calls to Redis for each request, those about bulk operations included.
    """

    sent: int
    requests: int
    rate: float
    busiest: int
    refused: int
    turns: float


def measure(job: Job, workers: int) -> Rate:
    """Have some processes do a job together."""
    part = job.items // workers
    with Receiver() as receiver, RedisServer() as redis:
        environment = {**plain_environment(), **settings(receiver.url, redis.url, workers)}
        processes = [
            subprocess.Popen(
                [sys.executable, "-m", "tests.engines.sender", job.name, str(worker * part), str(part)],
                cwd=ROOT,
                env=environment,
                stdout=subprocess.PIPE,
                text=True,
            )
            for worker in range(workers)
        ]
        try:
            sent = sum(int(process.communicate(timeout=LIMIT)[0]) for process in processes)
        finally:
            for process in processes:
                process.kill()
        seen = receiver.seen()
        requests = seen.requests[job.operation]
        return Rate(
            sent,
            requests,
            (requests - 1) / seen.seconds[job.operation],
            seen.busiest[job.operation],
            seen.refused[job.operation],
            redis.script_calls() / sum(seen.requests.values()),
        )
