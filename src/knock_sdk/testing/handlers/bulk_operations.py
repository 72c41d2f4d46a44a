"""Bulk operations: looking at the progress of a job."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..background import bulk_operations
from ..http.calls import Reply

if TYPE_CHECKING:
    from ..http.calls import Call


def get(call: Call) -> Reply:
    """Return a job, which has come further since it was last looked at."""
    return Reply(bulk_operations.poll(call.world, call.path["id"]))


HANDLERS = {"getBulkOperation": get}
