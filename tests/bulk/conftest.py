"""Fixtures of the tests of bulk jobs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from knock_sdk.testing import Simulator
from tests.wire.caller import Caller
from tests.wire.conftest import KINDS

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture(params=KINDS)
def caller(request: pytest.FixtureRequest) -> Iterator[Caller]:
    """Make calls with the sync client, and with the async one under asyncio and trio."""
    with Caller(request.param) as made:
        yield made


@pytest.fixture
def sim() -> Simulator:
    return Simulator()


@pytest.fixture
def client(caller: Caller, sim: Simulator) -> Any:
    """Make a client of the simulator, of the caller's kind."""
    return client_of(caller, sim)


def client_of(caller: Caller, sim: Simulator, **settings: Any) -> Any:
    """Return a client of a simulator, of the caller's kind."""
    client = sim.client(**settings) if caller.kind == "sync" else sim.async_client(**settings)
    caller.on_exit(client.close)
    return client
