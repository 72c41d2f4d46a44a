"""A soak: 100,000 triggers with 5 % faults, from threads and tasks at once.

`python -m tests.benchmarks.soak [CALLS]` checks that nothing is lost, nothing carried out twice, and that memory and
descriptors stay flat; it exits with 1 if not.
"""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING

from knock_sdk import APIConnectionError, APIStatusError, AsyncKnock, Knock

if TYPE_CHECKING:
    from collections.abc import Iterable

FAULTS = 0.05
THREADS = 8
TASKS = 32
DONE = "done"


def usage() -> tuple[float, int]:
    """Return the process's memory in MB and its open descriptors."""
    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 1e6, sum(1 for _ in Path("/proc/self/fd").iterdir())


def with_threads(url: str, keys: Iterable[str], ends: Counter[str]) -> None:
    """Make calls from threads that share one client."""

    def call(key: str) -> None:
        try:
            run = client.workflows.trigger("soak", recipients=["u1"], data={"key": key}, idempotency_key=key)
        except (APIConnectionError, APIStatusError) as error:
            ends[type(error).__name__] += 1
        else:
            ends[DONE if run.workflow_run_id else "no run"] += 1

    with Knock(api_key="sk_soak", base_url=url) as client, ThreadPoolExecutor(THREADS) as threads:
        for _ in threads.map(call, keys):
            pass


async def with_tasks(url: str, keys: Iterable[str], ends: Counter[str]) -> None:
    """Make calls from tasks that share one client."""
    queue = iter(keys)

    async def work() -> None:
        for key in queue:
            try:
                run = await client.workflows.trigger("soak", recipients=["u1"], data={"key": key}, idempotency_key=key)
            except (APIConnectionError, APIStatusError) as error:
                ends[type(error).__name__] += 1
            else:
                ends[DONE if run.workflow_run_id else "no run"] += 1

    async with AsyncKnock(api_key="sk_soak", base_url=url) as client:
        await asyncio.gather(*(work() for _ in range(TASKS)))


def both(url: str, name: str, calls: int, ends: Counter[str]) -> None:
    """Make half of the calls from threads, and at the same time half from tasks."""
    half = calls // 2
    with ThreadPoolExecutor(1) as side:
        threads = side.submit(with_threads, url, (f"{name}-thread-{n}" for n in range(half)), ends)
        asyncio.run(with_tasks(url, (f"{name}-task-{n}" for n in range(calls - half)), ends))
        threads.result()


def main(calls: int) -> int:
    """Run it, and print what came of it."""
    command = [sys.executable, "-m", "tests.benchmarks.committing", str(FAULTS), "7"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as server:
        assert server.stdout is not None
        url = f"http://127.0.0.1:{server.stdout.readline().strip()}"
        ends: Counter[str] = Counter()
        both(url, "warm", calls // 10, ends)  # memory settles first
        before, started = usage(), time.monotonic()
        for part in range(9):
            both(url, f"part{part}", calls // 10, ends)
            print(f"{(part + 2) * calls // 10:,} calls", file=sys.stderr, flush=True)
        seconds, after = time.monotonic() - started, usage()
        with Knock(api_key="sk_soak", base_url=url) as client:
            counts = client.get("/counts")
        server.terminate()
    made = calls // 10 * 10
    done = ends[DONE]
    print(
        f"{made:,} calls, {counts['requests']:,} requests, faults {counts['faults']}, {seconds:.0f} s for nine tenths"
    )
    print(f"done {done:,}, failed {made - done:,}; carried out {counts['keys']:,}")
    print(f"carried out twice: {counts['doubled']}; ends {dict(ends)}")
    print(f"memory {before[0]:.1f} → {after[0]:.1f} MB, descriptors {before[1]} → {after[1]}")
    sound = (
        sum(ends.values()) == made
        and counts["doubled"] == 0
        and done <= counts["keys"] <= made
        and after[0] - before[0] <= 10
        and after[1] <= before[1]
    )
    print("sound" if sound else "NOT SOUND")
    return 0 if sound else 1


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]) if len(sys.argv) > 1 else 100_000))
