"""HTTP clients given by callers: whether they can be used, and their own timeouts."""

from __future__ import annotations

from inspect import isasyncgenfunction, isclass, isgeneratorfunction, ismodule
from typing import TYPE_CHECKING, Any, TypeAlias

from ...errors import ConfigurationError
from ..mocks import are_active
from ..type_guards import is_object

if TYPE_CHECKING:
    from collections.abc import Callable

TimeLimits: TypeAlias = "tuple[float | None, float | None, float | None, float | None]"
"""Seconds to connect, to read, to write, and to wait for a connection of the client's pool; None for no limit."""

_FOR_THE_POOL = 0.95
"""Part of the time left: a wait for a connection ends by itself, and says so, before the attempt ends."""
_LIBRARIES = frozenset({"httpx", "httpx2"})
_TRANSPORTS = frozenset({"HTTPTransport", "AsyncHTTPTransport"})
_HANDLERS = frozenset({"handle_request", "handle_async_request"})
_OTHER = {"Client": "AsyncClient", "AsyncClient": "Client"}


def check_client(client: object, wanted: str) -> None:
    """Check an HTTP client by its methods: it need not be httpx's.

    Args:
        client: what the caller gave.
        wanted: the class of httpx that has these methods, `Client` or `AsyncClient`.

    Raises:
        ConfigurationError: It cannot send requests, is of the other kind, or is closed.
    """
    if isclass(client) or ismodule(client):
        kind = "class" if isclass(client) else "module"
        raise ConfigurationError(f"http_client: takes a client and not a {kind}; pass httpx.{wanted}(), for example")
    stream = getattr(client, "stream", None)
    if not callable(stream):
        given = type(client).__name__
        raise ConfigurationError(
            f"http_client: takes 'httpx', an httpx.{wanted}(), or an object with the same methods; {given} has no"
            " method stream"
        )
    if _is_asynchronous(client, stream) is (wanted == "Client"):
        raise ConfigurationError(f"http_client: takes an httpx.{wanted}() here, and not an httpx.{_OTHER[wanted]}()")
    if getattr(client, "is_closed", None) is True:
        raise ConfigurationError("http_client: is closed already; pass an open client, and close it after this one")


def _is_asynchronous(client: object, stream: Callable[..., Any]) -> bool | None:
    """Return whether the methods of a client are asynchronous; None if that cannot be told."""
    decorated = getattr(stream, "__wrapped__", None)  # by contextlib, as httpx's own
    if isasyncgenfunction(decorated) or isgeneratorfunction(decorated):
        return isasyncgenfunction(decorated)
    waits = hasattr(client, "aclose") or hasattr(client, "__aenter__")
    blocks = hasattr(client, "close") or hasattr(client, "__enter__")
    return None if waits == blocks else waits


def tells_all(client: object) -> bool:
    """Return whether a client tells every step of a request: httpx's does, over transports of its own alone.

    Any other may send without a word, and so may a mock that is active.
    """
    methods = (getattr(type(client), name, None) for name in ("stream", "send"))
    return all(map(_is_of_httpx, methods)) and all(map(_is_untouched, _transports_of(client))) and not are_active()


def has_connections(client: object) -> bool:
    """Return whether a client that tells all has connections in its pools."""
    pools = (getattr(each, "_pool", None) for each in _transports_of(client))
    return any(getattr(pool, "connections", ()) for pool in pools)


def _transports_of(client: object) -> list[object]:
    transports: list[object] = [getattr(client, "_transport", None)]
    mounted = getattr(client, "_mounts", None)
    if is_object(mounted):  # the transports of proxies, and None for hosts that are reached without one
        transports += [each for each in mounted.values() if each is not None]
    return transports


def _is_untouched(transport: object) -> bool:
    made = type(transport)
    return _is_of_httpx(made) and made.__name__ in _TRANSPORTS and _HANDLERS.isdisjoint(vars(transport))


def _is_of_httpx(what: object) -> bool:
    return str(getattr(what, "__module__", None)).partition(".")[0] in _LIBRARIES


def limits_of(client: object, seconds: float | None) -> TimeLimits:
    """Return the time limits of an attempt: the client's own, where they are smaller than the seconds left."""
    own = getattr(client, "timeout", None)
    connect, read, write, pool = (getattr(own, name, own) for name in ("connect", "read", "write", "pool"))
    wait = None if seconds is None else seconds * _FOR_THE_POOL
    return _smaller(connect, seconds), _smaller(read, seconds), _smaller(write, seconds), _smaller(pool, wait)


def _smaller(own: Any, seconds: float | None) -> float | None:
    if not isinstance(own, (int, float)) or isinstance(own, bool):
        return seconds
    return own if seconds is None else min(own, seconds)
