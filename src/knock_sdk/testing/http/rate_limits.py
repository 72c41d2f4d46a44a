"""Rate limits, off by default: requests per second to each operation, by its tier in the contract.

Requests are counted per environment, or per user if the request has a user token; requests for feeds always per user.
In secure mode, the user is the one for whom the token was signed, whomever the request addresses.
How the API counts is not documented. As a guess, a window of one second begins with the first request, and
`Retry-After` is the rest of the window. In batches, a message can be changed once per second, and is skipped otherwise.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from hashlib import sha256
from math import ceil
from typing import TYPE_CHECKING, NamedTuple

from ..._core.rate_limits.tiers import PER_SECOND, PER_USER
from .errors import Problem

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping
    from datetime import datetime

    from ..._core.requests.operation import Operation
    from ..state.world import World
    from .exchange import HTTPRequest

LIMITED_IDS = "x-ratelimited-message_ids"
"""The header with the ids of the messages of a batch that were skipped."""

_WINDOW = timedelta(seconds=1)
_MAX_ENTRIES = 10_000


class Window(NamedTuple):
    """A window of one second, and the number of requests in it."""

    start: datetime
    counted: int


@dataclass
class RateLimits:
    """Whether limits are enforced, and the requests and changes counted so far."""

    enforced: bool = False
    windows: dict[tuple[str, str | None], Window] = field(default_factory=dict[tuple[str, "str | None"], Window])
    """Windows by operation and user."""
    changes: dict[tuple[str, str], datetime] = field(default_factory=dict[tuple[str, str], "datetime"])
    """Times of the last change of a message in a batch, by operation and message id."""


def check_rate(
    world: World, request: HTTPRequest, operation: Operation, path: Mapping[str, str], token_user: str | None = None
) -> None:
    """Count a request, if limits are enforced.

    Args:
        world: The state.
        request: The request.
        operation: Its operation.
        path: The parameters in its path.
        token_user: The user of its token, if that was verified.

    Raises:
        Problem: The request exceeds the limit.
    """
    limits = world.of(RateLimits)
    if not limits.enforced:
        return
    now = world.clock.now
    if token_user is not None:
        user: str | None = token_user
    else:
        user = path["user_id"] if operation.name in PER_USER else _token_digest(request)
    key = operation.name, user
    window = limits.windows.get(key)
    if window is None or now - window.start >= _WINDOW:
        if len(limits.windows) >= _MAX_ENTRIES:
            limits.windows = {other: each for other, each in limits.windows.items() if now - each.start < _WINDOW}
        window = Window(now, 0)
    if window.counted >= PER_SECOND[operation.tier]:
        wait = ceil((window.start + _WINDOW - now).total_seconds())
        raise Problem(
            "rate_limited",
            f"{operation.method} {operation.path} allows {PER_SECOND[operation.tier]} requests per second.",
            headers={"retry-after": str(wait)},
        )
    limits.windows[key] = Window(window.start, window.counted + 1)


def limit_changes(world: World, operation: Operation, ids: Collection[str]) -> set[str]:
    """Return the messages of a batch that must be skipped, and record a change of the others."""
    limits = world.of(RateLimits)
    skipped: set[str] = set()
    if not limits.enforced:
        return skipped
    now = world.clock.now
    if len(limits.changes) >= _MAX_ENTRIES:
        limits.changes = {key: at for key, at in limits.changes.items() if now - at < _WINDOW}
    for message_id in ids:
        key = operation.name, message_id
        last = limits.changes.get(key)
        if last is not None and now - last < _WINDOW:
            skipped.add(message_id)
        else:
            limits.changes[key] = now
    return skipped


def _token_digest(request: HTTPRequest) -> str | None:
    """Return a digest that identifies the user of a token; the token itself is not stored."""
    token = request.header("x-knock-user-token")
    return None if token is None else sha256(token.encode()).hexdigest()
