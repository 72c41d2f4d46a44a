"""The body of an answer: collected, decompressed, and bounded after decompression."""

from __future__ import annotations

import zlib
from typing import TYPE_CHECKING

from .outcome import Answer, Oversized

if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any

_SLACK = 1024
_START = 2048
_PIECE = 1024 * 1024


class Collector:
    """Takes the parts of a body as they arrive; `finish` returns the whole answer."""

    __slots__ = ("_answer", "_broken", "_inflater", "_limit", "_parts", "_received", "_size")

    def __init__(self, status: int, headers: list[tuple[bytes, bytes]], limit: int, *, decoded: bool = False) -> None:
        """Look at the head of an answer.

        Args:
            status: its status.
            headers: its headers.
            limit: most bytes of the body, after decompression.
            decoded: whether the parts are decompressed already.
        """
        self._answer = Answer(status, headers, b"")
        self._limit = limit
        self._size = 0
        self._received = 0
        self._broken = False
        self._parts: list[bytes] = []
        # Anything but gzip was not asked for: such a body stays as it is, and is then no JSON.
        gzipped = not decoded and (self._answer.header(b"content-encoding") or "").lower() in ("gzip", "x-gzip")
        self._inflater: Any = zlib.decompressobj(16 + zlib.MAX_WBITS) if gzipped else None

    def feed(self, part: bytes) -> None:
        """Take the next part; raise `Oversized` as soon as the limit is passed."""
        self._received += len(part)
        for piece in (part,) if self._inflater is None else self._inflate(part):
            self._size += len(piece)
            self._parts.append(piece)
            if self._size > self._limit:
                break
        # Bytes that inflate to nothing must end as well; compression adds less than the slack.
        if self._size > self._limit or self._received > self._limit + self._limit // 100 + _SLACK:
            raise Oversized(self._answer._replace(body=self._start()))

    def finish(self) -> Answer:
        """Return the complete answer."""
        if self._inflater is not None and self._received and (self._broken or not self._inflater.eof):
            self._parts.append(b"\x00")  # what is there must not pass for a complete answer
        parts = self._parts
        return self._answer._replace(body=parts[0] if len(parts) == 1 else b"".join(parts))

    def _inflate(self, part: bytes) -> Iterator[bytes]:
        """Decompress in pieces: what zlib returns in one piece takes twice its size meanwhile."""
        while not self._broken:
            most = min(_PIECE, self._limit + 1 - self._size)
            try:
                piece: bytes = self._inflater.decompress(part, most)
            except zlib.error:
                self._broken = True
                return
            self._broken = bool(self._inflater.unused_data)  # an answer is one compressed stream, and nothing after it
            yield piece
            part = self._inflater.unconsumed_tail
            if not part and len(piece) < most:
                return

    def _start(self) -> bytes:
        start = b""
        for part in self._parts:
            start += part[: _START - len(start)]
        return start
