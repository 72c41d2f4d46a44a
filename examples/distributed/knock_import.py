"""What a worker does with some users, whichever engine runs it: import them into Knock, and welcome each one.

It reads KNOCK_API_KEY and KNOCK_BASE_URL, REDIS_URL, and WORKERS, the number of processes that send at the same time.
"""

from __future__ import annotations

import os
from functools import cache
from typing import TYPE_CHECKING, Any
from uuid import NAMESPACE_URL, uuid5

from knock_sdk import Knock
from knock_sdk.rate_limits import RedisRateLimit

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from knock_sdk.bulk import BulkFailureDict, BulkReportDict

IMPORT = "users-2026-01"
"""Name of the import. Within 24 hours, nobody is welcomed twice under the same one."""
WORKFLOW = "welcome"


@cache
def knock() -> Knock:
    """Return the client of this process, made by the first call: a client cannot be pickled, nor sent to a worker."""
    redis = os.environ.get("REDIS_URL", "redis://127.0.0.1:6379/0")
    share = 1 / int(os.environ.get("WORKERS", "4"))
    return Knock(rate_limit=RedisRateLimit(redis, fallback_share=share))


def import_users(rows: Iterable[Mapping[str, Any]]) -> list[BulkReportDict]:
    """Import users, and welcome those that were imported; return a report for each, as plain data.

    If the worker is lost, the engine calls this again with the same rows. That is safe: identifying a user again
    changes nothing, and a trigger whose idempotency key Knock has seen within 24 hours is not carried out again. So the
    key must be derived from the row: a random one would be different in the second call.
    """
    # An empty cell leaves a field as it is in Knock; None would clear it.
    users = [{name: value for name, value in row.items() if value is not None and value != ""} for row in rows]
    imported = knock().users.bulk.identify_many(users)
    failed = {failure.index for failure in imported.failures}
    welcomes = [
        {
            "key": WORKFLOW,
            "recipients": [user["id"]],
            "idempotency_key": str(uuid5(NAMESPACE_URL, f"{IMPORT}/{user['id']}")),
        }
        for index, user in enumerate(users)
        if index not in failed
    ]
    return [imported.to_dict(), knock().workflows.trigger_each(welcomes).to_dict()]


def conclude(reports: Iterable[BulkReportDict]) -> int:
    """Add the reports of all workers up by job, and print them; return 1 if anything failed, for the exit status."""
    totals: dict[str, list[int]] = {}
    failures: list[BulkFailureDict] = []
    for report in reports:
        before = totals.get(report["job"], [0, 0, 0])
        counts = report["succeeded"], report["failed"], report["unknown"]
        totals[report["job"]] = [sum(pair) for pair in zip(before, counts, strict=True)]
        failures += report["failures"]
    for job, (succeeded, failed, unknown) in sorted(totals.items()):
        print(f"{job}: {succeeded} succeeded, {failed} failed, {unknown} unknown")
    for failure in failures:
        print(f"  {failure['item']}: {failure['error']}")
    return 1 if failures else 0
