"""Signals: what happened that runs may wait for. They are recorded only while a run waits, and delivered after that."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from datetime import datetime

    from .json_objects import JSON
    from .records import Reference


class Signal(NamedTuple):
    """Something that happened."""

    event: JSON
    """Fields of the event by which a wait names it, as in Knock's files."""
    at: datetime
    recipient: Reference | None
    """The recipient that it concerns; None for any."""
    payload: JSON
    """Values that conditions read as `event`."""
