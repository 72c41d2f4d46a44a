"""A stateful, in-memory simulator of Knock, for tests and first steps: no account, no network, no waiting.

::

    from knock_sdk.testing import Simulator

    sim = Simulator()
    sim.workflow("comment-created", channels=["in_app_feed", "email"], categories=["collaboration"])
    client = sim.client()
    client.users.update("jhammond", email="jhammond@ingen.example")
    client.workflows.trigger("comment-created", recipients=["jhammond"], data={"comment": "Done."})
    assert [message.channel.type for message in sim.messages(to="jhammond")] == ["in_app_feed", "email"]

It implements every operation of the HTTP API, errors included. Workflows can delay, batch and throttle, as declared by
their steps. Messages are rendered from Liquid templates; without a template, they show the data of their trigger.
Faults and rate limits are switched on by the test. `docs/simulator.md` of the project lists what is not simulated.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
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
    from .state.records import Channel as Channel
    from .state.records import Skip as Skip
    from .state.steps import Batch as Batch
    from .state.steps import Delay as Delay
    from .state.steps import Send as Send
    from .state.steps import Throttle as Throttle

_MODULES = {
    "Batch": "state.steps",
    "Channel": "state.records",
    "ConnectionDropped": "http.exchange",
    "Delay": "state.steps",
    "Fault": "http.faults",
    "HTTPRequest": "http.exchange",
    "HTTPResponse": "http.exchange",
    "ReceivedRequest": "http.exchange",
    "Send": "state.steps",
    "Simulator": "simulator",
    "Skip": "state.records",
    "Snapshot": "snapshots.snapshot",
    "SnapshotError": "snapshots.snapshot",
    "Throttle": "state.steps",
    "Triggered": "inspection.triggers",
    "Waiting": "inspection.waiting",
}

__all__ = [
    "Batch",
    "Channel",
    "ConnectionDropped",
    "Delay",
    "Fault",
    "HTTPRequest",
    "HTTPResponse",
    "ReceivedRequest",
    "Send",
    "Simulator",
    "Skip",
    "Snapshot",
    "SnapshotError",
    "Throttle",
    "Triggered",
    "Waiting",
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
