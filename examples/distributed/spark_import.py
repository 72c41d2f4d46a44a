"""Import users from Parquet files into Knock, with Spark.

On this machine:

    WORKERS=4 spark-submit --master 'local[4,4]' --py-files knock_import.py spark_import.py users.parquet

Set KNOCK_API_KEY, REDIS_URL and WORKERS in the environment of all machines that have workers.
"""

from __future__ import annotations

import json
import sys
from typing import TYPE_CHECKING

import pandas as pd
from knock_import import conclude, import_users
from pyspark.sql import SparkSession
from pyspark.sql.functions import struct, to_json

if TYPE_CHECKING:
    from collections.abc import Iterator

CHUNK = 1000
"""Users in a batch: as many as one request can identify."""


def import_batches(batches: Iterator[pd.DataFrame]) -> Iterator[pd.DataFrame]:
    """Import the users of a partition, a batch at a time; yield the reports, as JSON."""
    for batch in batches:
        reports = import_users([json.loads(user) for user in batch["user"]])
        yield pd.DataFrame({"report": [json.dumps(report) for report in reports]})


def main(path: str, size: int = CHUNK) -> int:
    """Import a file or a folder, and print the reports."""
    spark = SparkSession.builder.appName("spark_import").getOrCreate()
    spark.conf.set("spark.sql.execution.arrow.maxRecordsPerBatch", size)
    users = spark.read.parquet(path)
    # As JSON, since pandas would turn whole numbers into floats where a cell is empty.
    rows = users.select(to_json(struct("*")).alias("user"))
    # Spark repeats a partition whose worker was lost, so that partitions should be small: here, one for each batch.
    # They are not filled quite evenly, and a batch of the few users above the size would cost a request of its own.
    partitions = -(-users.count() * 20 // (size * 19))
    # There is one action, `collect`: each further one would import everything again.
    reports = rows.repartition(partitions).mapInPandas(import_batches, "report string").collect()
    spark.stop()
    return conclude(json.loads(row["report"]) for row in reports)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], *map(int, sys.argv[2:])))
