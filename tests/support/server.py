"""A scripted HTTP server on loopback, in its own thread.

::

    with Server(respond(503), respond(json={"id": "u"})) as server:
        ...  # the first request gets 503, every later one the user
    assert len(server.requests) == 2

A reply is a coroutine function that gets an `Exchange`: the request and its connection. The functions below make the
usual replies, valid HTTP or not; `Server.by` picks a reply for each request.
"""

from __future__ import annotations

import asyncio
import json as json_module
import socket
import struct
import threading
import time
from contextlib import suppress
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl, urlsplit

if TYPE_CHECKING:
    import ssl
    from collections.abc import Awaitable, Callable, Mapping

    from typing_extensions import Self

    Reply = Callable[["Exchange"], Awaitable[None]]

_TURNS = 5
"""Turns of the event loop from a connection that is accepted to the call of `_accept`, and some more."""

SECONDS = 30.0
"""Longest wait for something that must happen, however busy the machine is."""


@dataclass(frozen=True)
class Received:
    """A request as it was received."""

    number: int
    connection: int
    method: str
    target: str
    headers: Mapping[str, str]
    body: bytes
    at: float = field(default_factory=time.monotonic)

    @property
    def path(self) -> str:
        """The target without its query."""
        return urlsplit(self.target).path

    @property
    def query(self) -> dict[str, str]:
        """The query's parameters, decoded."""
        return dict(parse_qsl(urlsplit(self.target).query, keep_blank_values=True))

    @property
    def json(self) -> Any:
        """The body, decoded."""
        return json_module.loads(self.body)


@dataclass
class Exchange:
    """A request, and the connection that waits for the reply."""

    received: Received
    reader: asyncio.StreamReader
    writer: asyncio.StreamWriter

    async def send(self, data: bytes) -> None:
        """Write bytes."""
        self.writer.write(data)
        await self.writer.drain()

    async def hang_up(self) -> None:
        """Close the connection without a reset."""
        self.writer.close()

    async def reset(self) -> None:
        """Close the connection with a reset."""
        _abort(self.writer)


def _abort(writer: asyncio.StreamWriter) -> None:
    connection = writer.get_extra_info("socket")
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    writer.transport.abort()


def head(status: int, headers: Mapping[str, str], *, length: int | None) -> bytes:
    """Return the head of a response."""
    lines = [f"HTTP/1.1 {status} {HTTPStatus(status).phrase}", *(f"{name}: {text}" for name, text in headers.items())]
    if length is not None:
        lines.append(f"content-length: {length}")
    return "\r\n".join([*lines, "", ""]).encode("latin-1")


def message(status: int = 200, *, json: Any = None, body: bytes | None = None, **headers: str) -> bytes:
    """Return a complete response; underscores in the names of headers stand for hyphens."""
    named = {name.replace("_", "-"): text for name, text in headers.items()}
    if body is None:
        body = json_module.dumps({} if json is None else json).encode()
        named.setdefault("content-type", "application/json")
    return head(status, named, length=None if status == 204 else len(body)) + (b"" if status == 204 else body)


def respond(status: int = 200, *, json: Any = None, body: bytes | None = None, **headers: str) -> Reply:
    """Return a reply that responds with JSON, or with bytes as the body."""
    return raw(message(status, json=json, body=body, **headers))


def raw(data: bytes, *, then_close: bool = False) -> Reply:
    """Return a reply that sends bytes, which need not be HTTP."""

    async def reply(exchange: Exchange) -> None:
        await exchange.send(data)
        if then_close:
            await exchange.hang_up()

    return reply


def after(seconds: float, reply: Reply) -> Reply:
    """Return a reply that waits before another reply."""

    async def late(exchange: Exchange) -> None:
        await asyncio.sleep(seconds)
        await reply(exchange)

    return late


def until(condition: Callable[[], bool], reply: Reply) -> Reply:
    """Reply once something has come true."""

    async def held(exchange: Exchange) -> None:
        while not condition():  # noqa: ASYNC110 (what is waited for happens in another thread)
            await asyncio.sleep(0.005)
        await reply(exchange)

    return held


def drip(data: bytes, *, every: float = 0.05, at_once: int = 0) -> Reply:
    """Return a reply that sends the first `at_once` bytes together, and the others one by one."""

    async def reply(exchange: Exchange) -> None:
        await exchange.send(data[:at_once])
        for byte in data[at_once:]:
            await asyncio.sleep(every)
            await exchange.send(bytes([byte]))

    return reply


def flood(start: bytes, again: bytes) -> Reply:
    """Return a reply that sends `again` repeatedly until the client disconnects."""

    async def reply(exchange: Exchange) -> None:
        await exchange.send(start)
        while True:
            await exchange.send(again)

    return reply


async def hang(exchange: Exchange) -> None:
    """Never reply; the exchange ends when the client disconnects."""
    await exchange.reader.read()
    await exchange.hang_up()


async def hang_up(exchange: Exchange) -> None:
    """Close the connection instead of replying."""
    await exchange.hang_up()


async def reset(exchange: Exchange) -> None:
    """Reset the connection instead of replying."""
    await exchange.reset()


def in_turn(*replies: Reply) -> Callable[[Received], Reply]:
    """Return a function that gives each request the next reply; the last one is repeated."""
    return lambda received: replies[min(received.number, len(replies)) - 1]


class Server:
    """Listens on a free port of 127.0.0.1 while its block is open.

    Attributes:
        requests: complete requests, in the order of their arrival.
        accepted: number of connections accepted.
        open: number of connections that the server has not seen closed.
        resets_connection: decides, by its number, whether a connection is reset as soon as it is accepted.
    """

    def __init__(self, *replies: Reply, tls: ssl.SSLContext | None = None) -> None:
        """Give each request the next reply; the last one is repeated."""
        self.requests: list[Received] = []
        self.accepted = 0
        self.open = 0
        self.resets_connection: Callable[[int], bool] = lambda _: False
        self._pick = in_turn(*(replies or (respond(),)))
        self._tls = tls
        self._tasks: set[asyncio.Task[None]] = set()
        self._writers: dict[asyncio.StreamWriter, bool] = {}
        self._ready = threading.Event()
        self._thread = threading.Thread(target=lambda: asyncio.run(self._serve()), name="server")

    @classmethod
    def by(cls, pick: Callable[[Received], Reply], *, tls: ssl.SSLContext | None = None) -> Self:
        """Make a server that calls `pick` with each request for its reply."""
        server = cls(tls=tls)
        server._pick = pick
        return server

    def __enter__(self) -> Self:
        self._thread.start()
        assert self._ready.wait(SECONDS)
        return self

    def __exit__(self, *_: object) -> None:
        self._loop.call_soon_threadsafe(self._stop.set)
        self._thread.join()

    @property
    def url(self) -> str:
        """The base URL."""
        return f"{'http' if self._tls is None else 'https'}://127.0.0.1:{self.port}"

    def close_idle(self) -> None:
        """Close the connections without a request in progress; return when the client can notice."""
        closed = asyncio.run_coroutine_threadsafe(self._close_idle(), self._loop).result(SECONDS)
        if self._tls is None:  # an end of TLS waits for the other end's
            self.wait_for(lambda server: not closed & server._writers.keys())
        time.sleep(0.02)

    def wait_for(self, condition: Callable[[Server], bool]) -> None:
        """Wait until a condition is true; fail after `SECONDS`."""
        limit = time.monotonic() + SECONDS
        while not condition(self):
            assert time.monotonic() < limit, f"{len(self.requests)} requests, {self.open} of {self.accepted} open"
            time.sleep(0.005)

    async def _serve(self) -> None:
        self._loop = asyncio.get_running_loop()
        self._stop = asyncio.Event()
        listener = await asyncio.start_server(self._accept, "127.0.0.1", 0, ssl=self._tls, backlog=512)
        self.port: int = listener.sockets[0].getsockname()[1]
        self._ready.set()
        await self._stop.wait()
        listener.close()
        for _ in range(_TURNS):  # connections that were accepted just now reach `_accept`
            await asyncio.sleep(0)
        for writer in list(self._writers):
            writer.transport.abort()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def _close_idle(self) -> set[asyncio.StreamWriter]:
        idle = {writer for writer, busy in self._writers.items() if not busy}
        for writer in idle:
            writer.close()
        return idle

    def _accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.accepted += 1
        self.open += 1
        self._writers[writer] = False  # before the task runs: one that is cancelled earlier never closes anything
        task = asyncio.get_running_loop().create_task(self._converse(self.accepted, reader, writer))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _converse(self, connection: int, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            # The client may disconnect at any point, also in the middle of a reply, which ends the conversation.
            with suppress(OSError, asyncio.IncompleteReadError):
                if self.resets_connection(connection):
                    _abort(writer)
                while not writer.is_closing():
                    self._writers[writer] = False
                    start = await reader.readuntil(b"\r\n\r\n")
                    self._writers[writer] = True
                    received = await self._receive(connection, start, reader)
                    self.requests.append(received)
                    await self._pick(received)(Exchange(received, reader, writer))
        finally:
            self.open -= 1
            self._writers.pop(writer, None)
            writer.close()
            with suppress(OSError):
                await writer.wait_closed()

    async def _receive(self, connection: int, start: bytes, reader: asyncio.StreamReader) -> Received:
        first, *lines = start.decode("latin-1").split("\r\n")[:-2]
        method, target, _ = first.split(" ")
        headers = {name.lower(): text.strip() for name, _, text in (line.partition(":") for line in lines)}
        body = await reader.readexactly(int(headers.get("content-length", "0")))
        return Received(len(self.requests) + 1, connection, method, target, headers, body)
