"""`http_client=` and what code around it raises: hooks, `auth`, transports, bodies."""

from __future__ import annotations

import asyncio
import signal
import ssl
import sys
from contextlib import contextmanager
from functools import partial
from typing import TYPE_CHECKING, Any

import anyio
import h11
import httpcore
import httpx
import pytest
import trio

from knock_sdk import APIConnectionError, APITimeoutError, KnockError, OutcomeUnknownError, ResponseTooLargeError
from tests.support.server import Server, respond

from ..caller import USER, Caller

if sys.version_info < (3, 11):
    from exceptiongroup import ExceptionGroup

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable, Generator, Iterator


class RefusalError(Exception):
    """An application's own exception."""


class QuotaError(RuntimeError):
    """Another one, derived from an exception that the machine raises too."""


class UnreachableError(OSError):
    """One that an application's transport derives from the system's."""


UNUSED = ssl.create_default_context()
"""Made once: to make one takes longer than a test."""
BEFORE = ("auth before", "request hook")
AFTER = ("response hook", "auth after", "body")
SEAMS = (*BEFORE, "transport", *AFTER)
ABOUT_HTTP = [
    OSError(5, "Input/output error"),
    UnreachableError(113, "No route to host"),
    RuntimeError("words of a stranger"),
    ValueError("not a URL"),
    UnicodeError("label too long"),
    ImportError("No module named 'h2'"),
    EOFError("words of a stranger"),
    ssl.SSLError(1, "internal error"),
    asyncio.IncompleteReadError(b"", 3),
    asyncio.InvalidStateError("invalid state"),
    httpx.HTTPError("words of a stranger"),
    httpx.TooManyRedirects("words of a stranger"),
    httpx.ReadError("words of a stranger"),
    httpx.DecodingError("words of a stranger"),
    httpx.InvalidURL("words of a stranger"),
    httpx.CookieConflict("words of a stranger"),
    httpx.StreamConsumed(),
    httpx.StreamClosed(),
    httpx.ResponseNotRead(),
    httpx.RequestNotRead(),
    httpcore.ReadError("words of a stranger"),
    httpcore.RemoteProtocolError("words of a stranger"),
    httpcore.ConnectionNotAvailable("words of a stranger"),
    h11.RemoteProtocolError("words of a stranger"),
    anyio.ClosedResourceError("words of a stranger"),
    anyio.BrokenResourceError("words of a stranger"),
    anyio.EndOfStream("words of a stranger"),
    trio.ClosedResourceError("words of a stranger"),
    ExceptionGroup("several", [OSError(5, "Input/output error"), anyio.EndOfStream()]),
]
TIME_OUTS = [
    TimeoutError("words"),
    asyncio.TimeoutError("words"),
    trio.TooSlowError("words"),
    httpx.ReadTimeout("words"),
]
OWN = [
    RefusalError("no"),
    QuotaError("used up"),
    Exception("no"),
    KeyError("theirs"),
    TypeError("theirs"),
    ZeroDivisionError("theirs"),
    AssertionError("of a mock"),
    ExceptionGroup("several", [OSError(5, "Input/output error"), RefusalError("no")]),
]


class Body(httpx.SyncByteStream, httpx.AsyncByteStream):
    """A response's body that does something when it is read, or when it is closed."""

    def __init__(self, inner: Any, read: Callable[[], None], close: Callable[[], None]) -> None:
        self._inner = inner
        self._read = read
        self._close = close

    def __iter__(self) -> Iterator[bytes]:
        self._read()
        yield from self._inner

    async def __aiter__(self) -> AsyncIterator[bytes]:
        self._read()
        async for each in self._inner:
            yield each

    def close(self) -> None:
        self._inner.close()
        self._close()

    async def aclose(self) -> None:
        await self._inner.aclose()
        self._close()


class Around(httpx.BaseTransport, httpx.AsyncBaseTransport):
    """A transport around another one."""

    def __init__(self, inner: Any, before: Callable[[], None], body: Callable[[Any], Body]) -> None:
        self._inner = inner
        self._before = before
        self._body = body

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        self._before()
        response: httpx.Response = self._inner.handle_request(request)
        response.stream = self._body(response.stream)
        return response

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        self._before()
        response: httpx.Response = await self._inner.handle_async_request(request)
        response.stream = self._body(response.stream)
        return response

    def close(self) -> None:
        self._inner.close()

    async def aclose(self) -> None:
        await self._inner.aclose()


def given(caller: Caller, seam: str, act: Callable[[], None]) -> Any:
    """Make an httpx client over the network that acts at one of its seams."""

    def at(name: str) -> Callable[..., None]:
        return lambda *_: act() if seam == name else None

    class Auth(httpx.Auth):
        def auth_flow(self, request: httpx.Request) -> Generator[httpx.Request, httpx.Response, None]:
            at("auth before")()
            yield request
            at("auth after")()

    def hook(name: str) -> Callable[[Any], Any]:
        async def wait(_: object) -> None:
            at(name)()

        return at(name) if caller.kind == "sync" else wait

    hooks = {"request": [hook("request hook")], "response": [hook("response hook")]}
    transport: Any = None
    if seam in ("transport", "body", "close"):
        inner = httpx.HTTPTransport(verify=UNUSED) if caller.kind == "sync" else httpx.AsyncHTTPTransport(verify=UNUSED)
        transport = Around(inner, at("transport"), partial(Body, read=at("body"), close=at("close")))
    return caller.httpx(transport, auth=Auth(), event_hooks=hooks, verify=UNUSED)


@contextmanager
def failing(caller: Caller, seam: str, error: BaseException) -> Iterator[tuple[Any, Server]]:
    """Provide a client whose httpx client raises an error at a seam, and the server that it sends to."""

    def fail() -> None:
        raise error.with_traceback(None)

    with Server(respond(json=USER)) as server:
        yield caller.client(server.url, http_client=given(caller, seam, fail)), server


@pytest.mark.parametrize("seam", SEAMS)
@pytest.mark.parametrize("error", [*ABOUT_HTTP, *TIME_OUTS], ids=lambda error: type(error).__name__)
def test_no_error_of_http_or_of_the_machine_leaves_the_client(
    caller: Caller, waits: list[float], seam: str, error: Exception
) -> None:
    """Each becomes an error of this package that says whether something was sent."""
    with failing(caller, seam, error) as (client, server):
        with pytest.raises(APIConnectionError) as caught:
            caller(client.schedules.create, recipients=["u1"], workflow="flow")
        assert len(server.requests) == (1 if seam in AFTER else 0)
        if seam != "transport":  # which may have sent it without a word
            assert caught.value.sent == (seam in AFTER)
    expected = APITimeoutError if error in TIME_OUTS else APIConnectionError
    assert type(caught.value) is (OutcomeUnknownError if caught.value.sent else expected)
    assert "stranger" not in str(caught.value) or type(error) in (RuntimeError, EOFError)
    assert (caught.value.__cause__, caught.value.__context__) == (None, None)


@pytest.mark.parametrize("seam", SEAMS)
@pytest.mark.parametrize("error", OWN, ids=lambda error: type(error).__name__)
def test_an_exception_of_the_application_reaches_it(caller: Caller, seam: str, error: Exception) -> None:
    """At once, although the call could be repeated: whoever raises it wants no other attempt."""
    with failing(caller, seam, error) as (client, server):
        with pytest.raises(type(error)) as caught:
            caller(client.users.get, "u1")
        assert len(server.requests) == (1 if seam in AFTER else 0)
    assert caught.value is error


@pytest.mark.parametrize("error", [*ABOUT_HTTP, *TIME_OUTS], ids=lambda error: type(error).__name__)
def test_a_response_that_came_whole_is_not_lost_when_its_connection_is(caller: Caller, error: Exception) -> None:
    with failing(caller, "close", error) as (client, server):
        assert caller(client.users.get, "u1").response_info.attempts == 1
        assert len(server.requests) == 1


def test_a_response_that_is_too_large_is_so_although_its_connection_breaks(caller: Caller) -> None:
    with failing(caller, "close", OSError(5, "Input/output error")) as (client, server):
        small = client.with_options(max_response_size=20)
        with pytest.raises(ResponseTooLargeError):
            caller(small.users.get, "u1")
        assert len(server.requests) == 1


@pytest.mark.parametrize(
    "error", [OSError(5, "Input/output error"), anyio.BrokenResourceError(), RuntimeError("closed")]
)
def test_errors_at_the_end_of_a_client_are_nobodys(
    caller: Caller, monkeypatch: pytest.MonkeyPatch, error: Exception
) -> None:
    def fail(*_: object) -> None:
        raise error

    async def fail_later(*_: object) -> None:
        raise error

    with Server(respond(json=USER)) as server:
        client = caller.client(server.url, http_client="httpx")
        assert caller(client.users.get, "u1").id == "u1"
        with monkeypatch.context() as patched:
            patched.setattr(httpx.HTTPTransport, "close", fail)
            patched.setattr(httpx.AsyncHTTPTransport, "aclose", fail_later)
            caller(client.close)


def test_a_client_that_was_closed_may_have_sent_what_it_says_nothing_about(caller: Caller, waits: list[float]) -> None:
    """A transport that tells nothing, whose client the application closes meanwhile."""

    def handler(_: httpx.Request) -> httpx.Response:
        other._state = type(other._state).CLOSED
        raise httpx.ReadError("words of a stranger")

    other = caller.httpx(httpx.MockTransport(handler))
    client = caller.client("https://api.knock.example", http_client=other)
    for sent in (True, False):
        with pytest.raises(APIConnectionError, match="was closed meanwhile") as caught:
            caller(client.schedules.create, recipients=["u1"], workflow="flow")
        assert (caught.value.sent, caught.value.attempts) == (sent, 1)


@pytest.mark.parametrize("error", [httpx.CookieConflict("no"), httpx.ResponseNotRead(), httpx.RequestNotRead()])
def test_a_mistake_about_bodies_or_cookies_is_not_repeated(caller: Caller, error: Exception) -> None:
    with failing(caller, "response hook", error) as (client, server):
        with pytest.raises(KnockError, match=r"response\.read\(\)|a body that|several cookies"):
            caller(client.users.get, "u1")
        assert len(server.requests) == 1


@pytest.mark.skipif(not hasattr(signal, "SIGUSR1"), reason="needs signals of POSIX")
@pytest.mark.parametrize("grouped", [True, False])
@pytest.mark.parametrize("seam", SEAMS)
def test_an_exception_of_a_signals_handler_reaches_the_caller(seam: str, *, grouped: bool) -> None:
    """Also if the tasks of a hook or a transport put it into a group."""

    def interrupt(*_: object) -> None:
        raise TimeoutError("the soft limit of a job")

    def act() -> None:
        try:
            signal.raise_signal(signal.SIGUSR1)
        except TimeoutError as error:
            raise (ExceptionGroup("several", [error]) if grouped else error) from None

    before = signal.signal(signal.SIGUSR1, interrupt)
    try:
        with Server(respond(json=USER)) as server, Caller("sync") as caller:
            client = caller.client(server.url, http_client=given(caller, seam, act))
            with pytest.raises(TimeoutError, match="the soft limit of a job"):
                client.users.get("u1")
            assert len(server.requests) == (1 if seam in AFTER else 0)
    finally:
        signal.signal(signal.SIGUSR1, before)
