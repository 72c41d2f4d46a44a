"""A server that enforces one rate limit, by its own clock: status 429 for requests beyond it.

It counts what arrived within the last second, the strictest way to count. So that a machine that is busy with other
things breaks no test, its second can be a little shorter.
"""

from __future__ import annotations

import asyncio
import json
import sys
import time
from collections import deque
from functools import partial
from typing import Any, ClassVar, NamedTuple

from typing_extensions import override

from .server_process import COUNTS, Connection, ServerProcess, serve

_BUSY = 0.02
_TICK = 0.005
TIME = "2026-01-02T03:04:05Z"
ANSWER: dict[str, Any] = {
    "__typename": "User",
    "id": "u1",
    "updated_at": TIME,
    "inserted_at": TIME,
    "name": "users.identify",
    "status": "queued",
    "estimated_total_rows": 1,
    "processed_rows": 0,
    "success_count": 0,
    "error_count": 0,
}
"""What models of users and of bulk operations can be read from."""


class Counts(NamedTuple):
    """What the server has received.

    Attributes:
        connections: number of connections that sent a request.
        refused: number of requests that got a 429.
        accepted: arrival of the others, in seconds since the first, in order.
        lag: longest time in seconds for which the machine kept the server from reading.
    """

    connections: int
    refused: int
    accepted: list[float]
    lag: float

    def most_in(self, seconds: float) -> int:
        """Return the largest number of requests that were accepted within a time."""
        within: deque[float] = deque()
        most = 0
        for at in self.accepted:
            within.append(at)
            while at - within[0] >= seconds:
                within.popleft()
            most = max(most, len(within))
        return most

    @property
    def was_busy(self) -> bool:
        """Whether the machine was so busy that requests may have been read together which arrived one by one."""
        return self.lag > _BUSY

    @property
    def closest(self) -> float:
        """The shortest time between two requests."""
        return min(after - before for before, after in zip(self.accepted, self.accepted[1:], strict=False))

    @property
    def seconds(self) -> float:
        """The time from the first request to the last."""
        return self.accepted[-1]


class LimitedServer(ServerProcess):
    """Runs the server while its block is open."""

    def __init__(
        self, limit: int, *, second: float = 1.0, opening: float = 0.0, retry_after: str = "", refuse: int = 0
    ) -> None:
        """Prepare.

        Args:
            limit: requests that it accepts within a second.
            second: length of its second, in seconds.
            opening: seconds after which it reads the first request of a connection.
            retry_after: value of the header of refusals; no header if empty.
            refuse: number of the request that is refused in any case, from 1.
        """
        super().__init__(__name__, str(limit), str(second), str(opening), retry_after, str(refuse))

    @override
    def counts(self) -> Counts:
        return Counts(*super().counts())


class Limited(Connection):
    """A connection to the server."""

    connections = refused = received = 0
    lag = 0.0
    _watched = False
    accepted: ClassVar[list[float]] = []
    _recent: ClassVar[deque[float]] = deque()

    def __init__(self, limit: int, second: float, opening: float, retry_after: str, refuse: int) -> None:
        self._limit, self._second, self._opening, self._refuse = limit, second, opening, refuse
        self._retry_after = f"retry-after: {retry_after}\r\n" if retry_after else ""
        self._read = bytearray()
        self._counted = False

    @override
    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        super().connection_made(transport)
        if not Limited._watched:
            Limited._watched = True
            _watch(time.monotonic())

    @override
    def data_received(self, data: bytes) -> None:
        self._read += data
        if self._opening:
            asyncio.get_running_loop().call_later(self._opening, self._take)
            self._opening = 0.0
        else:
            self._take()

    def _take(self) -> None:
        while (end := self._read.find(b"\r\n\r\n")) >= 0:
            first, *lines = bytes(self._read[:end]).decode("latin-1").split("\r\n")
            headers = {name.lower(): text.strip() for name, _, text in (line.partition(":") for line in lines)}
            length = end + 4 + int(headers.get("content-length", "0"))
            if len(self._read) < length:
                return
            del self._read[:length]
            target = first.split(" ")[1]
            if target == COUNTS:
                start = Limited.accepted[0] if Limited.accepted else 0.0
                times = [at - start for at in Limited.accepted]
                self._respond("200 OK", [Limited.connections, Limited.refused, times, Limited.lag])
            else:
                self._judge(target)

    def _judge(self, target: str) -> None:
        now, recent = time.monotonic(), Limited._recent
        Limited.connections += not self._counted
        self._counted = True
        Limited.received += 1
        while recent and now - recent[0] >= self._second:
            recent.popleft()
        if len(recent) >= self._limit or Limited.received == self._refuse:
            Limited.refused += 1
            self._respond("429 Too Many Requests", {"code": "rate_limited", "message": "slow down"}, self._retry_after)
        else:
            recent.append(now)
            Limited.accepted.append(now)
            self._respond("200 OK", {**ANSWER, "workflow_run_id": target})

    def _respond(self, status: str, body: Any, headers: str = "") -> None:
        text = json.dumps(body)
        head = f"HTTP/1.1 {status}\r\ncontent-type: application/json\r\n{headers}content-length: {len(text)}\r\n\r\n"
        self._transport.write((head + text).encode())


def _watch(due: float) -> None:
    now = time.monotonic()
    Limited.lag = max(Limited.lag, now - due)
    asyncio.get_running_loop().call_at(now + _TICK, _watch, now + _TICK)


if __name__ == "__main__":
    serve(partial(Limited, int(sys.argv[1]), float(sys.argv[2]), float(sys.argv[3]), sys.argv[4], int(sys.argv[5])))
