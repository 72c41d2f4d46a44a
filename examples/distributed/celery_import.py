"""Import users from a CSV file into Knock, with Celery: a group of chunks, each a task.

Start workers on any number of machines, then the import:

    celery -A celery_import worker --concurrency 4
    python celery_import.py users.csv

Workers and caller need REDIS_URL; the workers need KNOCK_API_KEY, and WORKERS, the number of their processes in all.
"""

from __future__ import annotations

import csv
import os
import sys
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING

from celery import Celery, group
from knock_import import conclude, import_users

from knock_sdk import KnockError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from knock_sdk.bulk import BulkReportDict

CHUNK = 1000
"""Users in a task: as many as one request can identify, and the work that is repeated if a worker is lost."""
REDIS = os.environ.get("REDIS_URL", "redis://127.0.0.1:6379/0")

app = Celery("celery_import", broker=REDIS, backend=REDIS)
app.conf.update(
    # A task leaves the queue when it has ended, not when it begins; and goes back if its process was lost.
    task_acks_late=True,
    task_reject_on_worker_lost=True,
    # A process takes one task at a time, so that none waits behind another while a process is idle.
    worker_prefetch_multiplier=1,
    # A task whose whole machine was lost is given to another one after this many seconds. It must be longer than a task
    # takes, and far less than the 24 hours for which Knock remembers idempotency keys.
    broker_transport_options={"visibility_timeout": 1800},
)


@app.task
def import_chunk(rows: list[dict[str, str]]) -> list[BulkReportDict]:
    """Import some users."""
    return import_users(rows)


def chunks(path: Path, size: int) -> Iterator[list[dict[str, str]]]:
    """Read a CSV file, whose first line has the names of the fields, a chunk at a time."""
    with path.open(encoding="utf-8", newline="") as file:
        rows = csv.DictReader(file)
        while chunk := list(islice(rows, size)):
            if any(None in row for row in chunk):
                sys.exit(f"{path}: a row up to line {rows.line_num} has more cells than the first line")
            yield chunk


def main(path: Path, size: int = CHUNK) -> int:
    """Import a file, and wait for the reports."""
    result = group(import_chunk.s(chunk) for chunk in chunks(path, size)).apply_async()
    return conclude(report for reports in result.get() for report in reports)


if __name__ == "__main__":
    try:
        sys.exit(main(Path(sys.argv[1]), *map(int, sys.argv[2:])))
    except KnockError as error:  # of a task, and about all of its users, such as a wrong key
        sys.exit(f"celery_import: {error}")
