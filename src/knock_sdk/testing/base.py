"""`BaseSimulator`: the simulator without clients and server."""

from __future__ import annotations

from typing_extensions import override

from .declarations.account import AccountDeclarations
from .declarations.channels import ChannelDeclarations
from .declarations.content import ContentDeclarations
from .declarations.faults import FaultControls
from .declarations.in_app import InAppDeclarations
from .declarations.outside import OutsideDeclarations
from .declarations.webhooks import WebhookDeclarations
from .declarations.workflows import WorkflowDeclarations
from .inspection.assertions import Inspection
from .snapshots.snapshot import SnapshotMethods


class BaseSimulator(
    WorkflowDeclarations,
    ChannelDeclarations,
    AccountDeclarations,
    ContentDeclarations,
    InAppDeclarations,
    OutsideDeclarations,
    WebhookDeclarations,
    FaultControls,
    Inspection,
    SnapshotMethods,
):
    """A simulated Knock environment: declarations, time, inspection, faults and snapshots."""

    @override
    def __repr__(self) -> str:
        requests, messages = len(self._received), len(self._world.messages)
        return f"<{type(self).__name__} at {self.now.isoformat()}: {requests} requests, {messages} messages>"
