"""A soak test: 100,000 triggers with 5 % faults, from threads and tasks at once.

`python -m tests.benchmarks.soak [CALLS]` checks that no trigger is lost or carried out twice, and that memory and
descriptors do not grow; it exits with 1 otherwise.
"""

from __future__ import annotations

import asyncio
import sys
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any

from knock_sdk import APIConnectionError, APIStatusError, AsyncKnock, Knock
from tests.support.ledger import LedgerProcess
from tests.support.many import errors, in_tasks, in_threads
from tests.support.process_usage import descriptors, resident

if TYPE_CHECKING:
    from collections.abc import Sequence

FAULTS = ("reset before", "reset after", "429", "503")
SHARE = 0.05
THREADS = 8
TASKS = 32
DONE = "done"


def with_threads(url: str, numbers: Sequence[int]) -> dict[int, Any]:
    """Make calls from threads that share one client."""

    def call(number: int) -> str:
        run = client.workflows.trigger("soak", recipients=["u1"], data={"n": number}, idempotency_key=f"soak-{number}")
        return DONE if run.workflow_run_id else "no run"

    with Knock(api_key="sk_soak", base_url=url) as client:
        return in_threads(call, numbers, THREADS)


async def with_tasks(url: str, numbers: Sequence[int]) -> dict[int, Any]:
    """Make calls from tasks that share one client."""

    async def call(number: int) -> str:
        run = await client.workflows.trigger(
            "soak", recipients=["u1"], data={"n": number}, idempotency_key=f"soak-{number}"
        )
        return DONE if run.workflow_run_id else "no run"

    async with AsyncKnock(api_key="sk_soak", base_url=url) as client:
        return await in_tasks(call, numbers, TASKS)


def both(url: str, numbers: range) -> Counter[str]:
    """Make half of the calls from threads and, at the same time, half from tasks; count the outcomes."""
    middle = len(numbers) // 2
    with ThreadPoolExecutor(1) as side:
        threads = side.submit(with_threads, url, numbers[:middle])
        outcomes = asyncio.run(with_tasks(url, numbers[middle:]))
        outcomes |= threads.result()
    for error in errors(outcomes).values():
        if not isinstance(error, (APIConnectionError, APIStatusError)):
            raise error
    return Counter(
        type(outcome).__name__ if isinstance(outcome, Exception) else outcome for outcome in outcomes.values()
    )


def main(calls: int) -> int:
    """Run the soak test and print its results."""
    tenth = calls // 10
    with LedgerProcess(FAULTS, SHARE) as server:
        outcomes = both(server.url, range(tenth))  # memory settles first
        before, started = (resident() / 1e6, descriptors()), time.monotonic()
        for number in range(1, 10):
            outcomes += both(server.url, range(number * tenth, (number + 1) * tenth))
            print(f"{(number + 1) * tenth:,} calls", file=sys.stderr, flush=True)
        seconds, after = time.monotonic() - started, (resident() / 1e6, descriptors())
        counts = server.counts()
    made = tenth * 10
    done = outcomes[DONE]
    print(
        f"{made:,} calls, {counts['attempts']:,} requests, faults {counts['faults']}, {seconds:.0f} s for nine tenths"
    )
    print(f"done {done:,}, failed {made - done:,}; carried out {counts['committed']:,}")
    print(f"carried out twice: {counts['doubled']}; with another key or body: {counts['altered']}; {dict(outcomes)}")
    print(f"memory {before[0]:.1f} to {after[0]:.1f} MB, descriptors {before[1]} to {after[1]}")
    passed = (
        outcomes.total() == made
        and counts["doubled"] == counts["altered"] == 0
        and done <= counts["committed"] <= made
        and after[0] - before[0] <= 10
        and after[1] <= before[1]
    )
    print("passed" if passed else "FAILED")
    return 0 if passed else 1


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]) if len(sys.argv) > 1 else 100_000))
