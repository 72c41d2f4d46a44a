"""HTTP/1.1: the bytes of requests, and responses read as h11 reads them, however their bytes are split."""

from __future__ import annotations

import gzip
import random
import sys
import time
import tracemalloc

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from knock_sdk._core.outcome import Oversized, ProtocolError
from knock_sdk._core.secret import SecretBytes
from knock_sdk._core.wire.http1 import LONGEST_HEAD, ResponseReader, request_head
from tests.support.raw_responses import CHUNKED, FRAGMENTS, OK, WHOLE, by_h11, by_reader, damaged, pieces

METHODS = st.sampled_from(["GET", "GET", "POST", "PUT", "DELETE", "HEAD"])


class TestRequestHead:
    def test_the_lines_are_in_order(self) -> None:
        headers = [(b"host", b"api.knock.app"), (b"x-100%", b"100%d"), (b"x-empty", b"")]
        assert request_head("PUT", "/v1/users/a%2Fb?x=%20", headers) == (
            b"PUT /v1/users/a%2Fb?x=%20 HTTP/1.1\r\nhost: api.knock.app\r\nx-100%: 100%d\r\nx-empty: \r\n\r\n"
        )

    def test_its_text_is_hidden(self) -> None:
        assert repr(request_head("GET", "/", [(b"authorization", SecretBytes(b"Bearer sk_1"))])) == "b'***'"


class TestSpaces:
    """Many spaces in a row take h11 quadratic time in a header, and none in a body."""

    BODY = b'{"id":"' + b" " * 5_000 + b'"}'
    LENGTH = b"content-length: %d\r\n" % len(BODY)

    @pytest.mark.parametrize(
        "head",
        [
            b"HTTP/1.0 200 OK\r\n",
            b"HTTP/1.1 200 OK\r\nconnection: close\r\n",
            b"HTTP/1.1 200 OK\r\nConnection: keep-alive, foo\r\n" + LENGTH,
            b"HTTP/1.1 103 Early Hints\r\n\r\nHTTP/1.1 200 OK\r\n" + LENGTH,
        ],
    )
    def test_they_are_read_in_a_body(self, head: bytes) -> None:
        response = head + b"\r\n" + self.BODY
        for parts in ([response], [response[:60], response[60:]], [response[:-3000], response[-3000:]]):
            read = by_reader(parts)
            assert read is not None
            assert read.body == self.BODY

    @pytest.mark.parametrize("head", [b"", b"Connection: x\r\n", b"a: b\r\n c\r\n"], ids=["plain", "list", "folded"])
    @pytest.mark.parametrize("spaces", [b"", b" " * 5_000, b";" + b"\t" * 5_000, b";" + b" " * 5_000 + b"x"])
    def test_they_are_read_in_chunks_and_on_the_lines_before_them(self, head: bytes, spaces: bytes) -> None:
        for hints in (b"", b"HTTP/1.1 103 Early Hints\r\n\r\n"):
            chunk = b"%x%b\r\n%b\r\n" % (len(self.BODY), spaces, self.BODY)
            response = hints + CHUNKED + head + b"\r\n" + chunk + b"0%b\r\nA: b\r\n\r\n" % spaces
            for parts in ([response], [response[:60], response[60:]], [response[:-3000], response[-3000:]]):
                read = by_reader(parts)
                assert read is not None
                assert read == by_h11(parts)
                assert read.body == self.BODY

    @pytest.mark.parametrize("end", [b"\n", b"x\r\n", b";\n\r\n", b";" + b" " * 90_000 + b"\n"])
    def test_a_line_before_a_chunk_that_is_malformed_is_refused_soon(self, end: bytes) -> None:
        started = time.process_time()
        assert by_reader([CHUNKED + b"\r\n1" + b" " * 90_000 + end + b"x\r\n0\r\n\r\n"]) is None
        assert time.process_time() - started < 5

    @pytest.mark.parametrize("start", [b"HTTP/1.0 200 OK\r\n", b"HTTP/1.1 103 Early Hints\r\n\r\nHTTP/1.0 200 OK\r\n"])
    def test_they_are_refused_in_a_head(self, start: bytes) -> None:
        assert by_reader([start + b"a: b" + b" " * 5_000 + b"c\r\n\r\n"]) is None

    def test_they_are_refused_in_trailers(self) -> None:
        assert by_reader([CHUNKED + b"\r\n0\r\na: b" + b" " * 5_000 + b"c\r\n\r\n"]) is None


class TestBesideH11:
    @pytest.mark.parametrize("response", WHOLE)
    @pytest.mark.parametrize("method", ["GET", "HEAD"])
    def test_every_shape_is_read_alike(self, response: bytes, method: str) -> None:
        for parts in ([response], [bytes([byte]) for byte in response], [response[:40], response[40:]]):
            assert by_reader(parts, method) == by_h11(parts, method)

    @pytest.mark.parametrize("response", WHOLE)
    def test_a_response_that_ends_early_is_read_alike(self, response: bytes) -> None:
        for end in range(len(response)):
            assert by_reader([response[:end]] if end else []) == by_h11([response[:end]] if end else [])

    @settings(max_examples=2000)
    @given(st.lists(st.sampled_from((*WHOLE, *FRAGMENTS)), min_size=1, max_size=6), st.randoms(), METHODS)
    def test_any_composition_is_read_alike(self, parts: list[bytes], chance: random.Random, method: str) -> None:
        split = pieces(damaged(b"".join(parts), chance), chance)
        assert by_reader(split, method) == by_h11(split, method)

    @settings(max_examples=500)
    @given(
        st.binary(max_size=200),
        st.sampled_from([b"", OK, CHUNKED, CHUNKED + b"\r\n", OK + b"content-length: 9\r\n\r\n"]),
    )
    def test_any_bytes_are_read_alike(self, data: bytes, start: bytes) -> None:
        parts = [part for part in (start, data) if part]
        assert by_reader(parts) == by_h11(parts)

    def test_damaged_responses_are_read_alike(self) -> None:
        """`python -m tests.faults` does this a hundred thousand times."""
        chance = random.Random(5)
        for _ in range(5_000):
            parts = pieces(damaged(chance.choice(WHOLE), chance), chance)
            assert by_reader(parts) == by_h11(parts), parts

    def test_plain_responses_do_without_h11(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setitem(sys.modules, "h11", None)
        for response in (WHOLE[0], WHOLE[1], WHOLE[2], WHOLE[13], WHOLE[25], WHOLE[26]):
            for parts in ([response], [bytes([byte]) for byte in response]):
                assert by_reader(parts) is not None


class TestLimits:
    def test_an_endless_head_is_refused(self) -> None:
        reader = ResponseReader("GET", 100)
        reader.feed(OK + b"x: " + b"a" * 60_000)
        with pytest.raises(ProtocolError):
            reader.feed(b"a" * (LONGEST_HEAD - 60_000))

    @pytest.mark.parametrize(
        "head",
        [
            b"a" * 90_000,
            b"a: " + b" " * 90_000 + b"\x00",
            b"a: " + b"b " * 45_000 + b"\x00",
            b"a: b\r\n" * 15_000 + b"\x00",
            b"a" * 45_000 + b":" + b"\t" * 45_000 + b"\x01",
        ],
        ids=["name", "spaces", "words", "lines", "tabs"],
    )
    def test_no_head_is_slow_to_refuse(self, head: bytes) -> None:
        """A search that begins again at each byte would take minutes."""
        started = time.process_time()
        assert by_reader([OK + head + b"\r\n\r\n"]) is None
        assert time.process_time() - started < 5

    @pytest.mark.parametrize("head", [OK + b"content-length: 2000000\r\n\r\n", CHUNKED + b"\r\n1e8480\r\n"])
    def test_a_body_above_the_limit_is_refused_as_it_arrives(self, head: bytes) -> None:
        reader = ResponseReader("GET", 100_000)
        reader.feed(head)
        reader.feed(b"x" * 65_536)
        with pytest.raises(Oversized) as caught:
            reader.feed(b"x" * 65_536)
        assert caught.value.response.status == 200
        assert caught.value.response.body == b"x" * 2048

    def test_a_body_in_one_piece_is_limited_too(self) -> None:
        assert ResponseReader("GET", 5).feed(WHOLE[0]) is not None
        with pytest.raises(Oversized):
            ResponseReader("GET", 4).feed(WHOLE[0])

    def test_a_length_alone_takes_no_memory(self) -> None:
        tracemalloc.start()
        try:
            ResponseReader("GET", 10**12).feed(OK + b"content-length: 999999999999\r\n\r\nx")
            ResponseReader("GET", 10**12).feed(CHUNKED + b"\r\nffffffff\r\nx")
            assert tracemalloc.get_traced_memory()[1] < 1_000_000
        finally:
            tracemalloc.stop()


class TestBodies:
    def test_a_compressed_body_in_chunks_is_unpacked(self) -> None:
        packed = gzip.compress(b"hello" * 1000)
        body = b"%x\r\n%b\r\n%x\r\n%b\r\n0\r\n\r\n" % (10, packed[:10], len(packed) - 10, packed[10:])
        response = CHUNKED + b"Content-Encoding: gzip\r\n\r\n" + body
        for parts in ([response], [bytes([byte]) for byte in response]):
            read = by_reader(parts)
            assert read is not None
            assert (read.body, read.reusable) == (b"hello" * 1000, True)

    def test_chunks_may_turn_odd_on_the_way(self) -> None:
        """What was read before stays; the last chunks, with an extension and a trailer, are h11's."""
        reader = ResponseReader("GET", 100)
        assert reader.feed(CHUNKED + b"\r\n3\r\nabc\r\n2\r\nd") is None
        assert reader.feed(b"e\r\n1;x=y\r\nf\r\n0\r\nA: b\r\n") is None
        response = reader.feed(b"\r\n")
        assert response is not None
        assert (response.body, reader.reusable) == (b"abcdef", True)

    @pytest.mark.parametrize("end", [b"x\n", b"\rx", b"\n\r"])
    def test_a_chunk_must_end_with_its_line(self, end: bytes) -> None:
        with pytest.raises(ProtocolError):
            ResponseReader("GET", 100).feed(CHUNKED + b"\r\n3\r\nabc" + end)


class TestConnect:
    """The response to CONNECT is complete with its head."""

    @pytest.mark.parametrize(
        "head", [b"HTTP/1.1 200 Connection established\r\n\r\n", b"HTTP/1.0 200 OK\r\nx: y\r\n\r\n"]
    )
    def test_a_tunnel_is_open_after_the_head(self, head: bytes) -> None:
        reader = ResponseReader("CONNECT", 100)
        response = reader.feed(head)
        assert response is not None
        assert (response.status, reader.reusable) == (200, True)

    def test_bytes_behind_the_head_belong_to_nobody(self) -> None:
        reader = ResponseReader("CONNECT", 100)
        assert reader.feed(b"HTTP/1.1 200 OK\r\n\r\n\x16") is not None
        assert not reader.reusable

    def test_a_refusal_is_returned(self) -> None:
        response = ResponseReader("CONNECT", 100).feed(b"HTTP/1.1 407 No\r\ncontent-length: 500\r\n\r\n")
        assert response is not None
        assert response.status == 407


def test_started_tells_whether_the_final_head_has_come() -> None:
    reader = ResponseReader("POST", 100)
    reader.feed(b"HTTP/1.1 100 Continue\r\n\r\n")
    assert not reader.started
    reader.feed(OK)
    assert not reader.started
    reader.feed(b"content-length: 1\r\n\r\n")
    assert reader.started
