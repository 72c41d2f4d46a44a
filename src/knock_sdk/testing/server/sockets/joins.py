"""Joins: what a socket has of a topic until it leaves, or joins the topic again."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from . import frames

if TYPE_CHECKING:
    from ...state.json_objects import JSON
    from .frames import Frame


class Receiver(Protocol):
    """A socket, as joins know it."""

    def send(self, text: str) -> None:
        """Send a frame as soon as the client reads it."""

    def end(self, code: int) -> None:
        """Close the socket."""


class Join:
    """One join of a topic. Everything here is done in the thread of the server's event loop."""

    def __init__(self, receiver: Receiver, request: Frame) -> None:
        """Begin with the frame that asks for it."""
        self.receiver: Receiver = receiver
        self.topic: str = request.topic
        self.join_ref: str | None = request.join_ref
        """The client's reference, by which it tells this join from others of the topic."""
        self.active: bool = True
        """Whether the client still wants to be told; events may be under way when it leaves."""

    def push(self, event: str, payload: JSON) -> None:
        """Tell the client of an event, if it still wants to be told."""
        if self.active:
            self.receiver.send(frames.push(self.join_ref, self.topic, event, payload))
