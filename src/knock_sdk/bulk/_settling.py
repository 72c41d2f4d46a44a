"""The settling of results: what a response or an error means for a chunk, and when it is written down."""

from __future__ import annotations

from math import inf
from typing import TYPE_CHECKING, Any, NamedTuple

from .._core.retry import Cause, wait_before
from ..errors import ConflictError, InvalidArgumentError, KnockError, NotFoundError
from ._journal_file import ACCEPTED, SENT
from ._lines import PROBES, Health, Lines
from ._outcomes import all_failed, completed, halved, processed, refused, unknown
from ._polling import failed_as_a_whole, pause_before
from ._verdicts import Verdict, is_refusal, is_server_error, judge, may_pass

if TYPE_CHECKING:
    from collections.abc import Sequence

    from .._core.rate_limits.clock import Clock
    from ._chunks import Chunk, Cutter
    from ._journal import Journal, Root
    from ._outcomes import Finished
    from ._tally import Tally

_RESENDABLE = 23 * 3600.0
"""Seconds for which an idempotency key is relied on; the API keeps it for 24 hours."""
_SET_BACK = 3600.0
"""Seconds by which the system's clock may be behind the moment at which something was sent; after that, nobody knows
how old it is.
"""
_OUTSTANDING = 100
"""Number of bulk operations that are waited for at the same time."""
_HELD = 50_000_000
"""Bytes of their requests, which are kept until it is known which of their items failed."""
_STUCK = 3600.0
"""Seconds after which an operation that does not end is given up."""
_BATCH = 50
_FLUSH = 0.25
"""Seconds that finished chunks wait for their entry in the journal."""


class Result(NamedTuple):
    """What a request for a chunk resulted in."""

    chunk: Chunk
    polled: bool
    value: Any = None
    limited: Sequence[str] = ()
    error: KnockError | None = None


class Settler:
    """Keeps what waits and what has ended, apart from what is on its way."""

    def __init__(
        self, cutter: Cutter, journal: Journal, tally: Tally, clock: Clock, *, wait: bool, strict_once: bool
    ) -> None:
        """Start without chunks.

        Args:
            cutter: has the job, and encodes parts of chunks.
            journal: keeps what became of chunks.
            tally: counts.
            clock: the clock that waits go by.
            wait: whether to wait for bulk operations.
            strict_once: whether a trigger that got a 500 counts as carried out.
        """
        self._job = cutter.job
        self._cutter = cutter
        self._lifetime = cutter.template.lifetime
        self._journal = journal
        self._tally = tally
        self._clock = clock
        self._wait = wait and self._job.in_background
        self._strict_once = strict_once
        self._keyed = self._job.operation.repeat == "keyed"
        self._once = self._job.operation.repeat == "never"
        self._one_by_one = self._once or self._job.operation.tier < 3
        self.lines = Lines()
        self.health = Health(once=self._once)
        self._accepted: list[Chunk] = []
        self._finished: list[Finished] = []
        self._flushed = clock.monotonic()
        self.error: KnockError | None = None
        """What ends the job, once the results that came with it are settled."""

    def enter(self, root: Root) -> None:
        """Have a chunk sent or its operation looked at, whichever is next."""
        chunk = root.chunk
        self._tally.failed += len(chunk.invalid)
        if root.state == ACCEPTED:
            if chunk.counted and self._wait:
                self._tally.uncount(chunk.size)
            self._await_operation(chunk)
        elif root.state == SENT and chunk.doubtful and self._once:
            self._finish(unknown(self._job, chunk, "an earlier run was sending it when it ended"))
        elif root.state == SENT and self._is_too_old(chunk):
            problem = "an earlier run was sending it, and its idempotency key may have expired"
            self._finish(unknown(self._job, chunk, problem))
        elif chunk.size:
            self.lines.ready.append(chunk)

    def _is_too_old(self, chunk: Chunk) -> bool:
        age = self._clock.time() - (chunk.first_sent_at or 0.0)
        return self._keyed and chunk.doubtful and not -_SET_BACK < age < _RESENDABLE

    def take_later(self, now: float) -> Chunk | None:
        """Return the next chunk whose pause is over, unless it may not be sent any more."""
        while (chunk := self.lines.later.take(now)) is not None:
            if not self._is_too_old(chunk):
                return chunk
            self._finish(unknown(self._job, chunk, "the idempotency key has expired, so that it was not sent again"))
        return None

    def may_hold_more(self, polling: int) -> bool:
        """Return whether another chunk may be read, besides those whose operation is waited for."""
        return len(self.lines.polls) + polling < _OUTSTANDING and self.lines.held < _HELD

    def settle_all(self, results: Sequence[Result]) -> None:
        """Settle results; what ends the job is kept as `error`."""
        for result in results:
            try:
                if result.polled:
                    self._settle_poll(result)
                else:
                    self._settle(result)
            except KnockError as error:
                self.error = self.error or error

    def _settle(self, result: Result) -> None:
        chunk, error = result.chunk, result.error
        if error is None:
            self.health.worked(chunk)
            if self._job.in_background:
                chunk.operation = result.value.id
                if self._wait:
                    self._accepted.append(chunk)
                self._await_operation(chunk)
            else:
                self._finish(processed(self._cutter, chunk, result.limited))
            return
        if not is_refusal(error):
            chunk.doubtful = True
            chunk.stored = chunk.stored or not is_server_error(error)
        verdict = judge(self._job, error, strict_once=self._strict_once)
        if verdict is Verdict.STOP or self._lifetime.over:
            self.lines.ready.append(chunk)
            raise error
        now = self._clock.monotonic()
        if verdict is Verdict.THROTTLED:
            self._postpone(chunk, throttled=True)
            self.health.delayed(error, now)
        elif verdict is Verdict.AGAIN:
            self._again(chunk, error, now)
        elif verdict is Verdict.UNKNOWN:
            self._finish(unknown(self._job, chunk, str(error)))
            self.health.failed(chunk, error, now)
        elif isinstance(error, ConflictError) and not self._may_split(chunk):
            # Perhaps with itself: an earlier try of it may still be under way.
            self.health.worked(chunk)
            self._finish(unknown(self._job, chunk, str(error)))
        else:
            self.health.worked(chunk)
            self._finish(refused(self._cutter, chunk, error))

    def _again(self, chunk: Chunk, error: KnockError, now: float) -> None:
        try:
            self.health.failed(chunk, error, now)
        except KnockError:
            self.lines.ready.append(chunk)
            raise
        if is_refusal(error) or not self.health.keeps_failing(chunk):
            self._postpone(chunk, throttled=False)
        elif self.health.others_work(chunk) or (is_server_error(error) and self._is_left_over(chunk)):
            self._give_up(chunk, error)
        elif chunk.size > 1 and is_server_error(error) and self._may_split(chunk):
            # Its parts may tell whether it is the chunk or the API.
            self._finish(halved(self._cutter, chunk))
        else:
            self._postpone(chunk, throttled=False)

    def _may_split(self, chunk: Chunk) -> bool:
        """Return whether the parts of a chunk, which have other keys, can be sent without anything being done twice."""
        return not (self._keyed and chunk.stored)

    def _is_left_over(self, chunk: Chunk) -> bool:
        """Return whether what is not split goes on failing after others have succeeded, and few are left to compare."""
        few = not self.lines.ready and len(self.lines.later) < PROBES
        return few and (chunk.size == 1 or not self._may_split(chunk)) and self.health.fails_longer(chunk)

    def _postpone(self, chunk: Chunk, *, throttled: bool) -> None:
        pause = wait_before(Cause(throttled=throttled), max(1, chunk.tries), inf) or 0.0
        self.lines.later.put(chunk, self._clock.monotonic() + pause)

    def _give_up(self, chunk: Chunk, error: KnockError) -> None:
        """Split a chunk that fails while others succeed, or have its only item fail.

        The parts have other keys. So a chunk that may have been carried out under its own is not split; of a 500, the
        API stores no response for a key, and repeating the chunk would carry it out again as well.
        """
        if self._keyed and (chunk.size == 1 or not is_server_error(error) or not self._may_split(chunk)):
            self._finish(unknown(self._job, chunk, str(error)))
        elif chunk.size > 1:
            finished = halved(self._cutter, chunk)
            for part in finished.parts:
                self.health.suspect(part)
            self._finish(finished)
        else:
            self._finish(all_failed(self._job, chunk, error))

    def _await_operation(self, chunk: Chunk) -> None:
        if self._wait:
            now = self._clock.monotonic()
            chunk.polled_since = now
            self.lines.polls.put(chunk, now + pause_before(0))
        elif not chunk.counted:
            # Its items are kept, for a run that waits.
            chunk.counted = True
            self._tally.succeeded += chunk.size
            self._accepted.append(chunk)

    def _settle_poll(self, result: Result) -> None:
        chunk, error, operation = result.chunk, result.error, result.value
        now = self._clock.monotonic()
        if isinstance(error, NotFoundError):
            problem = f"its bulk operation {chunk.operation} does not exist any more"
            self._finish(unknown(self._job, chunk, problem))
            return
        if isinstance(error, InvalidArgumentError):
            problem = f"the API gave its bulk operation an id that cannot be looked at, {chunk.operation!r}"
            self._finish(unknown(self._job, chunk, problem))
            return
        if error is not None:
            if self._lifetime.over or not may_pass(error):
                raise error
            self.health.delayed(error, now)
        else:
            self.health.answered()
        if operation is not None and operation.status == "failed":
            failed = failed_as_a_whole(operation)
            once = unknown(self._job, chunk, str(failed))
            self._finish(once if self._once else all_failed(self._job, chunk, failed))
        elif operation is not None and operation.status == "completed":
            self._finish(completed(self._job, chunk, operation))
        elif now - chunk.polled_since > _STUCK:
            self._finish(unknown(self._job, chunk, f"its bulk operation {chunk.operation} does not end"))
        else:
            chunk.polls += 1
            self.lines.polls.put(chunk, now + pause_before(chunk.polls))

    def _finish(self, finished: Finished) -> None:
        self._finished.append(finished)
        self._tally.count(finished)

    @property
    def write_at(self) -> float:
        """When what has ended is to be written down at the latest."""
        return self._flushed + _FLUSH if self._finished else inf

    def must_write(self) -> bool:
        """Return whether to write down what has ended: a batch at a time, and what cannot be sent twice at once."""
        if self._accepted:
            return True
        if not self._finished:
            return False
        parts = any(each.parts for each in self._finished)
        many = len(self._finished) >= _BATCH
        return parts or many or self._one_by_one or self._clock.monotonic() >= self.write_at

    def write_finished(self) -> None:
        """Write down what was accepted, and what has ended."""
        accepted, self._accepted = self._accepted, []
        if accepted:
            self._journal.accept(accepted)
        finished, self._finished = self._finished, []
        now = self._flushed = self._clock.monotonic()
        if finished:
            self._journal.finish(finished, self._clock.time(), keyed=self._keyed)
        for each in finished:
            for part in each.parts:
                self.lines.later.put(part, now + each.pause)

    def set_unsent(self) -> None:
        """Write down what was certainly not carried out, when the job ends early.

        What got nothing but 500 counts as such, since repeating it is no other risk in a later run than in this one.
        """
        self._journal.set_unsent(
            chunk for chunk in self.lines.unsent() if not chunk.doubtful or (self._keyed and not chunk.stored)
        )
