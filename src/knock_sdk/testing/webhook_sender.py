"""Sending events to webhooks: calling functions, and requests to URLs, while the state is not locked.

One function and one request at a time, in order; what happens during an attempt, such as a trigger by the function, is
sent after it. The caller that causes an event makes the attempts before it goes on, with two exceptions: in an event
loop, a thread sends the requests, since a server in the same loop could not respond; and in the loop of the simulator's
own server, a thread calls the functions too, since these could not reach the server.
"""

from __future__ import annotations

import asyncio
import logging
import sys
import time
from contextvars import ContextVar
from functools import cached_property
from inspect import iscoroutine
from threading import Lock, Thread
from typing import TYPE_CHECKING, Any

from .._core.nested_calls import nesting
from ..webhooks._clock import clock_at
from .background import webhook_attempts
from .state.outside import STATUSES

if TYPE_CHECKING:
    from collections.abc import Callable

    import httpx

    from .background.webhook_attempts import Attempt
    from .state.lock import StateLock
    from .state.world import World

log: logging.Logger = logging.getLogger("knock_sdk.testing")

serving: ContextVar[bool] = ContextVar("knock_sdk.testing.serving", default=False)
"""Whether the current task handles a request to the simulator's own server."""

TIME_LIMIT = 5.0
"""Seconds of real time that a URL has to respond. Knock documents no limit."""

_PAUSE = 0.005


class WebhookSender:
    """Makes the attempts that are due."""

    def __init__(self, lock: StateLock, world: Callable[[], World]) -> None:
        """Store the lock, and a function that returns the current state."""
        self._lock = lock
        self._world = world
        self._turns = {True: Lock(), False: Lock()}
        """Held during the attempts of functions, and of requests."""
        self._failure: AssertionError | None = None
        """The first assertion of a function that failed and has not been raised."""

    def send_due(self) -> None:
        """Make the attempts that are due, unless that is under way; then raise the first failed assertion in them."""
        # A function that runs while the state is locked, such as the answer to a fetch, has called the simulator:
        # whoever has locked the state sends afterwards.
        if not self._world().has_webhooks or self._lock.is_mine:
            return
        in_loop = _in_event_loop()
        for is_function in (True, False):
            # Whoever has the turn makes these attempts too.
            if self._is_due(is_function) and not self._turns[is_function].locked():
                if in_loop and (not is_function or serving.get()):
                    Thread(target=self._drain, args=(is_function,), name="knock webhooks", daemon=True).start()
                else:
                    self._drain(is_function)
        if self._failure is not None and not serving.get() and not nesting.get():
            failure, self._failure = self._failure, None
            raise failure

    def let_finish(self) -> None:
        """Wait a while until other threads have made the attempts that are due; do not, in an event loop."""
        if self._world().has_webhooks and not (nesting.get() or self._lock.is_mine or _in_event_loop()):
            self.wait(TIME_LIMIT)

    def wait(self, timeout: float) -> bool:
        """Wait until no attempt is due; return False after `timeout` seconds."""
        limit = time.monotonic() + timeout
        while self._is_due(True) or self._is_due(False):
            if time.monotonic() > limit:
                return False
            time.sleep(_PAUSE)
        return True

    def _is_due(self, is_function: bool) -> bool:
        return webhook_attempts.is_due(self._world(), is_function=is_function)

    def _drain(self, is_function: bool) -> None:
        # Check again after each turn: another thread may have left an event to this one just before its end.
        while self._is_due(is_function):
            if not self._turns[is_function].acquire(blocking=False):
                return
            try:
                while attempt := self._begin(is_function):
                    self._make(attempt)
            finally:
                self._turns[is_function].release()

    def _begin(self, is_function: bool) -> Attempt | None:
        with self._lock:
            return webhook_attempts.begin(self._world(), is_function=is_function)

    def _make(self, attempt: Attempt) -> None:
        status: int | None = None
        error: str | None = "the attempt was interrupted"
        try:
            status, error = self._call(attempt) if attempt.is_function else self._request(attempt)
        finally:
            with self._lock:
                webhook_attempts.end(attempt, status, error)

    def _call(self, attempt: Attempt) -> tuple[int | None, str | None]:
        if attempt.function is None:
            return None, "the function was not saved with the state: declare the webhook again"
        token = nesting.set(attempt.delivery.depth + 1)
        try:
            with clock_at(attempt.at):
                result: Any = attempt.function(attempt.body, dict(attempt.headers))
        except AssertionError as error:
            self._failure = self._failure or error
            return None, f"AssertionError: {error}"
        except Exception as error:
            log.warning("the function of a webhook raised", exc_info=True)
            return None, f"{type(error).__name__}: {error}"
        finally:
            nesting.reset(token)
        return _read_result(result)

    def _request(self, attempt: Attempt) -> tuple[int | None, str | None]:
        url = attempt.delivery.target
        try:
            # The body of the response does not matter, and may never end.
            with self._client.stream("POST", url, content=attempt.body, headers=attempt.headers) as response:
                return response.status_code, None
        except Exception as error:  # noqa: BLE001 - whatever a client of httpx raises, only the attempt fails
            return None, f"{type(error).__name__}: {error}"

    @cached_property
    def _client(self) -> httpx.Client:
        from httpx import Client, Limits

        # No connection is kept, so that there is nothing to close.
        return Client(timeout=TIME_LIMIT, trust_env=False, limits=Limits(max_keepalive_connections=0))


def _read_result(result: Any) -> tuple[int | None, str | None]:
    """Return the status that a function returned, or what is wrong with it."""
    if result is None:
        return 200, None
    if isinstance(result, int) and result in STATUSES:
        return int(result), None
    if iscoroutine(result):
        result.close()
        return None, "the function returned a coroutine: it must be a plain function, which returns a status or None"
    return None, f"the function returned {type(result).__name__}: it must return a status from 100 to 599, or None"


def _in_event_loop() -> bool:
    try:
        asyncio.get_running_loop()
    except RuntimeError:
        return _in_trio()
    return True


def _in_trio() -> bool:
    trio = sys.modules.get("trio")
    if trio is None:
        return False
    try:
        trio.lowlevel.current_trio_token()  # `in_trio_run` needs trio 0.29
    except RuntimeError:
        return False
    return True
