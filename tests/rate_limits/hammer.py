"""A process that sends updates of users at a rate limit that Redis keeps: `python -m tests.rate_limits.hammer …`.

Its arguments are the URL of the server, the URL of Redis, the number of calls, and the share without Redis. It prints
a line when it is ready, waits for a line of input, so that several processes begin together, and prints the number of
failed calls and of warnings.
"""

from __future__ import annotations

import asyncio
import logging
import sys

from knock_sdk import AsyncKnock
from knock_sdk.rate_limits import RedisRateLimit
from tests.support.server_process import COUNTS

TASKS = 20


async def main(url: str, redis: str, count: int, share: float) -> int:
    """Make the calls in some tasks; return how many failed."""
    failed = 0
    remaining = iter(range(count))
    limit = RedisRateLimit(redis, fallback_share=share)

    async def work(client: AsyncKnock) -> None:
        nonlocal failed
        for number in remaining:
            try:
                await client.put(f"/v1/users/u{number}", body={})
            except Exception:  # noqa: BLE001 (they are counted)
                failed += 1

    async with AsyncKnock(api_key="sk_test_hammer", base_url=url, rate_limit=limit, max_retries=0) as client:
        await client.get(COUNTS)  # which imports what a call needs
        sys.stdout.write("ready\n")
        sys.stdout.flush()
        await asyncio.to_thread(sys.stdin.readline)
        await asyncio.gather(*(work(client) for _ in range(TASKS)))
    limit.close()
    return failed


class Counting(logging.Handler):
    """Counts warnings."""

    count = 0

    def emit(self, record: logging.LogRecord) -> None:
        Counting.count += record.levelno >= logging.WARNING


if __name__ == "__main__":
    logging.getLogger("knock_sdk").addHandler(Counting())
    _, server_url, redis_url, calls, fallback = sys.argv
    failures = asyncio.run(main(server_url, redis_url, int(calls), float(fallback)))
    sys.stdout.write(f"{failures} {Counting.count}\n")
