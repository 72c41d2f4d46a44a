"""Response bodies: joined from chunks, decompressed, and limited in size."""

from __future__ import annotations

import gzip
import tracemalloc
import zlib
from random import Random
from typing import Any

import pytest

from knock_sdk._core.outcome import Oversized
from knock_sdk._core.wire import response_body
from knock_sdk._core.wire.response_body import Collector

GZIP = [(b"Content-Encoding", b"gzip")]
BODY = b'{"id":"u1","name":"John"}' * 20
PACKED = gzip.compress(BODY, mtime=0)
BROKEN = b"\x00"
"""Appended to a broken body, so that its beginning cannot be taken for complete JSON."""


def collect(
    chunks: list[bytes], headers: list[tuple[bytes, bytes]] | None = None, limit: int = 4096, **more: bool
) -> bytes:
    collector = Collector(200, headers or [], limit, **more)
    for chunk in chunks:
        collector.feed(chunk)
    return collector.finish().body


def split(body: bytes, size: int) -> list[bytes]:
    return [body[start : start + size] for start in range(0, len(body), size)]


def test_chunks_of_an_uncompressed_body_are_joined() -> None:
    collector = Collector(201, [(b"X-Request-Id", b"r1")], 100)
    for chunk in (b"ab", b"", b"cd"):
        collector.feed(chunk)
    response = collector.finish()
    assert (response.status, response.headers, response.body) == (201, [(b"X-Request-Id", b"r1")], b"abcd")
    assert collect([]) == b""
    assert collect([b"one"]) == b"one"


@pytest.mark.parametrize("encoding", [b"gzip", b"GZIP", b"x-gzip", b" gzip "])
@pytest.mark.parametrize("size", [1, 7, 10_000])
def test_a_gzip_body_is_decompressed(encoding: bytes, size: int) -> None:
    assert collect(split(PACKED, size), [(b"content-encoding", encoding)]) == BODY


def test_gzip_with_distant_references_is_decompressed() -> None:
    # The first block cannot be compressed; the others refer back to it, over more than half of the format's window.
    block = Random(0).randbytes(24 * 1024)
    packed = gzip.compress(block * 3)
    assert len(packed) < 1.1 * len(block)
    assert collect(split(packed, 1000), GZIP, 2**20) == block * 3


def test_an_empty_gzip_body_is_empty() -> None:
    assert collect([], GZIP) == b""
    assert collect([b""], GZIP) == b""
    assert collect([gzip.compress(b"")], GZIP) == b""


def test_a_body_that_is_decoded_already_is_not_decompressed() -> None:
    assert collect([BODY], GZIP, decoded=True) == BODY


@pytest.mark.parametrize("encoding", [b"br", b"deflate", b"zstd", b"gzip, gzip", b"identity", b""])
def test_a_body_in_another_encoding_is_left_unchanged(encoding: bytes) -> None:
    body = zlib.compress(BODY)
    assert collect([body], [(b"content-encoding", encoding)]) == body


@pytest.mark.parametrize("length", range(1, len(PACKED)))
def test_a_truncated_gzip_body_is_marked_as_broken(length: int) -> None:
    body = collect([PACKED[:length]], GZIP)
    assert body.endswith(BROKEN)
    assert BODY.startswith(body[:-1])


@pytest.mark.parametrize(
    "chunks",
    [
        pytest.param([PACKED + b"junk"], id="more behind it"),
        pytest.param([PACKED, b"\x00\x01"], id="other bytes behind zero bytes"),
        pytest.param([PACKED + PACKED[:-1]], id="the second member cut off"),
        pytest.param([PACKED + gzip.compress(b"") * 10_000], id="too many members"),
        pytest.param([PACKED[:-1], PACKED[-1:] + b"HTTP/1.1 200 OK\r\n"], id="the next answer behind it"),
        pytest.param([b"this is no gzip"], id="text"),
        pytest.param([b"<html>", b"</html>"], id="HTML"),
        pytest.param([PACKED[:30], b"\xff" * 50, PACKED[80:]], id="other bytes in the middle"),
        pytest.param([PACKED[:-8] + bytes(8)], id="neither checksum nor length"),
        pytest.param([PACKED[:-8] + b"\x00" + PACKED[-7:]], id="another checksum"),
    ],
)
def test_a_corrupt_gzip_body_is_marked_as_broken(chunks: list[bytes]) -> None:
    assert collect(chunks, GZIP, 2**20).endswith(BROKEN)


@pytest.mark.parametrize("size", [1, 7, 64, 10_000])
@pytest.mark.parametrize(
    ("packed", "body"),
    [
        pytest.param(PACKED + PACKED, BODY * 2, id="two members"),
        pytest.param(gzip.compress(BODY[:9]) + gzip.compress(b"") + gzip.compress(BODY[9:]), BODY, id="an empty one"),
        pytest.param(PACKED + bytes(100), BODY, id="zero bytes behind it"),
        pytest.param(PACKED + bytes(3) + PACKED + bytes(3), BODY * 2, id="zero bytes between"),
    ],
)
def test_several_members_and_zero_bytes_behind_them_are_read(packed: bytes, body: bytes, size: int) -> None:
    assert collect(split(packed, size), GZIP) == body


@pytest.mark.parametrize("size", [1000, 10**6])
def test_the_size_limit_counts_all_members(size: int) -> None:
    packed = gzip.compress(bytes(1000)) * 5
    assert collect(split(packed, size), GZIP, 5000) == bytes(5000)
    with pytest.raises(Oversized):
        collect(split(packed, size), GZIP, 4999)


@pytest.mark.parametrize("size", [1, 50, 4096])
def test_the_size_limit_is_exact(size: int) -> None:
    body = b"x" * 4096
    assert collect(split(body, size)) == body
    assert collect(split(gzip.compress(body), size), GZIP) == body
    with pytest.raises(Oversized) as caught:
        collect(split(body + b"y", size))
    assert caught.value.response.body == b"x" * 2048
    with pytest.raises(Oversized) as caught:
        collect(split(gzip.compress(body + b"y"), size), GZIP)
    assert (caught.value.response.status, caught.value.response.headers) == (200, GZIP)
    assert caught.value.response.body == b"x" * 2048


def test_the_start_of_an_oversized_body_does_not_depend_on_its_chunks() -> None:
    with pytest.raises(Oversized) as caught:
        collect([b"", b"ab", b"", b"c" * 5000])
    assert caught.value.response.body == b"ab" + b"c" * 2046


class Counting:
    """An inflater that counts what it has inflated."""

    def __init__(self) -> None:
        self.inflated = 0
        self._inner = zlib.decompressobj(16 + zlib.MAX_WBITS)

    def decompress(self, part: bytes, most: int) -> bytes:
        piece = self._inner.decompress(part, most)
        self.inflated += len(piece)
        return piece

    def __getattr__(self, name: str) -> Any:
        return getattr(self._inner, name)


@pytest.mark.parametrize("layers", [1, 2])
def test_a_gzip_bomb_is_stopped_early(layers: int, monkeypatch: pytest.MonkeyPatch) -> None:
    limit = 1024 * 1024
    bomb = gzip.compress(bytes(64 * limit))
    if layers == 2:
        bomb = gzip.compress(bytes(64 * limit) + bomb)
    inflater = Counting()
    monkeypatch.setattr(response_body.zlib, "decompressobj", lambda _: inflater)
    tracemalloc.start()
    with pytest.raises(Oversized):
        collect(split(bomb, 65536), GZIP, limit)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 4 * limit
    assert inflater.inflated == limit + 1


def test_decompression_takes_little_more_memory_than_the_limit() -> None:
    limit = 16 * 1024 * 1024
    bomb = gzip.compress(bytes(4 * limit))
    tracemalloc.start()
    with pytest.raises(Oversized):
        collect(split(bomb, 65536), GZIP, limit)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 1.25 * limit


@pytest.mark.parametrize("size", [1, 2**20 - 1, 2**20, 2**20 + 1, 2**22])
def test_a_body_decompressed_in_several_steps_is_complete(size: int) -> None:
    assert collect([gzip.compress(b"x" * size)], GZIP, 2**22) == b"x" * size


def test_input_that_decompresses_to_nothing_is_limited_too() -> None:
    for chunks in ([PACKED] + [b"\x00" * 1000] * 100, [b"no gzip"] + [b"\x00" * 1000] * 100):
        with pytest.raises(Oversized):
            collect(chunks, GZIP)
    empty_blocks = zlib.compressobj(wbits=31)
    with pytest.raises(Oversized):
        collect([empty_blocks.compress(b"") + empty_blocks.flush(zlib.Z_FULL_FLUSH) for _ in range(2000)], GZIP)


def test_a_body_that_hardly_compresses_is_accepted() -> None:
    noise = bytes((number * number * 7919 + number // 3) % 251 for number in range(4096))
    assert collect([gzip.compress(noise, 0)], GZIP) == noise
