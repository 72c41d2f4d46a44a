"""Connections: one request at a time, and its response."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..._core.outcome import Failure, ProtocolError
from ..._core.secret import SecretBytes
from ..._core.wire.http1 import ResponseReader

if TYPE_CHECKING:
    from ..._core.deadline import Deadline
    from ..._core.outcome import Response
    from .stream import AsyncStream

_TOGETHER = 65536
"""Maximum number of bytes of a body that are sent together with the head."""


class AsyncConnection:
    """A connection that speaks HTTP/1.1.

    Attributes:
        stream: the connection's bytes.
        heard: whether the server has sent anything.
        idle_since: the moment since which it is idle, once it has been used.
        reusable: whether another request may follow the last one.
    """

    __slots__ = ("__weakref__", "heard", "idle_since", "reusable", "stream")

    def __init__(self, stream: AsyncStream) -> None:
        """Take over a new connection."""
        self.stream = stream
        self.heard = False
        self.reusable = False
        self.idle_since = 0.0

    async def exchange(self, method: str, head: bytes, body: bytes, limit: int, deadline: Deadline) -> Response:
        """Send a request and return its complete response; raise `Failure` or `Oversized` if there is none.

        Args:
            method: the request's method.
            head: its head.
            body: its body.
            limit: maximum number of bytes of the response's body.
            deadline: the end of the attempt, after which nothing is written.
        """
        if not deadline.left():
            raise Failure("no time was left to send the request", sent=False, timed_out=True)
        stream = self.stream
        self.reusable = False
        reader = ResponseReader(method, limit)
        response: Response | None = None
        complete = True
        try:
            for part in (SecretBytes(head + body),) if len(body) <= _TOGETHER else (head, body):
                count = stream.send(part)
                if count != len(part):
                    complete = False
                    complete, response = await self._send_rest(part, count, reader, deadline)
                    if not complete:
                        break
            while response is None:
                data = await stream.read(deadline)
                self.heard = True
                response = reader.feed(data) if data else reader.finish()
        except ProtocolError as error:
            problem = f"the server {error.problem}"
            if not complete:
                problem += ", before the request was written to its end"
            raise Failure(problem, sent=True) from None
        self.reusable = complete and reader.reusable
        return response

    async def _send_rest(
        self, part: bytes, count: int | None, reader: ResponseReader, deadline: Deadline
    ) -> tuple[bool, Response | None]:
        """Send what the network did not take at once, unless the connection is broken or the response begins.

        In both cases no more needs to be sent: what has come can be read.
        """
        rest = memoryview(part)
        while count is not None:
            rest = rest[count:]
            if not rest:
                return True, None
            await self.stream.wait_either(deadline)
            received = self.stream.receive()
            if received is not None:
                response = reader.feed(received) if received else reader.finish()
                if reader.started:
                    return False, response
            count = self.stream.send(rest)
        return False, None
