"""Rate limits; read by type checkers only."""

from __future__ import annotations

from redis import Redis
from typing_extensions import assert_type, override

from knock_sdk import AsyncKnock, Knock
from knock_sdk.rate_limits import LimitsRateLimit, RateLimit, RedisRateLimit, Reservation, SharedRateLimit
from knock_sdk.testing import Simulator


class Table(SharedRateLimit):
    """A store of one's own."""

    @override
    def ask(self, scope: str, interval: float, longest: float, earliest: float) -> Reservation | None:
        wait = len(scope) * interval + earliest
        return None if wait > longest else Reservation(wait, granted=True)


def clients(url: str, redis: Redis, workers: int) -> list[Knock]:
    by_redis = RedisRateLimit(redis, fallback_share=1 / workers, prefix="ours:")
    limits: list[RateLimit] = [
        RateLimit(),
        by_redis,
        RedisRateLimit(url, fallback_share=1),
        LimitsRateLimit("memcached://localhost:11211", fallback_share=0.5),
        Table(fallback_share=0.5),
    ]
    by_redis.close()
    made = [Knock(rate_limit=limit) for limit in limits]
    return [*made, Knock(rate_limit="tiers"), Knock(rate_limit=None), made[0].with_options(rate_limit="tiers")]


async def asynchronous(limit: RedisRateLimit) -> AsyncKnock:
    client = AsyncKnock(rate_limit=limit).with_options(rate_limit=None)
    assert_type(client, AsyncKnock)
    return client


def simulated(sim: Simulator) -> Knock:
    return sim.client(rate_limit="tiers")


def answer(reservation: Reservation) -> tuple[float, bool]:
    assert_type(reservation.wait, float)
    return reservation.wait, reservation.granted
