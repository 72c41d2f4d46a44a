"""A stateful, in-memory simulator of Knock, for tests and first steps: no account, no network, no waiting.

```python
from knock_sdk.testing import Simulator

sim = Simulator()
sim.workflow("comment-created", channels=["in_app_feed", "email"], categories=["collaboration"])
client = sim.client()
client.users.update("jhammond", email="jhammond@ingen.example")
client.workflows.trigger("comment-created", recipients=["jhammond"], data={"comment": "Done."})
assert [message.channel.type for message in sim.messages(to="jhammond")] == ["in_app_feed", "email"]
```

It implements every operation of the HTTP API, errors included. Workflows can delay, batch, branch, fetch and more, as
declared by their steps. Messages are rendered from Liquid templates; without a template, they show the data of their
trigger. Faults and rate limits are switched on by the test. `docs/simulator.md` of the project lists what is not
simulated.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .declarations.audience_segments import AudienceCondition as AudienceCondition
    from .declarations.audience_segments import AudienceSegment as AudienceSegment
    from .declarations.channel_groups import ChannelRule as ChannelRule
    from .http.exchange import ConnectionDropped as ConnectionDropped
    from .http.exchange import HTTPRequest as HTTPRequest
    from .http.exchange import HTTPResponse as HTTPResponse
    from .http.exchange import ReceivedRequest as ReceivedRequest
    from .http.faults import Fault as Fault
    from .inspection.triggers import Triggered as Triggered
    from .inspection.waiting import Waiting as Waiting
    from .simulator import Simulator as Simulator
    from .snapshots.snapshot import Snapshot as Snapshot
    from .snapshots.snapshot import SnapshotError as SnapshotError
    from .state.outside import AgentRequest as AgentRequest
    from .state.outside import FetchRequest as FetchRequest
    from .state.outside import FetchResponse as FetchResponse
    from .state.records import Channel as Channel
    from .state.records import ChannelGroup as ChannelGroup
    from .state.records import Skip as Skip
    from .state.steps.function_steps import Agent as Agent
    from .state.steps.function_steps import Fetch as Fetch
    from .state.steps.function_steps import Guide as Guide
    from .state.steps.function_steps import TriggerWorkflow as TriggerWorkflow
    from .state.steps.function_steps import UpdateAudience as UpdateAudience
    from .state.steps.function_steps import UpdateData as UpdateData
    from .state.steps.function_steps import UpdateObject as UpdateObject
    from .state.steps.function_steps import UpdateTenant as UpdateTenant
    from .state.steps.function_steps import UpdateUser as UpdateUser
    from .state.steps.function_steps import Wait as Wait
    from .state.steps.steps import Arm as Arm
    from .state.steps.steps import Batch as Batch
    from .state.steps.steps import Branch as Branch
    from .state.steps.steps import Cohort as Cohort
    from .state.steps.steps import CohortArm as CohortArm
    from .state.steps.steps import Delay as Delay
    from .state.steps.steps import Send as Send
    from .state.steps.steps import SendWindow as SendWindow
    from .state.steps.steps import Throttle as Throttle
    from .state.webhooks import WebhookAttempt as WebhookAttempt
    from .state.webhooks import WebhookDelivery as WebhookDelivery

_MODULES = {
    "Agent": "state.steps.function_steps",
    "AgentRequest": "state.outside",
    "Arm": "state.steps.steps",
    "AudienceCondition": "declarations.audience_segments",
    "AudienceSegment": "declarations.audience_segments",
    "Batch": "state.steps.steps",
    "Branch": "state.steps.steps",
    "Channel": "state.records",
    "ChannelGroup": "state.records",
    "ChannelRule": "declarations.channel_groups",
    "Cohort": "state.steps.steps",
    "CohortArm": "state.steps.steps",
    "ConnectionDropped": "http.exchange",
    "Delay": "state.steps.steps",
    "Fault": "http.faults",
    "Fetch": "state.steps.function_steps",
    "FetchRequest": "state.outside",
    "FetchResponse": "state.outside",
    "Guide": "state.steps.function_steps",
    "HTTPRequest": "http.exchange",
    "HTTPResponse": "http.exchange",
    "ReceivedRequest": "http.exchange",
    "Send": "state.steps.steps",
    "SendWindow": "state.steps.steps",
    "Simulator": "simulator",
    "Skip": "state.records",
    "Snapshot": "snapshots.snapshot",
    "SnapshotError": "snapshots.snapshot",
    "Throttle": "state.steps.steps",
    "TriggerWorkflow": "state.steps.function_steps",
    "Triggered": "inspection.triggers",
    "UpdateAudience": "state.steps.function_steps",
    "UpdateData": "state.steps.function_steps",
    "UpdateObject": "state.steps.function_steps",
    "UpdateTenant": "state.steps.function_steps",
    "UpdateUser": "state.steps.function_steps",
    "Wait": "state.steps.function_steps",
    "Waiting": "inspection.waiting",
    "WebhookAttempt": "state.webhooks",
    "WebhookDelivery": "state.webhooks",
}

__all__ = [
    "Agent",
    "AgentRequest",
    "Arm",
    "AudienceCondition",
    "AudienceSegment",
    "Batch",
    "Branch",
    "Channel",
    "ChannelGroup",
    "ChannelRule",
    "Cohort",
    "CohortArm",
    "ConnectionDropped",
    "Delay",
    "Fault",
    "Fetch",
    "FetchRequest",
    "FetchResponse",
    "Guide",
    "HTTPRequest",
    "HTTPResponse",
    "ReceivedRequest",
    "Send",
    "SendWindow",
    "Simulator",
    "Skip",
    "Snapshot",
    "SnapshotError",
    "Throttle",
    "TriggerWorkflow",
    "Triggered",
    "UpdateAudience",
    "UpdateData",
    "UpdateObject",
    "UpdateTenant",
    "UpdateUser",
    "Wait",
    "Waiting",
    "WebhookAttempt",
    "WebhookDelivery",
]


def __getattr__(name: str) -> object:
    """Load a public name on first use."""
    from importlib import import_module

    module = _MODULES.get(name)
    if module is None:
        from ..errors._hints import missing_name

        raise missing_name(__name__, name, __all__)
    value = globals()[name] = getattr(import_module(f".{module}", __name__), name)
    return value
