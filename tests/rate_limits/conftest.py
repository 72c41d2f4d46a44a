"""Fixtures of the tests of shared rate limits."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.support.redis_server import PROGRAM, RedisServer
from tests.wire.caller import Caller
from tests.wire.conftest import KINDS

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture(params=KINDS)
def caller(request: pytest.FixtureRequest) -> Iterator[Caller]:
    """Make calls with the sync client, and with the async one under asyncio and trio."""
    with Caller(request.param) as made:
        yield made


@pytest.fixture(scope="session")
def _redis() -> Iterator[RedisServer]:
    if PROGRAM is None:
        pytest.skip("redis-server is not installed")
    with RedisServer() as server:
        yield server


@pytest.fixture
def redis(_redis: RedisServer) -> RedisServer:
    """Provide a Redis server, empty, which no test may stop."""
    with _redis.client() as client:
        client.flushall()
        client.config_resetstat()
    return _redis


@pytest.fixture
def own_redis() -> Iterator[RedisServer]:
    """Provide a Redis server that the test may stop."""
    if PROGRAM is None:
        pytest.skip("redis-server is not installed")
    with RedisServer() as server:
        yield server
