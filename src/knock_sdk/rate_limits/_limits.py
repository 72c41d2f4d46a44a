"""Rate limits that the library `limits` keeps, in any of its stores."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

from typing_extensions import override

from .._core.secret import hide
from .._core.signals import raised_by_a_handler
from ..errors import ConfigurationError
from ._shared import Reservation, SharedRateLimit

if TYPE_CHECKING:
    from limits.strategies import RateLimiter

_SHORTEST_WAIT = 0.001


class LimitsRateLimit(SharedRateLimit):
    """Share the documented rate limits through a store of the library `limits`, such as Memcached, MongoDB or Valkey.

    A request that must wait asks again, so it needs more round trips than `RedisRateLimit`. It is also less exact: a
    window counts a request when it lets it in, and each process spreads its own over the second. If several processes
    begin one after another, up to twice the limit may be sent within a second.

    Needs the extra: `pip install 'knock-sdk[limits]'`, and the client library of the store.
    """

    __slots__ = ("_limiter",)

    def __init__(self, limiter: str | RateLimiter, *, fallback_share: float) -> None:
        """Prepare; whether the store is connected to is up to the library.

        Args:
            limiter: URI of a store, such as `mongodb://localhost:27017`, which is used with a moving window; or a
                strategy of `limits.strategies`, such as `MovingWindowRateLimiter(storage)`.
            fallback_share: Share of each limit that this process keeps to while the store is unavailable, above 0, at
                most 1: with N processes, 1 / N.

        Raises:
            ConfigurationError: An argument is malformed, or the library or what its store needs is not installed.
        """
        hidden = hide(limiter) if isinstance(limiter, str) else limiter
        del limiter
        super().__init__(fallback_share=fallback_share)
        self._limiter = _strategy(hidden)

    @override
    def ask(self, scope: str, interval: float, longest: float, earliest: float) -> Reservation | None:
        """Count the request in the window of a scope, if it has room."""
        if earliest:
            return None if earliest > longest else Reservation(earliest, granted=False)
        from limits import RateLimitItemPerSecond

        # The interval is a little longer than the limit asks for, so that this is a little less than the limit, and at
        # least 1: windows are whole seconds.
        item = RateLimitItemPerSecond(max(1, int(1 / interval)))
        if self._limiter.hit(item, scope):
            return Reservation(0.0)
        # A moving window is free again when its oldest request has left it.
        wait = max(self._limiter.get_window_stats(item, scope).reset_time - time.time(), _SHORTEST_WAIT)
        return None if wait > longest else Reservation(wait, granted=False)

    @override
    def __repr__(self) -> str:
        limiter = getattr(self, "_limiter", None)  # in a traceback, perhaps without one
        return f"<LimitsRateLimit, {type(limiter).__name__}>"


def _strategy(given: Any) -> RateLimiter:
    try:
        from limits.errors import ConfigurationError as LibraryError
        from limits.storage import storage_from_string
        from limits.strategies import MovingWindowRateLimiter, RateLimiter
    except ImportError:
        raise ConfigurationError("LimitsRateLimit needs an extra: pip install 'knock-sdk[limits]'") from None
    if isinstance(given, RateLimiter):
        return given
    if not hasattr(given, "reveal"):
        raise ConfigurationError(
            f"limiter: takes a URI or a strategy of limits.strategies, not {type(given).__name__};"
            " an asynchronous strategy is not needed for AsyncKnock"
        )
    if given.reveal().startswith("async+"):
        raise ConfigurationError(
            "limiter: is the URI of an asynchronous store; an asynchronous one is not needed for AsyncKnock"
        )
    try:
        return MovingWindowRateLimiter(storage_from_string(given.reveal()))
    except NotImplementedError:
        problem = "its store has no moving window: pass a strategy, such as FixedWindowRateLimiter(storage)"
    except (LibraryError, ValueError, TypeError, AttributeError) as error:
        missing = "prerequisite" in str(error)
        problem = "what this store needs is not installed" if missing else "is not a URI of a store of limits"
    except Exception as error:  # some stores connect at once, and each has its own errors
        if raised_by_a_handler(error) is error:
            raise
        problem = f"its store cannot be opened ({type(error).__name__})"
    raise ConfigurationError(f"limiter: {problem}")
