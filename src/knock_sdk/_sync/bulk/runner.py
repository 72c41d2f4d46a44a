# Derived from src/knock_sdk/_async/bulk/runner.py by `python -m codegen`; do not edit.
"""The running of a bulk job: cutting, sending, waiting for the API, and keeping the journal."""

from __future__ import annotations

from collections import deque
from functools import partial
from heapq import heappop, heappush
from math import inf
from typing import TYPE_CHECKING, Any, NamedTuple

from ... import types as t
from ..._core.lifetime import Lifetime, closed
from ..._core.rate_limits.limits import TIERS
from ..._core.requests import operations as op
from ..._core.requests.encode import encode
from ..._core.requests.options import check_flags
from ..._core.requests.request import Request
from ..._core.responses.error_factory import connection_error
from ..._core.retry import Cause, wait_before
from ...bulk._chunks import Cutter, as_json
from ...bulk._errors import BulkItemError, JournalError
from ...bulk._jobs import id_of, items_in, job_of
from ...bulk._journal import ACCEPTED, SENT, Failed, Finished, Journal
from ...bulk._polling import failed_as_a_whole, pause_before
from ...bulk._report import BulkReport
from ...bulk._settings import bar_or, check_concurrency, default_concurrency, identity_of
from ...bulk._tally import Tally
from ...bulk._verdicts import Verdict, judge, parts_of
from ...errors import InvalidArgumentError, KnockError, NotFoundError, OutcomeUnknownError
from .._concurrency import in_thread
from ..transport import Transport
from .source import Source
from .workers import Workers, breathe

if TYPE_CHECKING:
    import os
    from collections.abc import Callable, Iterator, Sequence

    from ..._core.requests.options import RequestOptions
    from ...bulk._chunks import Chunk
    from ...bulk._failures import BulkProgress
    from ...bulk._jobs import Job
    from ...bulk._journal import Root

_PATIENCE = 300.0
"""Seconds that a job goes on while everything fails; then the last error is raised."""
_PROBING = 3
"""Number of failures in a row after which one request a second finds out whether the API works again."""
_TRIES = 8
"""Number of tries after which a request is at fault itself, if others succeed meanwhile."""
_RESENDABLE = 23 * 3600.0
"""Seconds for which an idempotency key is relied on; the API keeps it for 24 hours."""
_OUTSTANDING = 100
"""Number of bulk operations that are waited for at the same time."""
_STUCK = 3600.0
"""Seconds after which an operation that does not end is given up."""
_BATCH = 50
_FLUSH = 0.25
"""Seconds that finished chunks wait for their entry in the journal."""


class _Result(NamedTuple):
    """What a request for a chunk resulted in."""

    chunk: Chunk
    polled: bool
    value: Any = None
    limited: Sequence[str] = ()
    error: KnockError | None = None


class _Due(NamedTuple):
    """A chunk that waits for a moment."""

    at: float
    order: int
    chunk: Chunk


def run_job(  # noqa: PLR0917 (the methods that call it pass what they get)
    transport: Transport,
    name: str,
    argument: str,
    items: object,
    make_request: Callable[[list[Any]], Request[Any]],
    journal: str | os.PathLike[str] | None,
    on_progress: Callable[[BulkProgress], object] | None,
    concurrency: int | None,
    wait: bool,
    options: RequestOptions,
    *,
    single: bool,
) -> BulkReport:
    """Run a job to its end.

    Args:
        transport: the client's transport.
        name: the method.
        argument: the argument with the items.
        items: what yields the items.
        make_request: makes the request for some items, with the options.
        journal: path of the journal, None for none.
        on_progress: is told the progress.
        concurrency: number of requests at the same time, None for as many as the rate limit can use.
        wait: whether to wait for bulk operations.
        options: options of each request.
        single: whether each item is a request of its own.

    Raises:
        KnockError: An argument is invalid, an error concerns every item, or the journal cannot be used.
    """
    check_concurrency(concurrency)
    check_flags(wait=wait)
    if "max_retries" in options:
        raise InvalidArgumentError(
            "max_retries", "is not taken by bulk jobs, which repeat whatever may pass: leave it out"
        )
    lifetime = Lifetime()
    transport.lifetimes.present.add(lifetime)
    own = Transport(
        transport.config,
        transport.engine,
        transport.budget,
        transport.record_locks,
        transport.lifetimes,
        transport.rate_limit or TIERS,
        patient=True,
    )
    try:
        job = job_of(name, argument, make_request, single=single)
        cutter = Cutter(job, transport.config, lifetime)
        source = Source(items, job.argument)
        kept = in_thread(partial(Journal, journal, identity_of(job, cutter, transport.config)))
        try:
            limit = concurrency or default_concurrency(job, transport.config.max_connections, own.has_own_clock)
            workers: Workers[_Result] = Workers(limit + _POLLERS)
            with bar_or(on_progress, job.name) as tell:
                runner = _Runner(own, job, cutter, source, kept, workers, limit, wait, tell)
                with workers:
                    return runner.run()
        finally:
            kept.close()
    finally:
        lifetime.end()


_POLLERS = 4


class _Runner:
    """One run of a job."""

    def __init__(  # noqa: PLR0917 (each is of another type)
        self,
        transport: Transport,
        job: Job,
        cutter: Cutter,
        source: Source,
        journal: Journal,
        workers: Workers[_Result],
        concurrency: int,
        wait: bool,
        tell: Callable[[BulkProgress], object] | None,
    ) -> None:
        self._transport = transport
        self._job = job
        self._cutter = cutter
        self._source = source
        self._journal = journal
        self._workers = workers
        self._concurrency = concurrency
        self._wait = wait and job.in_background
        self._tell = tell
        self._clock = transport.clock
        self._keyed = job.operation.repeat == "keyed"
        self._once = job.operation.repeat == "never"
        # What must not be sent twice is written down one by one.
        self._batch = 1 if self._once or job.operation.tier < 3 else _BATCH
        failed, unknown = journal.count_failures()
        self._tally = Tally(
            source.total,
            already_done=journal.already_done,
            failed=failed,
            unknown=unknown,
            started=self._clock.monotonic(),
        )
        self._roots: Iterator[Root] | None = journal.roots() if journal.resumed else None
        self._position = 0
        self._exhausted = False
        self._ready: deque[Chunk] = deque()
        self._later: list[_Due] = []
        self._polls: list[_Due] = []
        self._order = 0
        self._sending = self._polling = 0
        self._finished: list[Finished] = []
        self._flushed = self._clock.monotonic()
        self._failures_in_a_row = 0
        self._failing_since: float | None = None
        self._probe_at = -inf

    def run(self) -> BulkReport:
        """Run the job to its end."""
        for part in self._journal.parts():
            self._resume(part, ACCEPTED if part.operation else SENT)
        try:
            while self._fill():
                self._collect()
                self._flush()
                self._report()
        finally:
            # Without a wait, since a cancelled task must not make one.
            self._write_finished()
        self._report(last=True)
        now = self._clock.monotonic()
        return BulkReport(
            self._job.name,
            self._journal,
            succeeded=self._tally.succeeded,
            already_done=self._tally.already_done,
            elapsed=now - self._tally.started,
        )

    def _fill(self) -> bool:
        """Start what can be started now; return whether there is anything left to wait for."""
        if self._cutter.template.lifetime.over:
            raise connection_error(self._cutter.template, closed(), 0)
        now = self._clock.monotonic()
        while self._polling < _POLLERS and self._polls and self._polls[0].at <= now:
            self._polling += 1
            self._workers.start(partial(self._poll, heappop(self._polls).chunk))
        while self._may_send(now) and (chunk := self._next(now)) is not None:
            self._sending += 1
            self._workers.start(partial(self._send, chunk))
        waiting = self._sending or self._polling or self._later or self._polls or self._ready
        return bool(waiting) or not self._exhausted

    def _may_send(self, now: float) -> bool:
        if self._failures_in_a_row < _PROBING:
            return self._sending < self._concurrency
        return not self._sending and now >= self._probe_at

    def _next(self, now: float) -> Chunk | None:
        """Return the next chunk to send, if there is one now."""
        while self._later and self._later[0].at <= now:
            chunk = heappop(self._later).chunk
            if not self._is_too_old(chunk):
                return chunk
            self._finish(self._unknown(chunk, "the idempotency key has expired, so that it was not sent again"))
        if not self._ready and not self._exhausted and len(self._polls) + self._polling < _OUTSTANDING:
            self._read()
        return self._ready.popleft() if self._ready else None

    def _read(self) -> None:
        """Read items, and write them down as chunks that are about to be sent."""
        while self._roots is not None and not self._ready:
            breathe()
            root = next(self._roots, None)
            if root is None:
                self._roots = None
            else:
                self._replay(root)
        if self._ready or self._roots is not None:
            return
        chunks: list[Chunk] = []
        while len(chunks) < self._batch:
            items = self._source.take(self._job.max_items)
            if not items:
                self._exhausted = True
                break
            chunk = self._cutter.cut(items, self._position)
            self._source.put_back(items[chunk.count :])
            self._position += chunk.count
            chunks.append(chunk)
        if chunks:
            in_thread(partial(self._journal.freeze, chunks, self._clock.time(), keyed=self._keyed))
            for chunk in chunks:
                self._tally.failed += len(chunk.invalid)
                if chunk.size:
                    self._ready.append(chunk)

    def _replay(self, root: Root) -> None:
        """Compare a chunk of an earlier run with the input, and go on with it."""
        chunk = root.chunk
        items = self._source.take(chunk.count)
        if len(items) < chunk.count:
            raise JournalError(
                f"{self._journal.path}: the input ends at item {self._position + len(items):,}, and an earlier run has"
                " read more: repeat the call with the same input, or use another file"
            )
        if self._cutter.encode(items, self._position).digest != root.digest:
            raise JournalError(
                f"{self._journal.path}: items {self._position:,} to {self._position + chunk.count - 1:,} are not those"
                " of the earlier run: repeat the call with the same input in the same order, or use another file"
            )
        self._position += chunk.count
        self._resume(chunk, root.state)

    def _resume(self, chunk: Chunk, state: int) -> None:
        if state == ACCEPTED:
            self._accepted(chunk)
        elif state == SENT:
            if self._once:
                self._finish(self._unknown(chunk, "an earlier run was sending it when it ended"))
            elif self._is_too_old(chunk):
                self._finish(self._unknown(chunk, "an earlier run was sending it, and its idempotency key has expired"))
            else:
                self._ready.append(chunk)

    def _is_too_old(self, chunk: Chunk) -> bool:
        return self._keyed and self._clock.time() - (chunk.first_sent_at or 0.0) >= _RESENDABLE

    def _send(self, chunk: Chunk) -> _Result:
        """Send the request of a chunk once."""
        job = self._job
        request = Request(job.operation, self._cutter.response_type, options={})
        try:
            value, info = self._transport.send_with_info(request, self._cutter.outgoing(chunk))
        except KnockError as error:
            return _Result(chunk, polled=False, error=error)
        limited = [id_ for ids in info.rate_limited.values() for id_ in ids]
        return _Result(chunk, polled=False, value=value, limited=limited)

    def _poll(self, chunk: Chunk) -> _Result:
        """Ask how far a bulk operation is."""
        request = Request(op.GET_BULK_OPERATION, t.BulkOperation, path=(chunk.operation,), options={})
        try:
            outgoing = encode(request, self._transport.config, self._cutter.template.lifetime)
            value, _ = self._transport.send_with_info(request, outgoing._replace(max_retries=0))
        except KnockError as error:
            return _Result(chunk, polled=True, error=error)
        return _Result(chunk, polled=True, value=value)

    def _collect(self) -> None:
        """Wait for results, or until something else is due, and settle what came."""
        now = self._clock.monotonic()
        due = [each[0].at for each in (self._later, self._polls) if each]
        if self._failures_in_a_row >= _PROBING and not self._sending:
            due = [max(at, self._probe_at) for at in due] or [self._probe_at]
        if self._finished:
            due.append(self._flushed + _FLUSH)
        seconds = max(0.0, min(due) - now) if due else None
        if self._sending or self._polling:
            # A simulated clock does not move by itself.
            results = self._workers.take(None if self._transport.has_own_clock else seconds)
        else:
            self._transport.sleep(seconds or 0.0, self._cutter.template.lifetime)
            results = []
        for result in results:
            if result.polled:
                self._polling -= 1
                self._settle_poll(result)
            else:
                self._sending -= 1
                self._settle(result)

    def _settle(self, result: _Result) -> None:
        chunk, error = result.chunk, result.error
        if error is None:
            self._recovered(chunk)
            if self._job.in_background:
                chunk.operation = result.value.id
                self._journal.accept(chunk, result.value.id)
                if self._wait:
                    self._accepted(chunk)
                    return
            self._finish(self._without_limited(chunk, result.limited))
            return
        verdict = judge(self._job, error)
        if verdict is Verdict.STOP or self._cutter.template.lifetime.over:
            raise error
        if verdict is Verdict.THROTTLED:
            self._postpone(chunk, throttled=True)
        elif verdict is Verdict.AGAIN:
            self._again(chunk, error)
        elif verdict is Verdict.UNKNOWN:
            self._recovered(chunk)
            self._finish(self._unknown(chunk, str(error)))
        else:
            self._recovered(chunk)
            self._give_up(chunk, error)

    def _again(self, chunk: Chunk, error: KnockError) -> None:
        now = self._clock.monotonic()
        self._failures_in_a_row += 1
        chunk.tries += 1
        if self._failing_since is None:
            self._failing_since = now
        if now - self._failing_since >= _PATIENCE:
            raise error
        if chunk.tries >= _TRIES and self._failures_in_a_row < chunk.tries:
            self._give_up(chunk, error)
            return
        self._probe_at = now + 1.0
        self._postpone(chunk, throttled=False)

    def _recovered(self, chunk: Chunk) -> None:
        chunk.tries = self._failures_in_a_row = 0
        self._failing_since = None

    def _postpone(self, chunk: Chunk, *, throttled: bool) -> None:
        pause = wait_before(Cause(throttled=throttled), max(1, chunk.tries), inf) or 0.0
        self._put(self._later, chunk, pause)

    def _give_up(self, chunk: Chunk, error: KnockError) -> None:
        """Split a chunk that the API refuses, or have its only item fail."""
        if chunk.size > 1:
            self._split(chunk, parts_of(self._job, error, chunk.size), 0)
        elif judge(self._job, error) is Verdict.AGAIN and self._keyed:
            self._finish(self._unknown(chunk, str(error)))
        else:
            self._finish(self._all(chunk, lambda _: error))

    def _without_limited(self, chunk: Chunk, limited: Sequence[str]) -> Finished:
        """Return the end of a chunk that was processed, apart from items that changed too recently."""
        if not limited:
            return Finished(chunk, chunk.size)
        ids = items_in(self._job, chunk.target, chunk.body)
        again = [index for index, id_ in enumerate(ids) if id_ in limited]
        parts = self._cutter.split(chunk, [again]) if again else []
        return Finished(chunk, chunk.size - len(again), parts=parts)

    def _split(self, chunk: Chunk, parts: list[list[int]], succeeded: int) -> None:
        self._finish(Finished(chunk, succeeded, parts=self._cutter.split(chunk, parts)))

    def _accepted(self, chunk: Chunk) -> None:
        if self._wait:
            self._put(self._polls, chunk, pause_before(0))
        else:
            self._finish(Finished(chunk, chunk.size))

    def _settle_poll(self, result: _Result) -> None:
        chunk, error = result.chunk, result.error
        if error is not None:
            if self._cutter.template.lifetime.over:
                raise error
            if isinstance(error, NotFoundError):
                self._finish(self._unknown(chunk, f"its bulk operation {chunk.operation} does not exist any more"))
                return
            if judge(self._job, error) not in (Verdict.AGAIN, Verdict.THROTTLED, Verdict.UNKNOWN):
                raise error
        operation = result.value
        if operation is not None and operation.status == "failed":
            failed = failed_as_a_whole(operation)
            unknown = self._unknown(chunk, str(failed)) if self._once else self._all(chunk, lambda _: failed)
            self._finish(unknown)
        elif operation is not None and operation.status == "completed":
            self._finish(self._completed(chunk, operation))
        else:
            chunk.polls += 1
            now = self._clock.time()
            if now - (chunk.first_sent_at or now) > _STUCK:
                self._finish(self._unknown(chunk, f"its bulk operation {chunk.operation} does not end"))
            else:
                self._put(self._polls, chunk, pause_before(chunk.polls))

    def _completed(self, chunk: Chunk, operation: t.BulkOperation) -> Finished:
        """Return the end of a chunk whose operation has completed, perhaps with items that failed."""
        if not operation.error_count and not operation.error_items:
            return Finished(chunk, chunk.size)
        problem = (
            f"the bulk operation {operation.id} ({operation.name}) reports an error of this item, without a reason"
        )
        error = BulkItemError(problem)
        items = items_in(self._job, chunk.target, chunk.body)
        places: dict[str, list[int]] = {}
        for index, item in enumerate(items):
            if (found := id_of(item)) is not None:
                places.setdefault(found, []).append(index)
        failed: list[Failed] = []
        for each in operation.error_items:
            found_places = places.get(each.id)
            if found_places:
                index = found_places.pop(0)
                failed.append(Failed(chunk.position(index), as_json(items[index]), error))
            else:
                failed.append(Failed(None, as_json({"id": each.id, "collection": each.collection}), error))
        unlisted = min(operation.error_count or 0, chunk.size) - len(failed)
        failed += [Failed(None, None, error)] * unlisted
        return Finished(chunk, max(0, chunk.size - len(failed)), failed)

    def _all(self, chunk: Chunk, error_for: Callable[[Any], KnockError]) -> Finished:
        """Return the end of a chunk all of whose items failed."""
        items = items_in(self._job, chunk.target, chunk.body)
        failed = [Failed(chunk.position(i), as_json(item), error_for(item)) for i, item in enumerate(items)]
        return Finished(chunk, 0, failed)

    def _unknown(self, chunk: Chunk, problem: str) -> Finished:
        error = OutcomeUnknownError(f"it may or may not have been processed: {problem}")
        return self._all(chunk, lambda _: error)

    def _finish(self, finished: Finished) -> None:
        self._finished.append(finished)
        self._tally.succeeded += finished.succeeded
        unknown = sum(each.unknown for each in finished.failed)
        self._tally.unknown += unknown
        self._tally.failed += len(finished.failed) - unknown

    def _flush(self) -> None:
        """Write down what has finished, a batch at a time; what cannot be sent twice at once."""
        if not self._finished:
            return
        now = self._clock.monotonic()
        parts = any(each.parts for each in self._finished)
        if parts or self._batch == 1 or len(self._finished) >= _BATCH or now - self._flushed >= _FLUSH:
            in_thread(self._write_finished)

    def _write_finished(self) -> None:
        finished, self._finished = self._finished, []
        self._flushed = self._clock.monotonic()
        if finished:
            self._journal.finish(finished, self._clock.time(), keyed=self._keyed)
        for each in finished:
            for part in each.parts:
                # An item that has just changed may change again after a second.
                self._put(self._later, part, 1.0 if each.succeeded else 0.0)

    def _put(self, line: list[_Due], chunk: Chunk, seconds: float) -> None:
        self._order += 1
        heappush(line, _Due(self._clock.monotonic() + seconds, self._order, chunk))

    def _report(self, *, last: bool = False) -> None:
        if self._tell is not None:
            self._tally.report(self._tell, self._clock.monotonic(), last=last)
