"""Import users from Parquet files into Knock, with Ray Data.

On this machine:

    WORKERS=4 python ray_import.py users.parquet

Set KNOCK_API_KEY, REDIS_URL and WORKERS in the environment of all machines that have workers.
"""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path

import pyarrow as pa
import ray
import ray.data
from knock_import import conclude, import_users

CHUNK = 1000
"""Users in a batch: as many as one request can identify."""
WORKERS = int(os.environ.get("WORKERS", "4"))


def import_batch(batch: pa.Table) -> pa.Table:
    """Import a batch of users; return its reports, as JSON, since items that failed may have any fields."""
    return pa.table({"report": [json.dumps(report) for report in import_users(batch.to_pylist())]})


def main(path: str, size: int = CHUNK) -> int:
    """Import a file or a folder, and print the reports."""
    ray.init(runtime_env={"py_modules": [str(Path(__file__).parent / "knock_import.py")]})
    users = ray.data.read_parquet(path)
    # Ray repeats a block whose worker was lost, so that blocks should be small: here, one for each batch.
    blocks = users.repartition(target_num_rows_per_block=size, strict=True)
    workers = ray.data.TaskPoolStrategy(size=WORKERS)
    reports = blocks.map_batches(import_batch, batch_size=size, batch_format="pyarrow", compute=workers)
    return conclude(json.loads(row["report"]) for row in reports.take_all())


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], *map(int, sys.argv[2:])))
