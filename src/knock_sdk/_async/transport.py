"""The way of a call: encode, attempt, wait, decode."""

from __future__ import annotations

from time import monotonic
from typing import TYPE_CHECKING, Protocol, TypeVar

from .._core.deadline import Deadline, seconds_left
from .._core.decode import decode
from .._core.encode import encode
from .._core.error_factory import connection_error, too_large
from .._core.logs import guard_other_logs, log_answer, log_failure, log_sent, log_wait
from .._core.model import Model, set_response_info
from .._core.outcome import Failure, Oversized
from .._core.response_info import ResponseInfo, record
from .._core.retry import Budget, Cause, allowed_attempts, cause_of_failure, cause_of_status, wait_before
from ._concurrency import KeyedLock, sleep

if TYPE_CHECKING:
    from .._core.config import Config
    from .._core.encode import Outgoing
    from .._core.outcome import Answer
    from .._core.request import Request
    from .per_loop import PerLoop

T = TypeVar("T")


class AsyncEngine(Protocol):
    """What makes a single attempt."""

    async def exchange(self, outgoing: Outgoing, deadline: Deadline) -> Answer:
        """Return a complete answer, or raise `Failure`."""
        ...

    async def close(self) -> None:
        """Release whatever is held."""
        ...


class AsyncTransport:
    """Carries requests out as `_core` decides: how often, when, and what the answer means."""

    __slots__ = ("budget", "config", "engine", "record_locks")

    config: Config
    engine: AsyncEngine
    budget: Budget
    record_locks: PerLoop[KeyedLock]

    def __init__(self, config: Config, engine: AsyncEngine, budget: Budget, record_locks: PerLoop[KeyedLock]) -> None:
        """Join settings, engine, retry budget and locks; clients made by `with_options` share the last three."""
        self.config = config
        self.engine = engine
        self.budget = budget
        self.record_locks = record_locks

    async def send(self, request: Request[T]) -> T:
        """Make a call and return its data; raise a `KnockError` if it fails."""
        value, _ = await self.send_with_info(request)
        return value

    async def send_with_info(self, request: Request[T]) -> tuple[T, ResponseInfo]:
        """Make a call; return its data and what the answer carried besides."""
        started = monotonic()
        outgoing = encode(request, self.config)
        guard_other_logs(self.config)
        if outgoing.operation.repeat == "idempotent":
            answer, attempts = await self._attempt_in_order(outgoing, started)
        else:
            answer, attempts = await self._attempt_all(outgoing, Deadline.after(outgoing.timeout), started)
        value = decode(request, outgoing, answer, attempts, self.config)
        info = ResponseInfo(outgoing, answer, attempts, monotonic() - started, self.config.secrets)
        if isinstance(value, Model):
            set_response_info(value, info)
        record(info)
        return value, info

    async def _attempt_in_order(self, outgoing: Outgoing, started: float) -> tuple[Answer, int]:
        """Wait for an earlier write to the same record: its retry must not come after, and undo, a later write."""
        deadline = Deadline.after(outgoing.timeout)
        locks = self.record_locks.get()
        record_path = outgoing.target.partition("?")[0]
        if not await locks.acquire(record_path, seconds_left(deadline)):
            failure = Failure("an earlier write to the same record took too long", sent=False, timed_out=True)
            raise connection_error(outgoing, failure, 0)
        try:
            return await self._attempt_all(outgoing, deadline, started)
        finally:
            locks.release(record_path)

    async def _attempt_all(self, outgoing: Outgoing, deadline: Deadline, started: float) -> tuple[Answer, int]:
        config = self.config
        repeat = outgoing.operation.repeat
        allowed = allowed_attempts(repeat, outgoing.max_retries)
        attempt = spent = 0
        while True:
            attempt += 1
            log_sent(outgoing, attempt, config)
            answer, failure, cause = await self._attempt(outgoing, attempt, deadline)
            if answer is not None:
                log_answer(outgoing, answer, attempt, monotonic() - started, config)
                if answer.status < 300:
                    self.budget.refund(spent)
            elif failure is not None:
                log_failure(outgoing, failure, attempt)
            wait = None if cause is None or attempt >= allowed else wait_before(cause, attempt, deadline.left())
            if cause is None or wait is None or not (spent := self.budget.spend(cause)):
                if failure is not None:
                    raise connection_error(outgoing, failure, attempt)
                if answer is not None:
                    return answer, attempt
            else:
                log_wait(outgoing, attempt, wait)
                # An engine may have a time of its own to wait in, as the simulator has.
                await getattr(self.engine, "sleep", sleep)(wait)

    async def _attempt(
        self, outgoing: Outgoing, attempt: int, deadline: Deadline
    ) -> tuple[Answer | None, Failure | None, Cause | None]:
        """Make one attempt; return its answer or its failure, and why it may be repeated."""
        repeat = outgoing.operation.repeat
        limit = min(deadline, Deadline.after(self.config.attempt_timeout))
        whole = True
        try:
            answer = await self.engine.exchange(outgoing, limit)
        except Failure as failure:
            return None, failure, cause_of_failure(repeat, failure)
        except Oversized as oversized:
            answer, whole = oversized.answer, False
        # Raised out here, so that what was caught, and its bytes, are no part of the error's chain.
        if not whole and answer.status < 300:
            raise too_large(outgoing, answer, attempt, self.config)
        return answer, None, cause_of_status(repeat, answer, strict_once=self.config.strict_once)
