"""Bulk operations: polling a job."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..background import bulk_operations
from ..http.calls import Reply

if TYPE_CHECKING:
    from ..http.calls import Call


def get(call: Call) -> Reply:
    """Return a job; each poll advances it one step."""
    return Reply(bulk_operations.poll(call.world, call.path["id"]))


HANDLERS = {"getBulkOperation": get}
