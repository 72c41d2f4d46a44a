"""What happens while time passes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..messaging import delivery
from ..workflows import batching, runs, schedules
from . import bulk_operations, cascades

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from datetime import datetime

    from ..state.world import World

ACTIONS: Mapping[str, Callable[[World, str], None]] = {
    batching.CLOSE: runs.close_batch,
    bulk_operations.PROGRESS: bulk_operations.progress,
    cascades.FORGET_MESSAGES: cascades.forget_messages,
    delivery.NEXT_STATUS: delivery.next_status,
    runs.RESUME: runs.resume,
    schedules.OCCUR: schedules.occur,
}
"""What the clock can be asked to do to a subject, by the action's name."""


def advance(world: World, until: datetime) -> None:
    """Let time pass, doing on the way, in order, what falls due, also what that leads to."""
    while due := world.clock.next_due(until):
        ACTIONS[due.action](world, due.subject)
