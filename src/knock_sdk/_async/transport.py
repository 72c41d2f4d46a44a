"""Transport: a call from encoding over attempts and waits to decoding."""

from __future__ import annotations

from functools import partial
from time import monotonic
from typing import TYPE_CHECKING, Any, NoReturn, Protocol, TypeVar

from typing_extensions import override

from .._core.deadline import NEVER, Deadline
from .._core.lifetime import closed
from .._core.logs import log_failure, log_response, log_sent, log_wait
from .._core.nested_calls import nesting
from .._core.outcome import Failure, Oversized
from .._core.requests.encode import encode
from .._core.responses.decode import decode
from .._core.responses.error_factory import connection_error, too_large_error
from .._core.responses.model import Model, set_response_info
from .._core.responses.response_info import ResponseInfo, record
from .._core.retry import Budget, Cause, allowed_attempts, cause_of_failure, cause_of_status, retry_after, wait_before
from ._concurrency import KeyedLock, sleep, when_ended

if TYPE_CHECKING:
    from typing_extensions import Self

    from .._core.hooks import Hooks
    from .._core.lifetime import Lifetime, Lifetimes
    from .._core.observation import Observer
    from .._core.outcome import Response
    from .._core.rate_limits.clock import Clock
    from .._core.rate_limits.limits import RateLimit
    from .._core.rate_limits.turn import Turn
    from .._core.requests.config import Config
    from .._core.requests.encode import Outgoing
    from .._core.requests.operation import Operation
    from .._core.requests.request import Request
    from .per_loop import PerLoop

T = TypeVar("T")


class AsyncEngine(Protocol):
    """An HTTP exchange of a single attempt, over one library."""

    async def exchange(self, outgoing: Outgoing, deadline: Deadline) -> Response:
        """Return a complete response, or raise `Failure` or `Oversized`.

        Args:
            outgoing: the encoded request; its `attempt_timeout` begins once a connection is free.
            deadline: the end of the whole call, which waiting for a connection must observe too.
        """
        ...

    async def close(self) -> None:
        """Close all connections."""
        ...


class AsyncTransport:
    """Carries out requests; `_core` decides on retries and on the meaning of responses."""

    __slots__ = (
        *("_owner", "budget", "config", "engine", "hooks", "lifetimes", "observer", "patient", "rate_limit"),
        "record_locks",
    )

    config: Config
    engine: AsyncEngine
    budget: Budget
    record_locks: PerLoop[KeyedLock]
    lifetimes: Lifetimes
    rate_limit: RateLimit | None
    patient: bool
    hooks: Hooks | None
    """What is told of calls: by an `AsyncObservedTransport` alone."""
    observer: Observer | None
    """The same."""

    def __init__(  # noqa: PLR0917 (each is of another type)
        self,
        config: Config,
        engine: AsyncEngine,
        budget: Budget,
        record_locks: PerLoop[KeyedLock],
        lifetimes: Lifetimes,
        rate_limit: RateLimit | None,
        *,
        patient: bool = False,
    ) -> None:
        """Store what a call needs; clients of `with_options` share all but the settings and the rate limit.

        Args:
            config: the settings.
            engine: what sends.
            budget: tokens for retries.
            record_locks: locks of the records that are written to.
            lifetimes: the lifetimes of the client.
            rate_limit: what each attempt waits for.
            patient: whether this wait does not count against the time limit of a call, and a call does not wait for
                others to the same record: a job of many requests has other ways to end.
        """
        self._owner: str | None = None
        self.hooks = self.observer = None
        self.patient = patient
        self.rate_limit = rate_limit
        self.config = config
        self.engine = engine
        self.budget = budget
        self.record_locks = record_locks
        self.lifetimes = lifetimes

    def derive(self, config: Config, rate_limit: RateLimit | None, *, patient: bool = False) -> Self:
        """Return a transport with other settings that shares everything else, hooks and observer included."""
        derived = type(self)(
            config, self.engine, self.budget, self.record_locks, self.lifetimes, rate_limit, patient=patient
        )
        derived.hooks, derived.observer = self.hooks, self.observer
        return derived

    def __deepcopy__(self, memo: object) -> Self:
        """Return itself: a copy of a client shares connections and retry budget, as `with_options` does."""
        return self

    @override
    def __reduce__(self) -> NoReturn:
        """Refuse to be pickled."""
        raise TypeError(
            "a client cannot be pickled, as it has a key and connections; create one where it is used, for example by"
            " AsyncKnock() in each process, with KNOCK_API_KEY set"
        )

    async def send(self, request: Request[T]) -> T:
        """Make a call and return its data; raise a `KnockError` if it fails."""
        value, _ = await self.send_with_info(request)
        return value

    async def send_with_info(self, request: Request[T], outgoing: Outgoing | None = None) -> tuple[T, ResponseInfo]:
        """Make a call; return its data and the information about its response.

        Args:
            request: the request.
            outgoing: its encoded form, if it was encoded before.
        """
        started = monotonic()
        if outgoing is None:
            outgoing = encode(request, self.config, self.lifetimes.present)
        if outgoing.operation.repeat == "idempotent" and not nesting.get() and not self.patient:
            response, attempts = await self._attempt_in_order(outgoing, started)
        else:
            response, attempts = await self._attempt_all(outgoing, Deadline.after(outgoing.timeout), started)
        value = decode(request, outgoing, response, attempts, self.config)
        info = ResponseInfo(outgoing, response, attempts, monotonic() - started)
        if isinstance(value, Model):
            set_response_info(value, info)
        record(info)
        return value, info

    async def refuse(self, error: Exception, operation: Operation | None = None) -> None:
        """Take in that a method rejects its arguments before there is a request; only hooks need to know.

        Args:
            error: what the method raises.
            operation: the operation, None for a raw call.
        """

    async def _attempt_in_order(self, outgoing: Outgoing, started: float) -> tuple[Response, int]:
        """Wait for earlier writes to the same record: a retry of one must not undo a later write."""
        deadline = Deadline.after(outgoing.timeout)
        locks = self.record_locks.get()
        slot = await locks.acquire(deadline, outgoing.lifetime, outgoing.target.partition("?")[0])
        if slot is None:
            failure = Failure("an earlier write to the same record took too long", sent=False, timed_out=True)
            raise connection_error(outgoing, closed() if outgoing.lifetime.over else failure, 0)
        try:
            result = await self._attempt_all(outgoing, deadline, started)
        except BaseException:
            # A cancelled call may have left an attempt behind, which must not be overtaken.
            when_ended(outgoing, partial(locks.release, slot))
            raise
        locks.release(slot)
        return result

    async def _attempt_all(self, outgoing: Outgoing, deadline: Deadline, started: float) -> tuple[Response, int]:
        repeat = outgoing.operation.repeat
        allowed = allowed_attempts(repeat, outgoing.max_retries)
        attempt = spent = 0
        sent = False
        make_attempt = self._attempt if self.rate_limit is None else self._attempt_in_turn
        while True:
            attempt += 1
            log_sent(outgoing, attempt)
            response, failure, cause = await make_attempt(outgoing, attempt, deadline)
            if response is not None:
                log_response(outgoing, response, attempt, monotonic() - started)
                if response.status < 300:
                    self.budget.refund(spent)
                sent = sent or response.status != 429
            elif failure is not None:
                log_failure(outgoing, failure, attempt)
                if not failure.attempted:
                    # The error is about the attempts before, and the retry was not made.
                    attempt -= 1
                    if spent:
                        self.budget.refund(spent)
                failure.sent = sent = sent or failure.sent
            wait = None if cause is None or attempt >= allowed else wait_before(cause, attempt, deadline.left())
            if cause is None or wait is None or not (spent := self.budget.spend(cause)):
                if failure is not None:
                    raise connection_error(outgoing, failure, attempt)
                if response is not None:
                    return response, attempt
            else:
                log_wait(outgoing, attempt, wait)
                await self._pause(wait, outgoing.lifetime)

    @property
    def clock(self) -> Clock:
        """The clock that waits go by: the system's, unless the engine has its own, such as the simulator's."""
        return getattr(self.engine, "clock", None) or _system_clock()

    @property
    def has_own_clock(self) -> bool:
        """Whether waits take no time: the engine has a clock of its own, such as the simulator's."""
        return getattr(self.engine, "clock", None) is not None

    async def _pause(self, seconds: float, lifetime: Lifetime) -> None:
        """Wait between two attempts."""
        own: Any = getattr(self.engine, "clock", None)
        if own is None:
            await sleep(seconds, lifetime)
        else:
            await own.pause(seconds)

    async def sleep(self, seconds: float, lifetime: Lifetime) -> None:
        """Wait this many seconds of the clock, at most until the end of the lifetime."""
        own: Any = getattr(self.engine, "clock", None)
        if own is None:
            await sleep(seconds, lifetime)
        else:
            await own.sleep(seconds)

    async def take_turn(self, limits: RateLimit, outgoing: Outgoing, deadline: Deadline) -> Turn | None:
        """Wait until a rate limit allows a request; raise `Failure` if it does not in time.

        Returns:
            The turn, or None if no limit is known for the request.
        """
        from .._core.rate_limits.tiers import owner_of  # few clients need these
        from ._turns import Waiting

        if self._owner is None:
            self._owner = owner_of(self.config, self.config.headers)
        owner = self._owner
        if outgoing.secrets is not self.config.secrets:  # the call may have a key or a user of its own
            owner = owner_of(self.config, outgoing.headers)
        own: Any = getattr(self.engine, "clock", None)  # once: a simulator may take over, or leave, meanwhile
        clock: Clock = own or _system_clock()
        found = limits.line_of(clock, owner, outgoing)
        if found is None:
            return None
        scope, line = found
        return await Waiting(limits, scope, line, clock, own, outgoing.lifetime, deadline).take_turn()

    async def _attempt_in_turn(
        self, outgoing: Outgoing, attempt: int, deadline: Deadline
    ) -> tuple[Response | None, Failure | None, Cause | None]:
        """Make one attempt when the rate limit allows it, and tell the limit how it went."""
        assert self.rate_limit is not None, "without one, no turn is needed"  # noqa: S101 (the caller has looked)
        try:
            turn = await self.take_turn(self.rate_limit, outgoing, Deadline(NEVER) if self.patient else deadline)
        except Failure as refused:
            return None, refused, None
        if self.patient:
            deadline = Deadline.after(outgoing.timeout)
        response, failure, cause = await self._attempt(outgoing, attempt, deadline)
        if turn is None:
            pass
        elif response is not None and response.status == 429:
            turn.refused(retry_after(response))
        elif response is not None:
            turn.answered()
        elif failure is not None and not failure.sent:
            turn.not_sent()
        return response, failure, cause

    async def _attempt(
        self, outgoing: Outgoing, attempt: int, deadline: Deadline
    ) -> tuple[Response | None, Failure | None, Cause | None]:
        """Make one attempt; return its response or its failure, and the reason to repeat it, if any."""
        if outgoing.lifetime.over:
            return None, closed(), None
        repeat = outgoing.operation.repeat
        complete = True
        try:
            response = await self.engine.exchange(outgoing, deadline)
        except Failure as failure:
            return None, failure, cause_of_failure(repeat, failure)
        except Oversized as oversized:
            response, complete = oversized.response, False
        # Raised outside the except block, so that the caught exception and its bytes are not chained to the error.
        if not complete and response.status < 300:
            raise too_large_error(outgoing, response, attempt)
        if response.status < 300:
            return response, None, None
        return response, None, cause_of_status(repeat, response, strict_once=self.config.strict_once)


def _system_clock() -> Clock:
    from .._core.rate_limits.clock import SYSTEM_CLOCK  # few clients need it

    return SYSTEM_CLOCK
