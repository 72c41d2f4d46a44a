"""Rate limits, for those who ask for them: so many requests a second to each operation, by the tier in the contract.

A limit is counted for the environment; for one of its users where the request carries a user token, and always for
feeds. The API does not tell how it counts: here, a window of one second begins with the first request, and the answer
to one too many says how long it still lasts. In batches a message is changed once a second, and skipped otherwise.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from hashlib import sha256
from math import ceil
from typing import TYPE_CHECKING, NamedTuple

from .errors import Problem

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping
    from datetime import datetime

    from ..._core.operation import Operation
    from ..state.world import World
    from .exchange import HTTPRequest

PER_SECOND: Mapping[int, int] = {1: 1, 2: 5, 3: 60, 4: 200, 5: 1000}
"""Requests that each tier allows."""

LIMITED_IDS = "x-ratelimited-message_ids"
"""The header that names what was skipped of a batch."""

_WINDOW = timedelta(seconds=1)
_MOST_KEPT = 10_000
_PER_USER = frozenset({"listUserInAppFeedItems"})


class Window(NamedTuple):
    """When a second began, and what was counted in it."""

    start: datetime
    counted: int


@dataclass
class RateLimits:
    """Whether limits are enforced, and what was counted."""

    enforced: bool = False
    windows: dict[tuple[str, str | None], Window] = field(default_factory=dict[tuple[str, "str | None"], Window])
    """By operation and user."""
    changes: dict[tuple[str, str], datetime] = field(default_factory=dict[tuple[str, str], "datetime"])
    """When messages were last changed in a batch, by operation and message."""


def check_rate(world: World, request: HTTPRequest, operation: Operation, path: Mapping[str, str]) -> None:
    """Count a request.

    Raises:
        Problem: It is one too many.
    """
    limits = world.of(RateLimits)
    if not limits.enforced:
        return
    now = world.clock.now
    user = path["user_id"] if operation.name in _PER_USER else _token_digest(request)
    place = operation.name, user
    window = limits.windows.get(place)
    if window is None or now - window.start >= _WINDOW:
        if len(limits.windows) >= _MOST_KEPT:
            limits.windows = {key: kept for key, kept in limits.windows.items() if now - kept.start < _WINDOW}
        window = Window(now, 0)
    if window.counted >= PER_SECOND[operation.tier]:
        wait = ceil((window.start + _WINDOW - now).total_seconds())
        raise Problem(
            "rate_limited",
            f"{operation.method} {operation.path} takes {PER_SECOND[operation.tier]} requests a second.",
            headers={"retry-after": str(wait)},
        )
    limits.windows[place] = Window(window.start, window.counted + 1)


def changed_too_often(world: World, operation: Operation, ids: Collection[str]) -> set[str]:
    """Return which messages of a batch are skipped, and note the change of the others."""
    limits = world.of(RateLimits)
    skipped: set[str] = set()
    if not limits.enforced:
        return skipped
    now = world.clock.now
    if len(limits.changes) >= _MOST_KEPT:
        limits.changes = {key: at for key, at in limits.changes.items() if now - at < _WINDOW}
    for name in ids:
        place = operation.name, name
        last = limits.changes.get(place)
        if last is not None and now - last < _WINDOW:
            skipped.add(name)
        else:
            limits.changes[place] = now
    return skipped


def _token_digest(request: HTTPRequest) -> str | None:
    """Return what stands for the user of a token; the token itself is not kept."""
    token = request.header("x-knock-user-token")
    return None if token is None else sha256(token.encode()).hexdigest()
