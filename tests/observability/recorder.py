"""What collects the events of hooks."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import anyio
from anyio.lowlevel import checkpoint

from knock_sdk import FailureEvent, RequestEvent, ResponseEvent, RetryEvent

if TYPE_CHECKING:
    from collections.abc import Callable

    from knock_sdk import CallEvent
    from knock_sdk.testing import Simulator
    from tests.wire.caller import Caller

HOOKS: dict[str, type[CallEvent]] = {
    "on_request": RequestEvent,
    "on_response": ResponseEvent,
    "on_retry": RetryEvent,
    "on_failure": FailureEvent,
}


class Recorder:
    """Collects the events of a client, in their order."""

    def __init__(self) -> None:
        self.events: list[Any] = []

    def hooks(self, *, asynchronous: bool = False) -> dict[str, Callable[[Any], Any]]:
        """Return all hooks, by name; each checks that it gets its event."""
        return {name: self._hook(kind, asynchronous=asynchronous) for name, kind in HOOKS.items()}

    def _hook(self, kind: type[CallEvent], *, asynchronous: bool) -> Callable[[Any], Any]:
        def note(event: Any) -> None:
            assert type(event) is kind
            self.events.append(event)

        async def note_later(event: Any) -> None:
            await checkpoint()
            note(event)

        return note_later if asynchronous else note

    def of(self, kind: type[CallEvent]) -> list[Any]:
        """Return the events of a kind."""
        return [event for event in self.events if type(event) is kind]

    def take(self) -> list[Any]:
        """Return the events since the last time."""
        taken, self.events = self.events, []
        return taken

    @property
    def steps(self) -> list[tuple[str, str]]:
        """The kinds of events, without `Event`, and their operations."""
        return [(type(event).__name__.removesuffix("Event"), event.operation) for event in self.events]


def simulated(caller: Caller, sim: Simulator, **settings: Any) -> Any:
    """Return a client of a simulator, of the caller's kind."""
    client = sim.client(**settings) if caller.kind == "sync" else sim.async_client(**settings)
    caller.on_exit(client.close)
    return client


async def cancel_when(condition: Callable[[], bool], call: Callable[[], Any]) -> None:
    """Make a call in a task of its own, and cancel it once something has come true."""
    async with anyio.create_task_group() as group:
        group.start_soon(call)
        while not condition():  # noqa: ASYNC110 (what is waited for may happen in another thread)
            await anyio.sleep(0.005)
        group.cancel_scope.cancel()
