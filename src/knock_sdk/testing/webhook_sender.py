"""Sending events to webhooks: calling functions, and requests to URLs, while the state is not locked.

One attempt is made at a time, in order; what happens during one, such as a trigger by the function, is sent after it.
The caller that causes an event makes the attempts before it goes on, with two exceptions: in an event loop, a thread
sends the requests, since a server in the same loop could not respond; and in the loop of the simulator's own server, a
thread calls the functions too, since these could not reach the server.
"""

from __future__ import annotations

import asyncio
import logging
import sys
from contextvars import ContextVar
from functools import cached_property
from inspect import iscoroutine
from threading import Lock, Thread
from typing import TYPE_CHECKING, Any

from ..webhooks._signature import clock_at
from .background import webhook_attempts

if TYPE_CHECKING:
    from collections.abc import Callable
    from contextlib import AbstractContextManager

    import httpx

    from .background.webhook_attempts import Attempt
    from .state.world import World

log = logging.getLogger("knock_sdk.testing")

serving: ContextVar[bool] = ContextVar("knock_sdk.testing.serving", default=False)
"""Whether the current task handles a request to the simulator's own server."""

_TIME_LIMIT = 15
"""Seconds that a URL has to respond. Knock documents none."""

_STATUSES = range(100, 600)


class WebhookSender:
    """Makes the attempts that are due."""

    def __init__(self, lock: AbstractContextManager[object], world: Callable[[], World]) -> None:
        """Store the lock of the state, and what returns the state."""
        self._lock = lock
        self._world = world
        self._turns = {True: Lock(), False: Lock()}

    def send(self) -> None:
        """Make the attempts that are due; return at once if that is under way already."""
        if not self._world().publishes:
            return
        in_loop = _in_event_loop()
        for calls in (True, False):
            # Whoever has the turn makes these attempts too.
            if webhook_attempts.is_due(self._world(), calls=calls) and not self._turns[calls].locked():
                if in_loop and (not calls or serving.get()):
                    Thread(target=self._send, kwargs={"calls": calls}, name="knock webhooks", daemon=True).start()
                else:
                    self._send(calls=calls)

    def _send(self, *, calls: bool) -> None:
        # Asked again after each turn: what became due at its very end was left to it by others.
        while webhook_attempts.is_due(self._world(), calls=calls):
            if not self._turns[calls].acquire(blocking=False):
                return
            try:
                while attempt := self._begin(calls=calls):
                    self._make(attempt)
            finally:
                self._turns[calls].release()

    def _make(self, attempt: Attempt) -> None:
        status: int | None = None
        error: str | None = "the attempt was interrupted"
        try:
            status, error = _call(attempt) if attempt.calls else self._request(attempt)
        finally:
            with self._lock:
                webhook_attempts.end(attempt, status, error)

    def _begin(self, *, calls: bool) -> Attempt | None:
        with self._lock:
            return webhook_attempts.begin(self._world(), calls=calls)

    def _request(self, attempt: Attempt) -> tuple[int | None, str | None]:
        from httpx import HTTPError

        try:
            response = self._client.post(attempt.delivery.target, content=attempt.body, headers=attempt.headers)
        except HTTPError as error:
            return None, f"{type(error).__name__}: {error}"
        return response.status_code, None

    @cached_property
    def _client(self) -> httpx.Client:
        from httpx import Client, Limits

        # No connection is kept, so that there is nothing to close.
        return Client(timeout=_TIME_LIMIT, trust_env=False, limits=Limits(max_keepalive_connections=0))


def _call(attempt: Attempt) -> tuple[int | None, str | None]:
    if attempt.function is None:
        return None, "the function was not saved with the state: declare the webhook again"
    try:
        with clock_at(attempt.at):
            result: Any = attempt.function(attempt.body, dict(attempt.headers))
    except AssertionError:
        raise  # a failed test
    except Exception as error:
        log.warning("the function of a webhook raised", exc_info=True)
        return None, f"{type(error).__name__}: {error}"
    if result is None:
        return 200, None
    if isinstance(result, int) and result in _STATUSES:
        return int(result), None
    if iscoroutine(result):
        result.close()
        return None, "the function returned a coroutine: it must be a plain function, which returns a status or None"
    return None, f"the function returned {type(result).__name__}: it must return a status from 100 to 599, or None"


def _in_event_loop() -> bool:
    try:
        asyncio.get_running_loop()
    except RuntimeError:
        trio = sys.modules.get("trio")
        return trio is not None and bool(trio.lowlevel.in_trio_run())
    return True
