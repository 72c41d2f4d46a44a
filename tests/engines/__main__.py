"""Run the examples with each engine, undisturbed and with a worker that is killed, and print what arrived."""

from __future__ import annotations

import argparse
import shutil
import subprocess
import sys
from typing import TYPE_CHECKING

from .programs import CELERY, ENGINES, Size, run
from .rates import JOBS, measure
from .receiver import IDENTIFY, TRIGGER
from .redis_server import PROGRAM

if TYPE_CHECKING:
    from .programs import Engine, Result

WORKERS = (1, 2, 4)


def main() -> int:
    """Run the command; return 1 if an import was not as it must be, or could not run."""
    names = [engine.name.lower() for engine in ENGINES]
    parser = argparse.ArgumentParser(prog="python -m tests.engines", description=__doc__)
    parser.add_argument("--only", choices=[*names, "rates"], help="one engine, or the rates without engines")
    parser.add_argument("--users", type=int, default=6000, help="users to import (6000)")
    parser.add_argument("--chunk", type=int, default=1000, help="users in a chunk, at most 1000 (1000)")
    parser.add_argument("--workers", type=int, default=2, help="workers of each engine (2)")
    options = parser.parse_args()
    size = Size(options.users, options.chunk, options.workers)
    if not 1 <= size.chunk <= 1000 or size.users < 2 * size.chunk or size.workers < 1:
        parser.error("takes 1 to 1000 users in a chunk, two chunks at least, and one worker at least")
    if PROGRAM is None or sys.platform != "linux":
        parser.error("needs redis-server, and Linux to find a process by its port: apt-get install redis-server")
    engines = [engine for engine in ENGINES if options.only in {None, engine.name.lower()}]
    good = [_run_engine(engine, size) for engine in engines if _can_run(engine)]
    if options.only in {None, "rates"}:
        _show_rates()
    return 0 if all(good) and len(good) == len(engines) else 1


def _can_run(engine: Engine) -> bool:
    missing = engine.missing()
    if missing:
        print(f"{engine.name} is not installed: pip install {' '.join(missing)}")
    elif engine.name == "Spark" and shutil.which("java") is None:
        print("Spark needs Java 17 or newer, which is not installed")
    else:
        return True
    return False


def _run_engine(engine: Engine, size: Size) -> bool:
    print(f"\n{engine.name}: {size.users:,} users in chunks of {size.chunk:,}, {size.workers} workers")
    print("| worker | users/s | s | requests, busiest second (T1, T5) | 429s | lost | twice | replayed | Redis calls |")
    print("|---|---|---|---|---|---|---|---|---|")
    middle = size.chunk * 3 // 2  # of the second chunk
    cases = [("", size, 0), ("killed", size, middle)]
    if engine is CELERY and size.workers > 1:
        two = size._replace(workers=size.workers // 2 * 2, machines=2)
        cases.append(("one of two machines killed", two, middle))
    good = True
    for event, each, kill_at in cases:
        try:
            good = _show(event, run(engine, each, kill_at=kill_at), each) and good
        except subprocess.TimeoutExpired as error:
            print(f"The import was stopped, since it had not ended after {error.timeout:.0f} s")
            good = False
    return good


def _show(event: str, result: Result, size: Size) -> bool:
    """Print a line; return whether nothing was lost, nobody was notified twice, and the numbers add up.

    Engines may print more than the reports, such as messages of their workers.
    """
    seen = result.seen
    ids = {f"user-{index}" for index in range(size.users)}
    lost = len(ids - seen.messages.keys()) + len(ids - seen.users.keys())
    twice = sum(times > 1 for times in seen.messages.values())
    expected = [f"{job}: {size.users} succeeded, 0 failed, 0 unknown" for job in _JOBS]
    cells = (
        event,
        f"{size.users / max(seen.seconds.values()):.0f}",
        f"{result.seconds:.1f}",
        "; ".join(f"{seen.requests[name]:,}, {seen.busiest[name]:,}" for name in (IDENTIFY, TRIGGER)),
        str(sum(seen.refused.values())),
        str(lost),
        str(twice),
        str(seen.replayed),
        f"{result.turns / sum(seen.requests.values()):.2f} a request",
    )
    print(f"| {' | '.join(cells)} |", flush=True)
    good = (
        result.status == 0
        and [line for line in result.output.splitlines() if line.startswith(_JOBS)] == expected
        and not lost
        and not twice
        and (seen.killed is not None and seen.replayed > 0) == bool(event)
    )
    if not good:
        print(f"This is wrong; the program ended with status {result.status}, and wrote:")
        print("\n".join(text[-4000:] for text in (result.output, result.errors, result.log)))
    return good


_JOBS = ("users.bulk.identify_many", "workflows.trigger_each")


def _show_rates() -> None:
    print("\nThe rate of several processes, without an engine")
    print("| job | processes | requests | requests/s | busiest second | 429s | Redis calls/request |")
    print("|---|---|---|---|---|---|---|")
    for job in JOBS:
        for workers in WORKERS:
            rate = measure(job, workers)
            assert rate.sent == job.items
            cells = (job.title, workers, rate.requests, f"{rate.rate:.2f}", rate.busiest, rate.refused)
            print(f"| {' | '.join(map(str, cells))} | {rate.turns:.3f} |", flush=True)


if __name__ == "__main__":
    sys.exit(main())
