"""Rate limits that Redis keeps, for processes and machines that share it."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

from typing_extensions import override

from .._core.secret import hide
from ..errors import ConfigurationError
from ._shared import Reservation, SharedRateLimit

if TYPE_CHECKING:
    from redis import Redis
    from redis.commands.core import Script

    from .._core.secret import Secret

_SCRIPT = """
local time = redis.call('TIME')
local now = time[1] * 1000000 + time[2]
local interval, longest, earliest = tonumber(ARGV[1]), tonumber(ARGV[2]), tonumber(ARGV[3])
local free, changed = now, now
local kept = redis.pcall('GET', KEYS[1])
if type(kept) == 'string' then
    local moment, at = string.match(kept, '^(%d+) (%d+)$')
    if moment then
        free, changed = tonumber(moment), tonumber(at)
    end
end
if changed > now then
    free = free - changed + now
end
local slot = math.max(now + earliest, free)
local granted = slot - now <= longest
if granted then
    free = slot + interval
end
if granted or changed > now then
    redis.call('SET', KEYS[1], string.format('%d %d', free, now), 'PX', math.ceil((free - now) / 1000) + 1000)
end
return granted and slot - now or -1
"""
"""One step of GCRA, in microseconds of the server's clock: the state is the moment of the next free slot, and that of
the change. If the clock was set back since then, so is the slot. What another program has written counts as nothing.
"""
_LONGEST = 10**15
_TIMEOUT = 0.5


class RedisRateLimit(SharedRateLimit):
    """Share the documented rate limits among processes and machines through Redis 5 or newer.

    One script assigns the slots by the server's clock, with one round trip for each request; the clocks of the machines
    do not matter. While Redis is unavailable, requests are still sent, at a share of each limit.

    Needs the extra: `pip install 'knock-sdk[redis]'`.
    """

    __slots__ = ("_prefix", "_redis", "_script")

    def __init__(self, redis: str | Redis, *, fallback_share: float, prefix: str = "knock-sdk:rate:") -> None:
        """Prepare; the first request connects.

        Args:
            redis: URL of the server (`redis://`, `rediss://` or `unix://`), or a `redis.Redis`, whose timeouts should
                be short. With a URL, the timeout is half a second.
            fallback_share: Share of each limit that this process keeps to while Redis is unavailable, above 0, at most
                1: with N processes, 1 / N.
            prefix: Prefix of the keys in Redis, followed by a digest of the API key and the operation.

        Raises:
            ConfigurationError: An argument is malformed, or the extra is not installed; the message does not repeat the
                URL.
        """
        # The URL may hold a password, and tracebacks may show local variables.
        hidden = hide(redis) if isinstance(redis, str) else redis
        del redis
        super().__init__(fallback_share=fallback_share)
        self._prefix = _check_prefix(prefix)
        self._redis = _connect(hidden)
        self._script = _register(self._redis)

    @override
    def ask(self, scope: str, interval: float, longest: float, earliest: float) -> Reservation | None:
        """Take the next slot of a scope with one call of the script."""
        micros = [int(min(seconds * 1e6, _LONGEST)) for seconds in (interval, longest, earliest)]
        wait: int = self._script(keys=[self._prefix + scope], args=micros)
        return None if wait < 0 else Reservation(wait / 1e6)

    def close(self) -> None:
        """Close the connections; a later request opens new ones."""
        self._redis.close()

    @override
    def __repr__(self) -> str:
        return f"<RedisRateLimit, prefix {getattr(self, '_prefix', '')!r}>"  # in a traceback, perhaps without one


def _check_prefix(prefix: object) -> str:
    if not isinstance(prefix, str):
        raise ConfigurationError(f"prefix: must be text, not {type(prefix).__name__}")
    try:
        prefix.encode()
    except UnicodeEncodeError:
        raise ConfigurationError("prefix: contains half a character (a lone surrogate), which cannot be sent") from None
    return prefix


def _connect(given: Any) -> Redis:
    try:
        redis: Any = import_module("redis")  # some of its types are unknown
    except ImportError:
        raise ConfigurationError("RedisRateLimit needs an extra: pip install 'knock-sdk[redis]'") from None
    if isinstance(given, redis.Redis):
        client: Redis = given
        return client
    if not hasattr(given, "reveal"):
        raise ConfigurationError(
            f"redis: takes a URL such as redis://localhost:6379, or a redis.Redis, not {type(given).__name__};"
            " an asynchronous client is not needed for AsyncKnock"
        )
    opened = _open(redis, given)
    if opened is None:
        raise ConfigurationError("redis: is not a URL of Redis, such as redis://localhost:6379 or rediss://…")
    return opened


def _register(client: Redis) -> Script:
    try:
        return client.register_script(_SCRIPT)
    except LookupError:
        pass
    raise ConfigurationError("redis: has an encoding that does not exist")


def _open(redis: Any, url: Secret) -> Redis | None:
    """Return a client, which connects later; None if the URL is malformed, which the library's errors repeat."""
    from redis.backoff import NoBackoff
    from redis.exceptions import ConnectionError as NotConnected
    from redis.exceptions import RedisError
    from redis.retry import Retry

    try:
        # More threads than connections wait for one, instead of an error.
        pool = redis.BlockingConnectionPool.from_url(
            url.reveal(),
            timeout=_TIMEOUT,
            socket_timeout=_TIMEOUT,
            socket_connect_timeout=_TIMEOUT,
            # A connection that the server has closed meanwhile is opened again at once; a timeout is not repeated.
            retry=Retry(NoBackoff(), 1, (NotConnected,)),
            retry_on_error=[NotConnected],
        )
        # These check the settings in the query of the URL, and do not connect.
        pool.make_connection()
        client: Redis = redis.Redis.from_pool(pool)
        client.register_script(_SCRIPT)
    except (ValueError, TypeError, AttributeError, LookupError, RedisError):
        return None
    return client
