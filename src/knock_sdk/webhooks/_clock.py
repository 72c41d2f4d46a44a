"""The current time, which the simulator replaces while it calls a handler."""

from __future__ import annotations

import time
from contextlib import contextmanager
from contextvars import ContextVar
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Generator
    from datetime import datetime

_replaced: ContextVar[datetime | None] = ContextVar("knock_sdk.webhooks.clock", default=None)


@contextmanager
def clock_at(moment: datetime) -> Generator[None, None, None]:
    """Take a moment for the current time while a block runs."""
    token = _replaced.set(moment)
    try:
        yield
    finally:
        _replaced.reset(token)


def milliseconds(moment: datetime | None) -> int:
    """Return a moment, by default the current time, in milliseconds since 1970."""
    moment = _replaced.get() if moment is None else moment
    return int((time.time() if moment is None else moment.timestamp()) * 1000)
