"""Fixtures of the tests of hooks, tracing and metrics."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from knock_sdk import otel
from knock_sdk.testing import Simulator
from tests.wire.caller import Caller
from tests.wire.conftest import KINDS, refusing, waits

from .telemetry import Telemetry

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["refusing", "waits"]


@pytest.fixture(params=KINDS)
def caller(request: pytest.FixtureRequest) -> Iterator[Caller]:
    """Make calls with the sync client, and with the async one under asyncio and trio."""
    with Caller(request.param) as made:
        yield made


@pytest.fixture
def sim() -> Simulator:
    return Simulator()


@pytest.fixture
def telemetry() -> Iterator[Telemetry]:
    """Provide OpenTelemetry's SDK; clients are not instrumented any more afterwards."""
    yield Telemetry()
    otel.uninstrument()
