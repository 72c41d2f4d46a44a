"""Uses of rate limits that must be refused where they are marked; read by type checkers only."""

from __future__ import annotations

from redis.asyncio import Redis

from knock_sdk import AsyncKnock, Knock
from knock_sdk.rate_limits import LimitsRateLimit, RedisRateLimit, Reservation, SharedRateLimit


def settings(client: Knock) -> None:
    Knock(rate_limit="tier")  # refused
    Knock(rate_limit=60)  # refused
    AsyncKnock(rate_limit=True)  # refused
    AsyncKnock(rate_limit=Reservation(0.0))  # refused
    client.with_options(rate_limit="none")  # refused


def stores() -> None:
    RedisRateLimit("redis://localhost")  # refused
    RedisRateLimit(Redis(), fallback_share=1)  # refused
    RedisRateLimit("redis://localhost", fallback_share="1")  # refused
    RedisRateLimit("redis://localhost", 0.5)  # refused
    LimitsRateLimit(5, fallback_share=1)  # refused
    SharedRateLimit(fallback_share=1)  # refused
    Reservation("1")  # refused
