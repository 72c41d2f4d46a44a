"""Bulk operations: looking at the progress of a job."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..bulk import render
from ..errors import missing
from ..exchange import Reply

if TYPE_CHECKING:
    from ..exchange import Call


def get(call: Call) -> Reply:
    """Return a job."""
    job = call.world.bulk_operations.get(call.path["id"])
    if job is None:
        raise missing("bulk operation", call.path["id"])
    return Reply(render(job))


HANDLERS = {"getBulkOperation": get}
