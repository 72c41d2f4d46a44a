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
    """Carries calls out on the sync client, and on the async one with asyncio and with trio."""
    with Caller(request.param) as made:
        yield made


@pytest.fixture
def waits(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """Waits between attempts take no time; the list tells how long they would have been."""
    asked: list[float] = []

    async def sleep(seconds: float) -> None:
        asked.append(seconds)

    monkeypatch.setattr("knock_sdk._sync.transport.sleep", asked.append)
    monkeypatch.setattr("knock_sdk._async.transport.sleep", sleep)
    return asked


@pytest.fixture
def refusing() -> Iterator[str]:
    """The URL of a port that refuses every connection, and that nobody else can take meanwhile."""
    with socket.socket() as bound:
        bound.bind(("127.0.0.1", 0))
        yield f"http://127.0.0.1:{bound.getsockname()[1]}"
