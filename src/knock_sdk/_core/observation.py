"""Observers: what is told of calls step by step, beside the hooks of a client; OpenTelemetry is one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol, TypeVar

from typing_extensions import ParamSpec

from .logs import log
from .signals import raised_by_a_handler

if TYPE_CHECKING:
    from collections.abc import Callable

    from .outcome import Failure, Response
    from .requests.encode import Outgoing
    from .wire.url import Origin

P = ParamSpec("P")
T = TypeVar("T")


class Observation(Protocol):
    """The observation of one call."""

    def attempt_begins(self, *, over_network: bool) -> None:
        """Take in that an attempt is about to be made.

        Args:
            over_network: whether it leaves the process, which one to a simulator in memory does not.
        """
        ...

    def attempt_ended(
        self, attempt: int, response: Response | None, failure: Failure | None, error: BaseException | None
    ) -> None:
        """Take in how an attempt ended: with a response, without one, or with an exception that ends the call."""
        ...

    def turn_taken(self, waited: float) -> None:
        """Take in that the rate limit of the client allows an attempt, after this many seconds."""
        ...

    def retry_follows(self, attempt: int, wait: float) -> None:
        """Take in that the next attempt follows in this many seconds, and the number of the one before."""
        ...

    def ended(self, error: BaseException | None) -> None:
        """Take in that the call has ended, perhaps with an exception."""
        ...


class Observer(Protocol):
    """Observes calls."""

    def begin(self, operation: str, origin: Origin, outgoing: Outgoing) -> tuple[Observation, Outgoing] | None:
        """Begin to observe a call; None if it is not to be observed.

        Args:
            operation: the client's method, such as `workflows.trigger`.
            origin: where the request goes to.
            outgoing: the encoded request.

        Returns:
            The observation, and the request to send instead, which may have more headers.
        """
        ...


_everywhere: Observer | None = None


def observe_everywhere(observer: Observer | None) -> None:
    """Have an observer observe the calls of all clients that have none of their own; None ends that."""
    global _everywhere  # noqa: PLW0603 (one for the process, as tracing has)
    _everywhere = observer


def observer_of_all() -> Observer | None:
    """Return what observes all clients."""
    return _everywhere


def told(tell: Callable[P, T], *arguments: P.args, **named: P.kwargs) -> T | None:
    """Tell an observer something, and return its answer; what it raises is logged, and does not end the call."""
    try:
        return tell(*arguments, **named)
    except Exception as error:
        if raised_by_a_handler(error) is error:
            raise
        log.warning("a call could not be observed; it goes on", exc_info=True)
        return None
