"""Fixtures of the wire tests."""

from __future__ import annotations

import socket
from typing import TYPE_CHECKING

import pytest

from .caller import Caller

if TYPE_CHECKING:
    from collections.abc import Iterator

KINDS = ("sync", "asyncio", "trio")


@pytest.fixture(params=KINDS)
def caller(request: pytest.FixtureRequest) -> Iterator[Caller]:
    """Make calls with the sync client, and with the async one under asyncio and trio."""
    with Caller(request.param) as made:
        yield made


@pytest.fixture
def waits(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """Skip the waits between attempts; the list collects their lengths in seconds."""
    skipped: list[float] = []

    async def sleep(seconds: float, _: object) -> None:
        skipped.append(seconds)

    monkeypatch.setattr("knock_sdk._sync.transport.sleep", lambda seconds, _: skipped.append(seconds))
    monkeypatch.setattr("knock_sdk._async.transport.sleep", sleep)
    return skipped


@pytest.fixture
def refusing() -> Iterator[str]:
    """Provide the URL of a port that refuses connections; the port is reserved meanwhile."""
    with socket.socket() as bound:
        bound.bind(("127.0.0.1", 0))
        yield f"http://127.0.0.1:{bound.getsockname()[1]}"
