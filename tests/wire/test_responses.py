"""Responses that are broken, too large, compressed or empty."""

from __future__ import annotations

import gzip
import json
import zlib
from typing import TYPE_CHECKING

import pytest

from knock_sdk import (
    APIConnectionError,
    APIResponseValidationError,
    APIStatusError,
    OutcomeUnknownError,
    ResponseTooLargeError,
)
from tests.support.server import Server, drip, flood, head, message, raw, respond

from .caller import USER
from .replies import TOO_LARGE_AND_MORE

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.support.server import Reply

    from .caller import Caller

SMALL = 4096


class TestInvalidResponse:
    """2xx responses that cannot be read: the error says that the server accepted the request."""

    @pytest.mark.parametrize(
        "body",
        [
            b"",
            b"<html><body>welcome to the hotel</body></html>",
            b"null",
            b"[]",
            b"{}",
            b'"text"',
            b'{"id": "u1", "upda',
            b'{"id": "\xff\xfe"}',
            b"[" * 100_000,
            b'{"id": NaN}',
        ],
        ids=["empty", "html", "null", "list", "no field", "string", "cut", "utf-8", "depth", "nan"],
    )
    def test_a_body_that_is_not_a_user_is_a_validation_error(self, caller: Caller, body: bytes) -> None:
        with Server(respond(body=body, x_request_id="req_1", content_type="text/html")) as server:
            with pytest.raises(APIResponseValidationError) as caught:
                caller(caller.client(server.url).users.get, "u1")
            assert len(server.requests) == 1
        error = caught.value
        assert (error.status_code, error.request_id, error.start) == (200, "req_1", body[:512])
        assert len(str(error)) < 2048

    def test_204_instead_of_a_body_is_a_validation_error(self, caller: Caller) -> None:
        with Server(respond(204)) as server, pytest.raises(APIResponseValidationError) as caught:
            caller(caller.client(server.url).users.get, "u1")
        assert caught.value.status_code == 204

    @pytest.mark.parametrize("reply", [respond(204), respond(200, body=b"")], ids=["204", "empty"])
    def test_an_empty_response_is_accepted_where_no_data_is_expected(self, caller: Caller, reply: Reply) -> None:
        with Server(reply) as server:
            client = caller.client(server.url)
            assert caller(client.users.delete, "u1") is None
            assert caller(client.users.delete, "u1") is None
            assert server.accepted == 1

    @pytest.mark.parametrize(
        "data",
        [
            b"SSH-2.0-OpenSSH_9.6\r\n",
            b"HTTP/1.1 200 OK\r\nbroken header\r\n\r\n",
            b"HTTP/1.1 200\r\nx: " + b"x" * 500_000,
        ],
        ids=["not HTTP", "bad header", "endless header"],
    )
    def test_a_response_that_is_not_http_is_a_connection_error(self, caller: Caller, data: bytes) -> None:
        with Server(raw(data, then_close=True)) as server:
            with pytest.raises(APIConnectionError) as caught:
                caller(caller.client(server.url, max_retries=1).users.get, "u1")
            assert caught.value.sent
            assert len(server.requests) == caught.value.attempts == 2

    def test_an_incomplete_body_is_retried(self, caller: Caller) -> None:
        half = raw(message(json=USER)[:-10], then_close=True)
        with Server(half, respond(json=USER)) as server:
            assert caller(caller.client(server.url).users.get, "u1").response_info.attempts == 2

    def test_an_incomplete_body_of_an_unrepeatable_request_is_not_retried(self, caller: Caller) -> None:
        with Server(raw(message(json=[USER])[:-10], then_close=True)) as server:
            with pytest.raises(OutcomeUnknownError):
                caller(caller.client(server.url).users.merge, "u1", from_user_id="u2")
            assert len(server.requests) == 1


class TestSize:
    @pytest.mark.parametrize("size", [SMALL, SMALL + 1])
    @pytest.mark.parametrize("pack", [bytes, gzip.compress], ids=["plain", "gzip"])
    def test_the_size_limit_is_exact(self, caller: Caller, size: int, pack: Callable[[bytes], bytes]) -> None:
        body = json.dumps({**USER, "filler": ""}).encode()
        body = body[:-2] + b"x" * (size - len(body)) + body[-2:]
        encoding = {"content_encoding": "gzip"} if pack is not bytes else {}
        with Server(respond(body=pack(body), **encoding)) as server:
            get = caller.client(server.url, max_response_size=SMALL).users.get
            if size == SMALL:
                assert caller(get, "u1").id == "u1"
            else:
                with pytest.raises(ResponseTooLargeError, match="4,096 bytes"):
                    caller(get, "u1")

    def test_a_gzip_bomb_is_rejected(self, caller: Caller) -> None:
        """A few kilobytes that decompress to 50 MB."""
        packed = zlib.compressobj(wbits=31)
        bomb = packed.compress(b'{"id": "' + bytes(50_000_000)) + packed.flush()
        with Server(respond(body=bomb, content_encoding="gzip"), respond(json=USER)) as server:
            client = caller.client(server.url)
            with pytest.raises(ResponseTooLargeError) as caught:
                caller(client.users.get, "u1")
            assert caught.value.attempts == 1
            assert caller(client.users.get, "u1").id == "u1"
            assert server.accepted == 2

    def test_an_endless_body_is_rejected(self, caller: Caller) -> None:
        with Server(flood(head(200, {}, length=None), b"x" * 65_536)) as server:
            with pytest.raises(ResponseTooLargeError):
                caller(caller.client(server.url, max_response_size=1_000_000).users.get, "u1")
            server.wait_for(lambda server: server.open == 0)

    def test_data_after_an_oversized_response_is_not_returned(self, caller: Caller) -> None:
        """Neither the rest of the body nor a following response is taken for that to a later request."""
        with Server(raw(TOO_LARGE_AND_MORE), respond(json=USER)) as server:
            client = caller.client(server.url, max_response_size=1000)
            with pytest.raises(ResponseTooLargeError, match="1,000 bytes"):
                caller(client.users.get, "u1")
            assert [caller(client.users.get, "u1").id for _ in range(2)] == ["u1", "u1"]
            server.wait_for(lambda server: server.open == 1)
            assert server.accepted == 2

    def test_the_error_counts_every_attempt(self, caller: Caller) -> None:
        with (
            Server(respond(503), respond(body=b"x" * (SMALL + 1))) as server,
            pytest.raises(ResponseTooLargeError) as caught,
        ):
            caller(caller.client(server.url, max_response_size=SMALL).users.get, "u1")
        assert caught.value.attempts == 2

    def test_a_large_error_page_is_a_status_error(self, caller: Caller) -> None:
        page = b"<html>" + b"x" * 2_000_000
        with Server(respond(404, body=page)) as server, pytest.raises(APIStatusError) as caught:
            caller(caller.client(server.url, max_response_size=SMALL).users.get, "u1")
        assert caught.value.status_code == 404
        assert len(str(caught.value)) < 2048


class TestEncoding:
    def test_a_gzip_body_is_decompressed(self, caller: Caller) -> None:
        packed = gzip.compress(json.dumps(USER).encode())
        with Server(respond(body=packed, content_encoding="gzip")) as server:
            client = caller.client(server.url)
            assert caller(client.users.get, "u1").id == "u1"
            assert caller(client.users.get, "u1").id == "u1"
            assert server.accepted == 1

    def test_a_gzip_body_in_small_chunks_is_decompressed(self, caller: Caller) -> None:
        packed = gzip.compress(json.dumps(USER).encode())
        with Server(drip(message(body=packed, content_encoding="gzip"), every=0.0)) as server:
            assert caller(caller.client(server.url).users.get, "u1").id == "u1"

    @pytest.mark.parametrize(
        ("body", "encoding"),
        [
            (gzip.compress(json.dumps(USER).encode())[:-9], "gzip"),
            (b"no gzip at all", "gzip"),
            (zlib.compress(json.dumps(USER).encode()), "deflate"),
        ],
        ids=["cut", "not gzip", "deflate"],
    )
    def test_a_body_that_cannot_be_decompressed_is_a_validation_error(
        self, caller: Caller, body: bytes, encoding: str
    ) -> None:
        with Server(respond(body=body, content_encoding=encoding)) as server, pytest.raises(APIResponseValidationError):
            caller(caller.client(server.url).users.get, "u1")

    def test_a_chunked_body_is_joined(self, caller: Caller) -> None:
        body = json.dumps(USER).encode()
        chunks = b"".join(b"%x\r\n%s\r\n" % (len(chunk), chunk) for chunk in (body[:20], body[20:])) + b"0\r\n\r\n"
        with Server(raw(head(200, {"transfer-encoding": "chunked"}, length=None) + chunks)) as server:
            client = caller.client(server.url)
            assert caller(client.users.get, "u1").id == "u1"
            assert caller(client.users.get, "u1").id == "u1"
            assert server.accepted == 1
