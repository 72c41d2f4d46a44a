"""A stateful Knock in memory, for tests and first steps: no account, no network, no waiting.

::

    from knock_sdk.testing import Simulator

    sim = Simulator()
    sim.workflow("comment-created", channels=["in_app_feed", "email"], categories=["collaboration"])
    client = sim.client()
    client.users.update("jhammond", email="jhammond@ingen.example")
    client.workflows.trigger("comment-created", recipients=["jhammond"], data={"comment": "Done."})
    assert [message.channel.type for message in sim.messages(to="jhammond")] == ["in_app_feed", "email"]

It answers HTTP requests as the API does, errors included. What it has by now: users with their preferences and bulk
operations, `workflows.trigger` with inline recipients, messages with their delivery and engagement. The rest of the
API is answered with 501, and the error says so. Workflows have channel steps only, and messages show the data that
they were triggered with instead of a template. Rate limits are not enforced.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .exchange import HTTPRequest as HTTPRequest
    from .exchange import HTTPResponse as HTTPResponse
    from .exchange import ReceivedRequest as ReceivedRequest
    from .records import Channel as Channel
    from .records import Skip as Skip
    from .simulator import Simulator as Simulator

_PLACES = {
    "Channel": "records",
    "HTTPRequest": "exchange",
    "HTTPResponse": "exchange",
    "ReceivedRequest": "exchange",
    "Simulator": "simulator",
    "Skip": "records",
}

__all__ = ["Channel", "HTTPRequest", "HTTPResponse", "ReceivedRequest", "Simulator", "Skip"]


def __getattr__(name: str) -> object:
    """Load a public name on first use."""
    from importlib import import_module

    place = _PLACES.get(name)
    if place is None:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value = globals()[name] = getattr(import_module(f".{place}", __name__), name)
    return value


def __dir__() -> list[str]:
    """Name what completion should offer."""
    return sorted(__all__)
