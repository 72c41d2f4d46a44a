"""Calls that hooks and observers are told of; a client without any has an `AsyncTransport`, which knows neither."""

from __future__ import annotations

from time import monotonic
from typing import TYPE_CHECKING, Any, TypeVar

from typing_extensions import override

from .._core.hooks import NO_HOOKS, Events, hooks_from, inside_hook
from .._core.observation import observer_of_all, told
from .._core.requests.encode import encode
from ._hooks import ASYNCHRONOUS, call_hook
from .transport import AsyncTransport

if TYPE_CHECKING:
    from collections.abc import Mapping

    from .._core.deadline import Deadline
    from .._core.hooks import Hooks
    from .._core.lifetime import Lifetime
    from .._core.observation import Observation, Observer
    from .._core.outcome import Failure, Response
    from .._core.rate_limits.limits import RateLimit
    from .._core.rate_limits.turn import Turn
    from .._core.requests.encode import Outgoing
    from .._core.requests.operation import Operation
    from .._core.requests.request import Request
    from .._core.responses.response_info import ResponseInfo
    from .._core.retry import Cause

T = TypeVar("T")

_send: Any = AsyncTransport.send_with_info
"""The sending itself: `observe_all` replaces it in the class."""


class AsyncObservedTransport(AsyncTransport):
    """A transport whose calls are observed."""

    __slots__ = ()  # so that an instance of `AsyncTransport` can become one of this class

    @override
    async def send_with_info(self, request: Request[T], outgoing: Outgoing | None = None) -> tuple[T, ResponseInfo]:
        """Make a call, and tell of it."""
        hooks = NO_HOOKS if self.hooks is None or inside_hook() else self.hooks
        observer = self.observer or observer_of_all()
        if hooks is NO_HOOKS and observer is None:
            result: tuple[T, ResponseInfo] = await _send(self, request, outgoing)
            return result
        return await AsyncObservedCall(self, hooks, observer, request).run(outgoing)

    @override
    async def refuse(self, error: Exception, operation: Operation | None = None) -> None:
        """Tell the hooks of a call that its method rejects before there is a request."""
        if self.hooks is not None and self.hooks.on_failure is not None and not inside_hook():
            event = Events(operation, self.config.secrets).failure(error, 0)
            await call_hook("on_failure", self.hooks.on_failure, event)


def set_hooks(transport: AsyncTransport, given: Mapping[str, Any]) -> None:
    """Replace some hooks of a transport; a value None removes one."""
    transport.hooks = hooks_from(transport.hooks, given, asynchronous=ASYNCHRONOUS)
    _set_class(transport)


def set_observer(transport: AsyncTransport, observer: Observer | None) -> None:
    """Have an observer observe the calls of a transport that begin from now on; None ends that."""
    transport.observer = observer
    _set_class(transport)


def _set_class(transport: AsyncTransport) -> None:
    # The resources and pages of a client have its transport, and are to be observed too.
    observed = transport.hooks is not None or transport.observer is not None
    transport.__class__ = AsyncObservedTransport if observed else AsyncTransport


def observe_all(*, wanted: bool) -> None:
    """Have the calls of all transports observed, or only of those that have hooks or an observer of their own."""
    # In the class, so that a call of a client that is not observed need not look whether it is.
    method: Any = AsyncObservedTransport.send_with_info if wanted else _send
    AsyncTransport.send_with_info = method  # type: ignore[method-assign]


class AsyncObservedCall(AsyncTransport):
    """The transport of a single call, which tells of its steps."""

    __slots__ = ("_attempts", "_events", "_hooks", "_last", "_observation", "_observer", "_request", "_shared")

    def __init__(self, shared: AsyncTransport, hooks: Hooks, observer: Observer | None, request: Request[Any]) -> None:
        """Prepare.

        Args:
            shared: the client's transport.
            hooks: what is told.
            observer: what observes the call too.
            request: the request.
        """
        super().__init__(
            shared.config,
            shared.engine,
            shared.budget,
            shared.record_locks,
            shared.lifetimes,
            shared.rate_limit,
            patient=shared.patient,
        )
        self._shared = shared
        self._hooks = hooks
        self._observer = observer
        self._request = request
        self._events = Events(request.operation, shared.config.secrets)
        self._observation: Observation | None = None
        self._attempts = 0
        self._last: tuple[Response | None, Failure | None] = (None, None)

    async def run(self, outgoing: Outgoing | None) -> tuple[Any, ResponseInfo]:
        """Make the call; return its data and the information about its response.

        Args:
            outgoing: the encoded request, if it was encoded before.
        """
        try:
            if outgoing is None:
                outgoing = encode(self._request, self.config, self.lifetimes.present)
            self._events.encoded(outgoing)
            outgoing = self._begin(outgoing)
            result: tuple[Any, ResponseInfo] = await _send(self, self._request, outgoing)
        except BaseException as error:
            try:
                # What is cancelled or interrupted cannot wait for a hook any more.
                if (hook := self._hooks.on_failure) is not None and isinstance(error, Exception):
                    await call_hook("on_failure", hook, self._events.failure(error, self._attempts))
            finally:
                self._end(error)
            raise
        self._end(None)
        return result

    def _begin(self, outgoing: Outgoing) -> Outgoing:
        observer = self._observer
        if observer is None:
            return outgoing
        begun = told(observer.begin, self._events.operation, self.config.origin, outgoing)
        if begun is None:
            return outgoing
        self._observation, outgoing = begun
        return outgoing

    def _end(self, error: BaseException | None) -> None:
        if (observation := self._observation) is not None:
            told(observation.ended, error)

    @override
    async def _attempt(
        self, outgoing: Outgoing, attempt: int, deadline: Deadline
    ) -> tuple[Response | None, Failure | None, Cause | None]:
        if outgoing.lifetime.over:  # there will be no attempt
            return await super()._attempt(outgoing, attempt, deadline)
        if (on_request := self._hooks.on_request) is not None:
            await call_hook("on_request", on_request, self._events.request(attempt))
        self._attempts = attempt
        started = monotonic()
        response, failure, cause = await self._make_attempt(outgoing, attempt, deadline)
        self._last = response, failure
        if response is not None and (on_response := self._hooks.on_response) is not None:
            event = self._events.response(attempt, response, monotonic() - started)
            await call_hook("on_response", on_response, event)
        return response, failure, cause

    async def _make_attempt(
        self, outgoing: Outgoing, attempt: int, deadline: Deadline
    ) -> tuple[Response | None, Failure | None, Cause | None]:
        observation = self._observation
        if observation is None:
            return await super()._attempt(outgoing, attempt, deadline)
        told(observation.attempt_begins, over_network=not self.has_own_clock)
        try:
            response, failure, cause = await super()._attempt(outgoing, attempt, deadline)
        except BaseException as error:
            told(observation.attempt_ended, attempt, None, None, error)
            raise
        told(observation.attempt_ended, attempt, response, failure, None)
        return response, failure, cause

    @override
    async def take_turn(self, limits: RateLimit, outgoing: Outgoing, deadline: Deadline) -> Turn | None:
        """Wait until a rate limit allows a request, as the client's transport does."""
        observation = self._observation
        if observation is None:
            return await self._shared.take_turn(limits, outgoing, deadline)
        clock = self.clock
        asked = clock.monotonic()
        turn = await self._shared.take_turn(limits, outgoing, deadline)
        if turn is not None:
            told(observation.turn_taken, clock.monotonic() - asked)
        return turn

    @override
    async def _pause(self, seconds: float, lifetime: Lifetime) -> None:
        response, failure = self._last
        if (observation := self._observation) is not None:
            told(observation.retry_follows, self._attempts, seconds)
        if (on_retry := self._hooks.on_retry) is not None:
            await call_hook("on_retry", on_retry, self._events.retry(self._attempts, response, failure, seconds))
        await super()._pause(seconds, lifetime)
