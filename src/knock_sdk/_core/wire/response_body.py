"""Bodies of responses: collected, decompressed, and limited in size after decompression."""

from __future__ import annotations

import zlib
from typing import TYPE_CHECKING

from ..outcome import Oversized, Response

if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any

_SLACK = 1024
_START = 2048
_LARGEST_CHUNK = 1024 * 1024
_MOST_MEMBERS = 10_000
"""Compressed streams in one body; each may be empty, and costs time all the same."""


class Collector:
    """Collects the chunks of a body as they arrive; `finish` returns the complete response."""

    __slots__ = ("_broken", "_chunks", "_inflater", "_limit", "_members", "_received", "_response", "_size")

    def __init__(self, status: int, headers: list[tuple[bytes, bytes]], limit: int, *, decoded: bool = False) -> None:
        """Prepare for the body of a response.

        Args:
            status: its status.
            headers: its headers.
            limit: maximum number of bytes of the body, after decompression.
            decoded: whether the chunks are decompressed already.
        """
        self._response = Response(status, headers, b"")
        self._limit = limit
        self._size = 0
        self._received = 0
        self._broken = False
        self._chunks: list[bytes] = []
        # Only gzip was requested: a body in another encoding is left as it is, and fails as JSON later.
        gzipped = not decoded and (self._response.header(b"content-encoding") or "").lower() in ("gzip", "x-gzip")
        self._inflater: Any = zlib.decompressobj(16 + zlib.MAX_WBITS) if gzipped else None
        self._members = 1

    def feed(self, data: bytes) -> None:
        """Take the next chunk; raise `Oversized` as soon as the limit is passed."""
        self._received += len(data)
        for chunk in (data,) if self._inflater is None else self._inflate(data):
            self._size += len(chunk)
            self._chunks.append(chunk)
            if self._size > self._limit:
                break
        # Bytes that inflate to nothing are limited too; compression adds less than the slack.
        if self._size > self._limit or self._received > self._limit + self._limit // 100 + _SLACK:
            raise Oversized(self._response._replace(body=self._start()))

    def finish(self) -> Response:
        """Return the complete response."""
        if self._inflater is not None and self._received and (self._broken or not self._inflater.eof):
            self._chunks.append(b"\x00")  # so that a broken or incomplete body is not valid JSON
        chunks = self._chunks
        return self._response._replace(body=chunks[0] if len(chunks) == 1 else b"".join(chunks))

    def _inflate(self, data: bytes) -> Iterator[bytes]:
        """Decompress in chunks: while zlib returns a chunk, it takes twice its size in memory."""
        while not self._broken:
            if self._inflater.eof:
                # RFC 1952 lets several members follow each other, and zero bytes fill up the rest.
                if not (data := data.lstrip(b"\x00")):
                    return
                self._members += 1
                self._broken = self._members > _MOST_MEMBERS
                self._inflater = zlib.decompressobj(16 + zlib.MAX_WBITS)
            most = min(_LARGEST_CHUNK, self._limit + 1 - self._size)
            try:
                chunk: bytes = self._inflater.decompress(data, most)
            except zlib.error:
                self._broken = True
                return
            yield chunk
            if self._inflater.eof:
                data = self._inflater.unused_data
                continue
            data = self._inflater.unconsumed_tail
            if not data and len(chunk) < most:
                return

    def _start(self) -> bytes:
        start = b""
        for chunk in self._chunks:
            start += chunk[: _START - len(start)]
        return start
