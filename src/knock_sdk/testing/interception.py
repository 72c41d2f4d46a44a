"""Interception: clients that an application makes by itself reach a simulator, without a socket.

While it is active, requests to the API that go through httpx are handled by the simulator: those of `knockapi`, and of
clients with an HTTP client of their own. The transports of httpx are replaced, as mocks do, which the engines of this
package look for at each attempt; they then ask for a stand-in. So this reaches clients that exist already, in any
thread and event loop of the process. Requests to other hosts are left alone.
"""

from __future__ import annotations

import inspect
import os
import sys
from contextlib import contextmanager, suppress
from importlib import import_module
from threading import RLock
from typing import TYPE_CHECKING, Any, NamedTuple

from anyio.lowlevel import checkpoint

from .._core import mocks
from .._core.outcome import Failure
from .._core.requests.config import BASE_URL
from .._core.wire.url import parse_base_url
from ..errors import ConfigurationError
from .client_engines import API_KEY, AsyncSimulatorEngine, SimulatorEngine
from .http.exchange import ConnectionDropped, HTTPRequest

if TYPE_CHECKING:
    from collections.abc import Generator, Iterator

    from .._core.wire.url import Origin
    from .environment import Environment

_LIBRARY = "httpx"
_SUCCESSOR = "httpx2"
_KEY = "KNOCK_API_KEY"
_ELSEWHERE = (
    "the simulator is in the process from which this one was forked: serve it, with sim.serve(), and set KNOCK_BASE_URL"
)
_PORTS = {"http": 80, "https": 443}


class Interception(NamedTuple):
    """A simulator that requests reach, and the URL of the API that it stands for, besides that of the environment."""

    environment: Environment
    base_url: str | None
    process: int
    """Id of the process that has the simulator."""


class _Originals(NamedTuple):
    """The methods of a library's transports that were replaced."""

    sync: Any
    asynchronous: Any


_active: list[Interception] = []
"""Those that are active; the last one gets the requests."""
_originals: dict[str, _Originals] = {}
"""The replaced methods, by library."""
_environment: dict[str, str | None] = {}
"""What the environment had before."""
_lock = RLock()


@contextmanager
def intercept(environment: Environment, base_url: str | None = None) -> Generator[None, None, None]:
    """Send requests to the API to a simulator while a `with` block runs.

    Args:
        environment: the simulator.
        base_url: URL of the API that the application uses, besides `https://api.knock.app` and `KNOCK_BASE_URL`.

    Raises:
        ConfigurationError: The URL is malformed.
    """
    if base_url is not None:
        parse_base_url(base_url, allow_http=True, name="base_url")
    interception = Interception(environment, base_url, os.getpid())
    with _lock:
        if not _active:
            _replace(import_module(_LIBRARY))
            if (successor := sys.modules.get(_SUCCESSOR)) is not None:
                _replace(successor)
            mocks.replace_engines(_find_engine)
            # What the environment has otherwise is put back with the methods.
            _environment[_KEY] = os.environ.get(_KEY)
            os.environ[_KEY] = _environment[_KEY] or API_KEY
        _active.append(interception)
    try:
        yield
    finally:
        with _lock:
            _active[:] = [each for each in _active if each is not interception]
            if not _active:
                mocks.replace_engines(None)
                _put_back()


def _replace(module: Any) -> None:
    """Replace the transports of a library."""
    sync, asynchronous = module.HTTPTransport, module.AsyncHTTPTransport
    original = _originals[module.__name__] = _Originals(sync.handle_request, asynchronous.handle_async_request)

    def handle_request(self: Any, request: Any) -> Any:
        found = _find(request.url)
        if found is None:
            return original.sync(self, request)
        return _respond(module, found, request, request.read())

    async def handle_async_request(self: Any, request: Any) -> Any:
        found = _find(request.url)
        if found is None:
            return await original.asynchronous(self, request)
        await checkpoint()
        return _respond(module, found, request, await request.aread())

    sync.handle_request = handle_request
    asynchronous.handle_async_request = handle_async_request


def _put_back() -> None:
    """Put the methods and the environment back."""
    for library, original in _originals.items():
        module: Any = sys.modules[library]
        module.HTTPTransport.handle_request = original.sync
        module.AsyncHTTPTransport.handle_async_request = original.asynchronous
    _originals.clear()
    before = _environment.pop(_KEY)
    if not before and os.environ.get(_KEY) == API_KEY:
        del os.environ[_KEY]
        if before is not None:
            os.environ[_KEY] = before


class _Found(NamedTuple):
    """The simulator that a request is for, and the path in front of the API's own."""

    interception: Interception
    prefix: str


def _origins(interception: Interception) -> Iterator[Origin]:
    """Iterate over the origins of the API at present."""
    for known in (interception.base_url, os.environ.get("KNOCK_BASE_URL"), BASE_URL):
        if known:
            with suppress(ConfigurationError):  # a client would refuse this variable
                yield parse_base_url(known, allow_http=True)


def _find(url: Any) -> _Found | None:
    """Return the simulator that a URL leads to; None if it is not one of the API."""
    for interception in _active[-1:]:
        for origin in _origins(interception):
            port = url.port or _PORTS.get(url.scheme)
            same = (url.scheme, url.host, port) == (origin.scheme, origin.host, origin.port)
            if same and url.raw_path.decode("ascii").startswith(origin.prefix + "/"):
                return _Found(interception, origin.prefix)
    return None


def _find_engine(origin: Origin, engine: object) -> SimulatorEngine | AsyncSimulatorEngine | None:
    """Return what stands in for an engine of clients of an origin; with a path before `/v1`, httpx is to be used."""
    for interception in _active[-1:]:
        if not origin.prefix and origin in _origins(interception):
            if _is_elsewhere(interception):
                raise Failure(_ELSEWHERE, sent=False, permanent=True)
            asynchronous = inspect.iscoroutinefunction(getattr(engine, "exchange", None))
            return (AsyncSimulatorEngine if asynchronous else SimulatorEngine)(interception.environment)
    return None


def _is_elsewhere(interception: Interception) -> bool:
    """Return whether this process was forked from the one that has the simulator, and so has only a copy of it."""
    return interception.process != os.getpid()


def _respond(library: Any, found: _Found, request: Any, body: bytes) -> Any:
    """Return the simulator's response, or raise the error that the library has for its absence."""
    target = request.url.raw_path.decode("ascii").removeprefix(found.prefix)
    limit = request.extensions.get("timeout", {}).get("read")
    if _is_elsewhere(found.interception):
        raise library.ConnectError(_ELSEWHERE, request=request)
    try:
        reply = found.interception.environment.handle(HTTPRequest(request.method, target, request.headers.raw, body))
    except ConnectionDropped as dropped:
        _check_time(library, request, dropped.delay, limit)
        error = library.ReadError if dropped.sent else library.ConnectError
        raise error(str(dropped), request=request) from None
    _check_time(library, request, reply.delay, limit)
    return library.Response(reply.status, headers=list(reply.headers), content=reply.body, request=request)


def _check_time(library: Any, request: Any, delay: float, limit: float | None) -> None:
    if delay and limit is not None and delay >= limit:
        raise library.ReadTimeout("the simulated delay exceeds the time limit of the attempt", request=request)
