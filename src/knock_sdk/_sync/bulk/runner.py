# Derived from src/knock_sdk/_async/bulk/runner.py by `python -m codegen`; do not edit.
"""The running of a bulk job: sending and waiting for the API, side by side."""

from __future__ import annotations

from contextlib import suppress
from functools import partial
from math import inf
from time import monotonic
from typing import TYPE_CHECKING

from ... import types as t
from ..._core.lifetime import closed
from ..._core.requests import operations as op
from ..._core.requests.encode import encode
from ..._core.requests.request import Request
from ..._core.responses.error_factory import connection_error
from ...bulk._errors import JournalError
from ...bulk._report import BulkReport
from ...bulk._settling import Result
from ...errors import KnockError
from .workers import breathe, in_thread_to_end, sheltered

if TYPE_CHECKING:
    from collections.abc import Callable

    from ...bulk._chunks import Chunk, Cutter
    from ...bulk._failures import BulkProgress
    from ...bulk._journal import Journal
    from ...bulk._settling import Settler
    from ...bulk._tally import Tally
    from ..transport import Transport
    from .reader import Reader
    from .workers import Workers

POLLERS = 4
"""Number of bulk operations that are looked at at the same time."""
_REST = 1.0
"""Seconds that a job which an error ends waits for what it has sent."""
_SHORT_REST = 0.1
"""The same for one that is interrupted or cancelled: what waits for its turn ends at once, and was not sent."""


class Runner:
    """One run of a job."""

    def __init__(  # noqa: PLR0917 (each is of another type)
        self,
        transport: Transport,
        cutter: Cutter,
        reader: Reader,
        settler: Settler,
        workers: Workers[Result],
        concurrency: int,
    ) -> None:
        """Prepare.

        Args:
            transport: sends, when a request has its turn.
            cutter: has the job, and encodes its requests.
            reader: reads the input.
            settler: decides what responses and errors mean.
            workers: send side by side.
            concurrency: number of requests at the same time.
        """
        self._transport = transport
        self._job = cutter.job
        self._cutter = cutter
        self._lifetime = cutter.template.lifetime
        self._reader = reader
        self._settler = settler
        self._lines = settler.lines
        self._health = settler.health
        self._workers = workers
        self._concurrency = concurrency
        self._clock = transport.clock
        self._sending = self._polling = 0

    def run(self, journal: Journal, tally: Tally, tell: Callable[[BulkProgress], object] | None) -> BulkReport:
        """Run the job to its end.

        Args:
            journal: has the failures for the report.
            tally: has the numbers.
            tell: is told the progress.
        """
        self._reader.set_keep_up(partial(self._keep_up, tally, tell))
        try:
            self._reader.read_parts(self._settler.enter)
            while self._fill():
                self._collect()
                self._write_and_tell(tally, tell)
        except BaseException as error:
            self._lifetime.end()  # so that nothing is sent any more
            # What cannot be written now, a later run sends again under the same key, or reports as unknown.
            with suppress(JournalError), sheltered():
                self._leave(_REST if isinstance(error, Exception) else _SHORT_REST)
            raise
        self._settler.write_finished()
        if tell is not None:
            tally.report(tell, self._clock.monotonic(), last=True)
        elapsed = self._clock.monotonic() - tally.started
        return BulkReport(
            self._job.name, journal, succeeded=tally.succeeded, already_done=tally.already_done, elapsed=elapsed
        )

    def _write_and_tell(self, tally: Tally, tell: Callable[[BulkProgress], object] | None) -> None:
        """Write down what has ended, and tell the progress, if it is time for that."""
        if self._settler.must_write():
            in_thread_to_end(self._settler.write_finished)
        if tell is not None:
            tally.report(tell, self._clock.monotonic())

    def _keep_up(self, tally: Tally, tell: Callable[[BulkProgress], object] | None) -> None:
        """Go on with what was sent, between two items of an input that takes its time."""
        breathe()
        self._settle(self._workers.at_hand())
        if self._settler.error is not None:
            raise self._settler.error
        self._check_open()
        self._start_polls(self._clock.monotonic())
        self._write_and_tell(tally, tell)

    def _check_open(self) -> None:
        if self._lifetime.over:
            raise connection_error(self._cutter.template, closed(), 0)

    def _start_polls(self, now: float) -> None:
        while self._polling < POLLERS and (chunk := self._lines.polls.take(now)) is not None:
            self._polling += 1
            self._workers.start(partial(self._poll, chunk))

    def _fill(self) -> bool:
        """Start what can be started now; return whether there is anything left to wait for."""
        self._check_open()
        now = self._clock.monotonic()
        self._start_polls(now)
        while self._may_send(now) and (chunk := self._next(now)) is not None:
            self._sending += 1
            self._workers.start(partial(self._send, chunk))
        return bool(self._sending or self._polling or self._lines) or not self._reader.exhausted

    def _may_send(self, now: float) -> bool:
        if self._health.probing:
            return not self._sending and now >= self._health.probe_at
        return self._sending < self._concurrency

    def _next(self, now: float) -> Chunk | None:
        """Return the next chunk to send, if there is one now."""
        settler, lines = self._settler, self._lines
        if not self._health.prefers_new(len(lines.later)) and (chunk := settler.take_later(now)) is not None:
            return chunk
        while not lines.ready and not self._reader.exhausted and settler.may_hold_more(self._polling):
            self._reader.read(settler.enter)
        return lines.ready.popleft() if lines.ready else settler.take_later(now)

    def _send(self, chunk: Chunk) -> Result:
        """Send the request of a chunk once."""
        request = Request(self._job.operation, self._cutter.response_type, options={})
        try:
            value, info = self._transport.send_with_info(request, self._cutter.outgoing(chunk))
        except KnockError as error:
            return Result(chunk, polled=False, error=error)
        limited = [id_ for ids in info.rate_limited.values() for id_ in ids]
        return Result(chunk, polled=False, value=value, limited=limited)

    def _poll(self, chunk: Chunk) -> Result:
        """Ask how far a bulk operation is."""
        request = Request(op.GET_BULK_OPERATION, t.BulkOperation, path=(chunk.operation,), options={})
        try:
            outgoing = encode(request, self._transport.config, self._lifetime)
            value, _ = self._transport.send_with_info(request, outgoing._replace(max_retries=0))
        except KnockError as error:
            return Result(chunk, polled=True, error=error)
        return Result(chunk, polled=True, value=value)

    def _collect(self) -> None:
        """Wait for results, or until something else is due, and settle what came."""
        due = min(self._next_send(), self._next_poll(), self._settler.write_at)
        seconds = max(0.0, due - self._clock.monotonic()) if due < inf else None
        if self._sending or self._polling:
            # A simulated clock does not move by itself.
            self._take(None if self._transport.has_own_clock else seconds)
        else:
            self._transport.sleep(seconds or 0.0, self._lifetime)
        if self._settler.error is not None:
            raise self._settler.error

    def _next_send(self) -> float:
        """Return the moment from which another request may be sent, as far as no response changes it."""
        later = self._lines.later.next_at
        if not self._health.probing:
            return later if self._sending < self._concurrency else inf
        if self._sending:
            return inf
        others = self._lines.ready or not self._reader.exhausted
        return self._health.probe_at if others else max(later, self._health.probe_at)

    def _next_poll(self) -> float:
        return self._lines.polls.next_at if self._polling < POLLERS else inf

    def _take(self, seconds: float | None) -> None:
        results = self._workers.take(seconds)
        self._settle(results)

    def _settle(self, results: list[Result]) -> None:
        polled = sum(result.polled for result in results)
        self._polling -= polled
        self._sending -= len(results) - polled
        self._settler.settle_all(results)

    def _leave(self, seconds: float) -> None:
        """Write down how far everything is, when an error ends the job."""
        end = monotonic() + seconds
        self._settle(self._workers.at_hand())
        while (self._sending or self._polling) and (left := end - monotonic()) > 0:
            self._take(left)
        self._settler.write_finished()
        self._settler.set_unsent()
