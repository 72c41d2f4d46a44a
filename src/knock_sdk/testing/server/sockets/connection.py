"""One socket: frames that the client sends, topics that it has joined, and a queue of frames for it."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from typing import TYPE_CHECKING, Any, NamedTuple

from starlette.websockets import WebSocketDisconnect

from ...http.errors import Problem
from . import frames

if TYPE_CHECKING:
    from collections.abc import Callable

    from starlette.websockets import WebSocket

    from .frames import Frame
    from .hub import Hub
    from .joins import Join

MOST_TOPICS = 100
"""How many topics a socket may have joined: a page joins a few."""
LONGEST_QUEUE = 4_096
"""Frames that wait for a client, which is closed if it does not read them."""
MALFORMED = 1008
SLOW = 1013
_PATIENCE = 1.0
"""Seconds that a client has to take the frame that closes its socket."""
_AT_ONCE = 32
"""Frames that are written before other sockets and requests have their turn."""


class _Joined(NamedTuple):
    join: Join
    hub: Hub


class Connection:
    """One socket, from its acceptance to its end."""

    def __init__(
        self, socket: WebSocket, hub_for_join: Callable[[], Hub], token: str | None, drop: Callable[[], None] | None
    ) -> None:
        """Wrap a socket.

        Args:
            socket: An accepted socket.
            hub_for_join: Returns the hub of the environment; raises ValueError if there can be none.
            token: The user token that the client has sent.
            drop: Ends the connection of a client that does not read; None if the server has no such function.
        """
        self._socket = socket
        self._hub_for_join = hub_for_join
        self._token = token
        self._drop = drop
        self._joined: dict[str, _Joined] = {}
        """By topic."""
        self._queue: asyncio.Queue[str] = asyncio.Queue(LONGEST_QUEUE)
        self._end: asyncio.Future[int] = asyncio.get_running_loop().create_future()

    async def run(self) -> None:
        """Serve the client until it disconnects, or the socket has to be closed."""
        reader, writer = asyncio.create_task(self._read()), asyncio.create_task(self._write())
        ends: list[asyncio.Future[Any]] = [reader, writer, self._end]
        try:
            await asyncio.wait(ends, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for topic in list(self._joined):
                self._leave(topic)
            for task in (reader, writer):
                task.cancel()
            await asyncio.gather(reader, writer, return_exceptions=True)
        for task in (reader, writer):
            if not task.cancelled() and (error := task.exception()) is not None:
                raise error
        if self._end.done():
            await self._close(self._end.result())

    def send(self, text: str) -> None:
        """Send a frame as soon as the client reads it; one that is too slow is closed."""
        try:
            self._queue.put_nowait(text)
        except asyncio.QueueFull:
            self.end(SLOW)

    def end(self, code: int) -> None:
        """Close the socket; never with 1000, after which clients do not connect again."""
        if not self._end.done():
            self._end.set_result(code)

    async def _read(self) -> None:
        while not self._end.done():
            message = await self._socket.receive()
            if message["type"] == "websocket.disconnect":
                return
            try:
                frame = frames.parse(message.get("text") or "")
            except ValueError:
                self.end(MALFORMED)
                return
            self._handle(frame)

    async def _write(self) -> None:
        written = 0
        with suppress(WebSocketDisconnect):  # it is gone, as the reader finds too
            while True:
                await self._socket.send_text(await self._queue.get())
                written += 1
                if written % _AT_ONCE == 0:
                    await asyncio.sleep(0)

    async def _close(self, code: int) -> None:
        try:
            await asyncio.wait_for(self._socket.close(code), _PATIENCE)
        except (asyncio.TimeoutError, WebSocketDisconnect, RuntimeError):  # the last one if it is closed already
            if self._drop is not None:
                self._drop()

    def _handle(self, frame: Frame) -> None:
        if frame.event == "phx_join":
            self._join(frame)
        elif frame.event == "phx_leave":
            joined = self._joined.get(frame.topic)
            # A page that joins a topic again may leave the older join later.
            if joined is not None and joined.join.join_ref == frame.join_ref:
                self._leave(frame.topic)
            self.send(frames.reply(frame, "ok", {}))
        elif frame.topic == "phoenix" and frame.event == "heartbeat":
            self.send(frames.reply(frame, "ok", {}))
        else:
            reason = "unknown event" if frame.topic in self._joined else "unmatched topic"
            self.send(frames.reply(frame, "error", {"reason": reason}))

    def _join(self, frame: Frame) -> None:
        kind, _, rest = frame.topic.partition(":")
        if kind not in {"feeds", "guides"} or (kind == "feeds" and ":" not in rest):
            self._refuse(frame, "unmatched topic", "Topics are feeds:<channel>:<user> and guides:<channel>.")
            return
        if frame.topic not in self._joined and len(self._joined) >= MOST_TOPICS:
            self._refuse(frame, "too many topics", f"A socket may join {MOST_TOPICS} topics.")
            return
        if (former := self._joined.get(frame.topic)) is not None:
            self._leave(frame.topic)
            self.send(frames.push(former.join.join_ref, frame.topic, "phx_close", {}))
        try:
            hub = self._hub_for_join()
            joining = hub.join_feed if kind == "feeds" else hub.join_guides
            joined = joining(self, frame, self._token)
        except Problem as problem:
            errors = [error._asdict() for error in problem.errors]
            reason = "unauthorized" if problem.status in {401, 403} else problem.code
            self._refuse(frame, reason, problem.summary(), errors)
            return
        except ValueError as error:
            self._refuse(frame, "invalid_params", str(error))
            return
        self._joined[frame.topic] = _Joined(joined, hub)
        self.send(frames.reply(frame, "ok", {}))

    def _refuse(self, frame: Frame, reason: str, message: str, errors: list[dict[str, object]] | None = None) -> None:
        response: dict[str, object] = {"reason": reason, "message": message}
        if errors:
            response["errors"] = errors
        self.send(frames.reply(frame, "error", response))

    def _leave(self, topic: str) -> None:
        joined = self._joined.pop(topic)
        joined.hub.leave(joined.join)
