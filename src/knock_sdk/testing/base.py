"""The simulator without its ways in: declarations, time, assertions, faults and snapshots."""

from __future__ import annotations

from typing_extensions import override

from .declarations.account import AccountDeclarations
from .declarations.faults import FaultControls
from .declarations.in_app import InAppDeclarations
from .declarations.workflows import Declarations
from .inspection.assertions import Inspection
from .snapshots.snapshot import SnapshotMethods


class BaseSimulator(Declarations, AccountDeclarations, InAppDeclarations, FaultControls, Inspection, SnapshotMethods):
    """A Knock environment in memory, with everything that needs no client and no server."""

    @override
    def __repr__(self) -> str:
        requests, made = len(self._received), len(self._world.messages)
        return f"<{type(self).__name__} at {self.now.isoformat()}: {requests} requests, {made} messages>"
