"""The cost of a trigger with hooks and with OpenTelemetry, and that of one without, whatever else is observed."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

from knock_sdk import AsyncKnock, Knock, otel

from .calls import CALLS, KEY
from .counting import Instructions, count
from .engines import AsyncInMemory, InMemory
from .measures import WARM

if TYPE_CHECKING:
    from collections.abc import Callable

    from .measures import Figures

PARTS = (
    "_core.hooks",
    "_core.observation",
    "_sync.observed",
    "_sync._hooks",
    "_async.observed",
    "_async._hooks",
    "otel",
)
"""Modules that observe calls."""
HOOKS = ("on_request", "on_response", "on_retry", "on_failure")
OPENTELEMETRY = "opentelemetry"
"""OpenTelemetry's API without its SDK, so that nothing is recorded and the cost is that of this package."""


def _trigger(name: str, **settings: Any) -> tuple[Any, Callable[[], object]]:
    """Return a client, and a function that makes a trigger with it."""
    call = CALLS[name]
    assert call.body is not None
    body = call.body()
    if not call.is_async:
        client = Knock(api_key=KEY, http_client=InMemory(lambda _: body), **settings)
        return client, lambda: call.make(client)
    other = AsyncKnock(api_key=KEY, http_client=AsyncInMemory(lambda _: body), **settings)
    loop = asyncio.new_event_loop()

    async def trigger() -> None:
        await call.make(other)

    return other, lambda: loop.run_until_complete(trigger())


def _count(trigger: Callable[[], object]) -> Instructions:
    for _ in range(WARM):
        trigger()
    return count(trigger).without("tests")


def unobserved(name: str) -> dict[str, Any]:
    """Return the instructions of a trigger by a client without hooks, in each state of the process.

    Returns:
        The states, each with the number, and `parts` with the instructions of the modules that observe calls.
    """
    client, trigger = _trigger(name)
    found = {"nothing is loaded": _count(trigger)}
    _, other = _trigger(name, on_request=bool, on_failure=bool)
    other()
    found["another client has hooks"] = _count(trigger)
    another, _ = _trigger(name)
    otel.instrument(another)
    found["another client is instrumented"] = _count(trigger)
    otel.instrument()
    trigger()
    otel.uninstrument()
    found["nothing is instrumented any more"] = _count(trigger)
    otel.instrument(client)
    trigger()
    otel.uninstrument(client)
    found["the client is not instrumented any more"] = _count(trigger)
    parts = sum(counted.inside(f"knock_sdk.{part}") for counted in found.values() for part in PARTS)
    return {"parts": parts, "states": {state: counted.total for state, counted in found.items()}}


def observed() -> Figures:
    """Return the instructions of a trigger by what observes it, without those of the hooks themselves."""
    figures: Figures = {}
    for name in ("trigger", "async trigger"):
        _, plain = _trigger(name)
        _, one = _trigger(name, on_failure=_ignore)
        _, all_hooks = _trigger(name, **dict.fromkeys(HOOKS, _ignore))
        client, instrumented = _trigger(name)
        otel.instrument(client)
        for observer, trigger in {
            "nothing": plain,
            "unused on_failure": one,
            "four hooks": all_hooks,
            OPENTELEMETRY: instrumented,
        }.items():
            figures.setdefault("observed", {})[f"{name}, {observer}"] = _count(trigger).total
    return figures


def _ignore(_: object) -> None:
    """Do nothing with an event."""
