"""Limits that the library `limits` keeps: in memory, in Redis, and with bad settings."""

from __future__ import annotations

import sys
import traceback
from functools import partial
from typing import TYPE_CHECKING, Any

import pytest
from limits.storage import MemoryStorage
from limits.strategies import FixedWindowRateLimiter, MovingWindowRateLimiter

from knock_sdk import ConfigurationError
from knock_sdk.rate_limits import LimitsRateLimit, Reservation
from tests.support.limited_server import LimitedServer

if TYPE_CHECKING:
    from tests.support.redis_server import RedisServer
    from tests.wire.caller import Caller

PASSWORD = "canary-pw-31415926"


def test_requests_beyond_a_window_ask_again() -> None:
    limit = LimitsRateLimit("memory://", fallback_share=1)
    answers = [limit.ask("scope", 1.02 / 5, 10.0, 0.0) for _ in range(6)]
    assert answers[:4] == [Reservation(0.0)] * 4
    for answer in answers[4:]:
        assert answer is not None
        assert not answer.granted
        assert 0 < answer.wait <= 1.1
    assert limit.ask("scope", 1.02 / 5, 0.0001, 0.0) is None
    assert limit.ask("other", 1.02 / 5, 0.0, 0.0) == Reservation(0.0)


def test_a_backlog_is_waited_for_first() -> None:
    limit = LimitsRateLimit("memory://", fallback_share=1)
    assert limit.ask("scope", 1.02, 10.0, 3.0) == Reservation(3.0, granted=False)
    assert limit.ask("scope", 1.02, 2.0, 3.0) is None
    assert limit.ask("scope", 1.02, 2.0, 0.0) == Reservation(0.0)


@pytest.mark.parametrize("kind", ["memory", "redis"])
def test_calls_wait(caller: Caller, redis: RedisServer, kind: str) -> None:
    limit = LimitsRateLimit("memory://" if kind == "memory" else redis.url, fallback_share=1)
    with LimitedServer(60, second=0.85) as server:
        client = caller.client(server.url, rate_limit=limit, max_retries=0)
        results = caller.together([partial(client.put, f"/v1/users/u{number}", body={}) for number in range(90)])
        counts = server.counts()
    assert not [each for each in results if isinstance(each, Exception)]
    assert (counts.refused, len(counts.accepted)) == (0, 90)
    assert counts.seconds > 0.9


def test_a_refusal_does_not_begin_another_window() -> None:
    storage = MemoryStorage()
    limit = LimitsRateLimit(MovingWindowRateLimiter(storage), fallback_share=1)
    for _ in range(58):
        assert limit.ask("scope", 1.02 / 60, 0.0, 0.0) == Reservation(0.0)
    answer = limit.ask("scope", 1.02 / 60, 10.0, 0.0)
    assert answer is not None
    assert not answer.granted


@pytest.mark.parametrize("strategy", [MovingWindowRateLimiter, FixedWindowRateLimiter])
def test_a_strategy(strategy: Any) -> None:
    limit = LimitsRateLimit(strategy(MemoryStorage()), fallback_share=1)
    assert limit.ask("scope", 1.02, 10.0, 0.0) == Reservation(0.0)
    answer = limit.ask("scope", 1.02, 10.0, 0.0)
    assert answer is not None
    assert not answer.granted
    assert strategy.__name__ in repr(limit)


@pytest.mark.parametrize(
    ("given", "text"),
    [
        ("", "is not a URI of a store"),
        (f"nothing://:{PASSWORD}@localhost", "is not a URI of a store"),
        (f"memcached://:{PASSWORD}@localhost:11211", "has no moving window|is not installed|is not a URI of a store"),
        (f"redis+cluster://:{PASSWORD}@127.0.0.1:1", "cannot be opened .RedisClusterException."),
        ("async+memory://", "an asynchronous one is not needed for AsyncKnock"),
        (f"async+redis://:{PASSWORD}@localhost", "an asynchronous one is not needed for AsyncKnock"),
        (5, "not int"),
        (None, "not NoneType"),
        (MemoryStorage(), "not MemoryStorage"),
    ],
)
def test_what_is_no_store_is_refused_and_not_shown(given: Any, text: str) -> None:
    with pytest.raises(ConfigurationError, match=f"limiter: .*({text})") as caught:
        LimitsRateLimit(given, fallback_share=0.5)
    trace = caught.value.__traceback__
    assert trace is not None
    shown = traceback.TracebackException(ConfigurationError, caught.value, trace.tb_next, capture_locals=True)
    assert PASSWORD not in "".join(shown.format())
    assert caught.value.__context__ is None


def test_without_the_library(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in [each for each in sys.modules if each.partition(".")[0] == "limits"]:
        monkeypatch.setitem(sys.modules, name, None)
    with pytest.raises(ConfigurationError, match=r"pip install 'knock-sdk\[limits\]'"):
        LimitsRateLimit("memory://", fallback_share=0.5)
