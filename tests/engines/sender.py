"""One of several processes that share a job: it sends its part, and prints the numbers.

Run as a program, with the job (`identify` or `trigger`), the number of its first item, and how many items it sends. It
reads KNOCK_API_KEY, KNOCK_BASE_URL, REDIS_URL and WORKERS.
"""

from __future__ import annotations

import os
import sys

from knock_sdk import Knock
from knock_sdk.rate_limits import RedisRateLimit

from .receiver import WORKFLOW


def main(job: str, start: int, count: int) -> None:
    """Send the items."""
    limit = RedisRateLimit(os.environ["REDIS_URL"], fallback_share=1 / int(os.environ["WORKERS"]))
    numbers = range(start, start + count)
    with Knock(rate_limit=limit) as client:
        if job == "identify":
            users = ({"id": f"user-{number}", "name": f"User {number}"} for number in numbers)
            report = client.users.bulk.identify_many(users, wait=False)
        else:
            triggers = ({"key": WORKFLOW, "recipients": [f"user-{number}"]} for number in numbers)
            report = client.workflows.trigger_each(triggers)
    report.raise_for_failures()
    print(report.succeeded)


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]), int(sys.argv[3]))
