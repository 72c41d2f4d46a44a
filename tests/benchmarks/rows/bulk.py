"""Bulk jobs: the time for a row, besides what it takes to make and to encode it, and the memory of a long job.

The client is that of the tests of bulk jobs, with an engine that answers at once and a clock that waits move.
"""

from __future__ import annotations

import tempfile
from pathlib import Path
from time import process_time
from typing import TYPE_CHECKING, Any

from pydantic_core import to_json

from tests.bulk.engines import API, START, operation, reply
from tests.support.process_usage import resident
from tests.wire.caller import Caller

from ..measure import interleave
from ..row import OURS, Goal, Row

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from knock_sdk._core.outcome import Response

    from ..row import Effort, Samples

CHUNK = 1000
WITH_JOURNAL, ENCODED = "with a journal", "rows and JSON alone"
SHORT, LONG = "100,000 rows", "1,000,000 rows"


class Accepting(API):
    """Accepts every request, and has processed it when it is asked."""

    def __init__(self) -> None:
        super().__init__()
        self._queued, self._completed = reply(200, operation("op")), reply(200, operation("op", "completed"))

    def answer(self, target: str, headers: Mapping[bytes, bytes], body: bytes) -> Response:
        self.sent.clear()
        return self._queued if body else self._completed


def rows(count: int) -> Iterator[dict[str, object]]:
    """Yield users."""
    return ({"id": f"user-{n}", "name": "Ada Lovelace", "email": "ada@example.com"} for n in range(count))


def run(count: int, journal: Path | None) -> Any:
    """Run a job of so many rows; check the counts and the rate."""
    api = Accepting()
    report = api.client(Caller("sync")).users.bulk.identify_many(rows(count), journal=journal)
    assert (report.succeeded, report.failed, report.unknown) == (count, 0, 0)
    # One request a second is the limit of the operation; the client keeps two percent away from it.
    assert 0.9 <= (count / CHUNK - 1) / (api.clock.now - START) <= 1
    return report


def row_cost(effort: Effort) -> Samples:
    """Measure the seconds of CPU per row of `users.bulk.identify_many`, and of the same requests by hand."""
    count = effort.of(200_000, 20_000)

    def job(*, kept: bool) -> float:
        with tempfile.TemporaryDirectory() as folder:
            began = process_time()
            run(count, Path(folder) / "journal" if kept else None)
            return (process_time() - began) / count

    def encode() -> float:
        began = process_time()
        items = rows(count)
        for _ in range(count // CHUNK):
            to_json({"users": [next(items) for _ in range(CHUNK)]})
        return (process_time() - began) / count

    samplers = {OURS: lambda: job(kept=False), WITH_JOURNAL: lambda: job(kept=True), ENCODED: encode}
    return interleave(effort, samplers, effort.of(7, 2), warm_up=1)


def job_memory(effort: Effort) -> Samples:
    """Measure the resident bytes of the process after a job with a journal, of which the first fills the caches."""

    def after(count: int) -> float:
        with tempfile.TemporaryDirectory() as folder:
            run(count, Path(folder) / "journal")
            return resident()

    after(effort.of(100_000, 10_000))
    samplers = {SHORT: lambda: after(effort.of(100_000, 10_000)), LONG: lambda: after(effort.of(1_000_000, 20_000))}
    return interleave(effort, samplers, effort.of(3, 2), warm_up=0)


ROWS = (
    Row(
        "bulk-row",
        "CPU per row of a bulk job (baseline: making and encoding it)",
        row_cost,
        (Goal(OURS, ENCODED, 4.0), Goal(WITH_JOURNAL, ENCODED, 6.0)),
        base=ENCODED,
    ),
    Row(
        "memory-bulk",
        "memory of the process after a bulk job",
        job_memory,
        (Goal(LONG, SHORT, 1.05),),
        base=SHORT,
        needs=("/proc/self/statm",),
        extra=True,
    ),
)
