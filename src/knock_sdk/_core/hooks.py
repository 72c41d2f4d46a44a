"""Hooks: functions of the caller that are told of a client's calls, and the events that they get."""

from __future__ import annotations

from collections.abc import Callable, Generator, Mapping  # noqa: TC003 - needed to evaluate the annotations
from contextlib import contextmanager, suppress
from contextvars import ContextVar
from dataclasses import dataclass
from inspect import isasyncgenfunction, iscoroutinefunction
from itertools import count
from time import monotonic
from typing import TYPE_CHECKING, Any, NamedTuple

from ..errors import APIConnectionError, APIResponseValidationError, APIStatusError, ConfigurationError
from .logs import log
from .nested_calls import nesting
from .requests.method_names import METHOD_NAMES
from .secret import redact
from .signals import raised_by_a_handler

if TYPE_CHECKING:
    from .outcome import Failure, Response
    from .requests.encode import Outgoing
    from .requests.operation import Operation
    from .secret import Secret

_RAW = "request"
"""The name of the operation of raw calls."""
_numbers = count(1)
_inside: ContextVar[bool] = ContextVar("knock_sdk_inside_hook", default=False)


@dataclass(frozen=True, kw_only=True, slots=True)
class CallEvent:
    """What the events of all hooks have in common. They contain neither bodies nor headers, and so no key.

    Attributes:
        call_id: number of the call, the same in all of its events and different from that of any other call of the
            process.
        operation: the client's method, such as `workflows.trigger`; `request` for `client.get(...)` and the like.
        method: the HTTP method.
        path: the path template, without ids (for `client.get(...)` and the like, the path as given).
        idempotency_key: the key of every attempt, for `workflows.trigger`.
    """

    call_id: int
    operation: str
    method: str
    path: str
    idempotency_key: str | None


@dataclass(frozen=True, kw_only=True, slots=True)
class RequestEvent(CallEvent):
    """An attempt is about to be made: the event of `on_request`.

    Attributes:
        attempt: number of the attempt, from 1.
    """

    attempt: int


@dataclass(frozen=True, kw_only=True, slots=True)
class ResponseEvent(CallEvent):
    """An attempt got a complete response, whatever its status: the event of `on_response`.

    Attributes:
        attempt: number of the attempt, from 1.
        status_code: the status.
        request_id: Knock's id of the request; None if the response has none.
        elapsed: seconds of this attempt, including the wait for a connection.
    """

    attempt: int
    status_code: int
    request_id: str | None
    elapsed: float


@dataclass(frozen=True, kw_only=True, slots=True)
class RetryEvent(CallEvent):
    """An attempt failed, and the call waits before the next one: the event of `on_retry`.

    Attributes:
        attempt: number of the attempt that failed, from 1.
        wait: seconds until the next attempt.
        reason: the status, such as `status 503`, or what went wrong with the connection.
        status_code: the status; None if there was no response.
    """

    attempt: int
    wait: float
    reason: str
    status_code: int | None


@dataclass(frozen=True, kw_only=True, slots=True)
class FailureEvent(CallEvent):
    """A call raises an exception: the event of `on_failure`.

    Attributes:
        error: the exception; a `KnockError` except for mistakes such as an unknown keyword, and for what functions of
            the application raise, such as hooks of its own HTTP client.
        attempts: number of attempts made; 0 if the arguments were rejected.
        elapsed: seconds from the call to the exception, waits included.
    """

    error: Exception
    attempts: int
    elapsed: float


class Hooks(NamedTuple):
    """The hooks of a client."""

    on_request: Callable[[RequestEvent], object] | None = None
    on_response: Callable[[ResponseEvent], object] | None = None
    on_retry: Callable[[RetryEvent], object] | None = None
    on_failure: Callable[[FailureEvent], object] | None = None


NO_HOOKS = Hooks()


def hooks_from(present: Hooks | None, given: Mapping[str, Any], *, asynchronous: bool) -> Hooks | None:
    """Return the hooks of a client with some replaced; None if there is none left.

    Args:
        present: its hooks until now.
        given: the new ones by name; a value None removes one.
        asynchronous: whether the client awaits hooks.

    Raises:
        ConfigurationError: One is not a function, or asynchronous where nothing awaits it.
    """
    for name, hook in given.items():
        if hook is not None:
            _check_hook(name, hook, asynchronous=asynchronous)
    hooks = (present or NO_HOOKS)._replace(**given)
    return None if hooks == NO_HOOKS else hooks


def _check_hook(name: str, hook: object, *, asynchronous: bool) -> None:
    if not callable(hook):
        raise ConfigurationError(
            f"{name}: must be a function that takes the event as its only argument, not {type(hook).__name__}"
        )
    for function in (hook, type(hook).__call__):
        if isasyncgenfunction(function):
            raise ConfigurationError(f"{name}: must be a function without yield, which would never run")
        if iscoroutinefunction(function) and not asynchronous:
            raise ConfigurationError(
                f"{name}: must be a function that is not async, as Knock awaits nothing; AsyncKnock takes such ones"
            )


def inside_hook() -> bool:
    """Return whether a hook runs here: calls that it makes have none."""
    return _inside.get()


@contextmanager
def hook_running(name: str) -> Generator[None, None, None]:
    """Run a hook in this block; what it raises is logged, apart from interrupts and cancellations."""
    inside = _inside.set(True)
    # Its calls do not wait for a write that is under way: that may be the one which has called the hook.
    nested = nesting.set(nesting.get() + 1)
    try:
        yield
    except Exception as error:
        if raised_by_a_handler(error) is error:
            raise
        log.warning("%s: the hook raised an exception; the call goes on", name, exc_info=True)
    finally:
        with suppress(ValueError):  # a task that nothing refers to is closed in any context
            nesting.reset(nested)
            _inside.reset(inside)


class Events:
    """Makes the events of one call."""

    __slots__ = ("_common", "_secrets", "_started")

    def __init__(self, operation: Operation | None, secrets: tuple[Secret, ...]) -> None:
        """Begin.

        Args:
            operation: the operation; None for a raw call whose method or path was rejected.
            secrets: what must not be shown.
        """
        self._started = monotonic()
        self._secrets = secrets
        self._common: dict[str, Any] = {
            "call_id": next(_numbers),
            "operation": _RAW if operation is None else METHOD_NAMES.get(operation.name, operation.name),
            "method": "" if operation is None else operation.method,
            "path": "" if operation is None else operation.path,
            "idempotency_key": None,
        }
        self._hide_path()

    @property
    def operation(self) -> str:
        """The client's method."""
        name: str = self._common["operation"]
        return name

    def encoded(self, outgoing: Outgoing) -> None:
        """Take in what is sent."""
        self._secrets = outgoing.secrets
        self._common["idempotency_key"] = outgoing.idempotency_key
        self._hide_path()

    def _hide_path(self) -> None:
        if self.operation == _RAW:  # the path is the caller's own, with its query
            self._common["path"] = redact(self._common["path"], self._secrets)

    def request(self, attempt: int) -> RequestEvent:
        """Return the event of an attempt that is about to be made."""
        return RequestEvent(**self._common, attempt=attempt)

    def response(self, attempt: int, response: Response, elapsed: float) -> ResponseEvent:
        """Return the event of a response."""
        request_id = response.header(b"x-request-id")
        return ResponseEvent(
            **self._common,
            attempt=attempt,
            status_code=response.status,
            request_id=request_id and redact(request_id, self._secrets),
            elapsed=elapsed,
        )

    def retry(self, attempt: int, response: Response | None, failure: Failure | None, wait: float) -> RetryEvent:
        """Return the event of a wait after an attempt that got this response, or failed without one."""
        status = None if response is None else response.status
        reason = f"status {status}" if failure is None else redact(failure.problem, self._secrets)
        return RetryEvent(**self._common, attempt=attempt, wait=wait, reason=reason, status_code=status)

    def failure(self, error: Exception, attempts: int) -> FailureEvent:
        """Return the event of an exception; an error that says how many attempts were made knows better."""
        if isinstance(error, (APIConnectionError, APIResponseValidationError, APIStatusError)):
            attempts = error.attempts
        return FailureEvent(**self._common, error=error, attempts=attempts, elapsed=monotonic() - self._started)
