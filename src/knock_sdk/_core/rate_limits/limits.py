"""Rate limits: which line a request joins, and who assigns the slots of a line."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from ...errors import ConfigurationError
from .line import Line
from .tiers import PER_SECOND, limited_operation, scope_of

if TYPE_CHECKING:
    from ..requests.encode import Outgoing
    from ..secret import Secret
    from .clock import Clock

MAX_LINES = 10_000


class Later(NamedTuple):
    """There is no slot yet: the request asks again."""

    wait: float
    """Seconds until then."""


class RateLimit:
    """The documented limits, kept within this process: its clients of one key share them."""

    __slots__ = ()

    blocking: bool = False
    """Whether `reserve` may wait for another program, so that an event loop must not call it."""

    def line_of(self, clock: Clock, owner: str, outgoing: Outgoing) -> tuple[str, Line] | None:
        """Return the scope of a request and the line before it; None if no limit is known."""
        operation = limited_operation(outgoing)
        if operation is None:
            return None
        scope = scope_of(owner, operation, outgoing)
        lines = self._lines(clock)
        line = lines.get(scope)
        if line is None:
            if len(lines) >= MAX_LINES:
                now = clock.monotonic()
                for name in [name for name, each in list(lines.items()) if each.is_idle(now)]:
                    lines.pop(name, None)
            line = lines.setdefault(scope, Line(PER_SECOND[operation.tier]))
        return scope, line

    def reserve(self, scope: str, line: Line, clock: Clock, longest: float) -> float | Later | None:
        """Return a slot of the line, or when to ask again, or None if no slot comes within the longest wait."""
        del scope
        return line.reserve(clock.monotonic(), longest)

    def _lines(self, clock: Clock) -> dict[str, Line]:
        return clock.lines


TIERS = RateLimit()


def limits_of(hidden: Secret) -> RateLimit:
    """Return the limits that a setting of the client means; raise ConfigurationError for anything else.

    Args:
        hidden: the setting, which may be the URL of a store by mistake, so that no local variable may hold it.
    """
    limits: object = hidden
    # An array would compare each of its elements.
    if isinstance(hidden.reveal(), str) and hidden.reveal() == "tiers":  # pyright: ignore[reportUnnecessaryIsInstance]
        limits = TIERS
    if isinstance(hidden.reveal(), RateLimit):
        limits = hidden.reveal()
    if isinstance(limits, RateLimit):
        return limits
    raise ConfigurationError(
        "rate_limit: takes 'tiers', a rate limit such as knock_sdk.rate_limits.RedisRateLimit(...), or None"
    )
