"""Responses that are not valid HTTP: the error says which part, and repeats nothing of it."""

from __future__ import annotations

import re
import traceback
from typing import TYPE_CHECKING, Any

import pytest

from knock_sdk import APIConnectionError
from tests.support.server import Server, raw

if TYPE_CHECKING:
    from ..caller import Caller

OK = b"HTTP/1.1 200 OK\r\n"
CHUNKED = OK + b"transfer-encoding: chunked\r\n\r\n"
STATUS_LINE, HEADER = "its status line is malformed", "a header is malformed"
LENGTH = "its Content-Length is malformed or contradicts itself"
CODING = "its Transfer-Encoding is unknown or contradicts itself"
MALFORMED: list[tuple[bytes, str]] = [
    (b"canary\r\n\r\n", STATUS_LINE),
    (b"HTTP/2 200 canary\r\n\r\n", STATUS_LINE),
    (b"HTTP/1.1 2xx canary\r\ncontent-length: 0\r\n\r\n", STATUS_LINE),
    (b"HTTP/1.1 099 canary\r\n\r\n", STATUS_LINE),
    (b"\x00canary", STATUS_LINE),
    (b"\r\n\r\n", STATUS_LINE),
    (b"HTTP/1.1 101 canary\r\nupgrade: canary\r\n\r\n", "it switches to another protocol"),
    (OK + b"canary\r\n\r\n", HEADER),
    (OK + b"canary : x\r\n\r\n", HEADER),
    (OK + b"can\x00ary: x\r\n\r\n", HEADER),
    (OK + b"canary: \x00\r\n\r\n", HEADER),
    (b"HTTP/1.1 103 canary\r\n\r\n" + OK + b"canary\r\n\r\n", HEADER),
    (b"HTTP/1.0 200 OK\r\ncanary:" + b" " * 2000 + b"x\r\n\r\n", "a header has too many spaces"),
    (OK + b"content-length: canary\r\n\r\n", LENGTH),
    (OK + b"content-length: -1\r\n\r\n", LENGTH),
    (OK + b"content-length: 1\r\ncontent-length: 2\r\n\r\ncanary", LENGTH),
    (OK + b"transfer-encoding: canary\r\n\r\n", CODING),
    (OK + b"transfer-encoding: chunked\r\ntransfer-encoding: chunked\r\n\r\n", CODING),
    (OK + b"x: canary\r\n" * 12_000, "its head is too long"),
    (CHUNKED + b"canary\r\n", "the size of a chunk is malformed"),
    (CHUNKED + b"5 canary\r\n", "the size of a chunk is malformed"),
    (CHUNKED + b"1\r\ncanary", "a chunk has another length than it says"),
    (CHUNKED + b"5;" + b"canary" * 20_000, "the line before a chunk is too long"),
    (CHUNKED + b"0\r\ncanary\r\n\r\n", "a trailer is malformed"),
    (CHUNKED + b"0\r\n" + b"x: canary\r\n" * 12_000, "the trailers are too long"),
]
CUT: list[tuple[bytes, str]] = [
    (b"", "without a response"),
    (b"HTTP/1.1 103 canary\r\n\r\n", "without a response"),
    (b"canary", "in the middle of the head of its response"),
    (OK + b"x: canary\r\n", "in the middle of the head of its response"),
    (OK + b"content-length: 9\r\n\r\ncanary", "in the middle of the body of its response"),
    (OK + b"content-length: 9, 9\r\n\r\ncanary", "in the middle of the body of its response"),
    (CHUNKED + b"9\r\ncanary", "in the middle of the body of its response"),
    (CHUNKED + b"0\r\nx: canary", "in the middle of the body of its response"),
]


def check(caller: Caller, reply: bytes, problem: str, *, close: bool, **options: Any) -> None:
    with Server(raw(reply, then_close=close)) as server:
        client = caller.client(server.url, max_retries=0, **options)
        with pytest.raises(APIConnectionError) as caught:
            caller(client.users.get, "u1")
        assert problem in str(caught.value)
        assert caught.value.sent
        assert "canary" not in "".join(traceback.format_exception(caught.value))
        assert len(server.requests) == 1
        server.wait_for(lambda server: server.open == 0)


@pytest.mark.parametrize(("reply", "fault"), MALFORMED, ids=[str(n) for n in range(len(MALFORMED))])
def test_the_part_that_is_malformed_is_named(caller: Caller, reply: bytes, fault: str) -> None:
    check(caller, reply, f"the server sent a response that is not valid HTTP: {fault}", close=False)


@pytest.mark.parametrize(("reply", "fault"), MALFORMED, ids=[str(n) for n in range(len(MALFORMED))])
def test_httpx_names_it_too(caller: Caller, reply: bytes, fault: str) -> None:
    if b" 099 " in reply or re.search("too|protocol|trailer", fault):
        pytest.skip("h11 has other words there")
    check(caller, reply, f"a proxy, sent a response that is not valid HTTP: {fault}", close=False, http_client="httpx")


@pytest.mark.parametrize(("reply", "where"), CUT, ids=[str(n) for n in range(len(CUT))])
def test_httpx_says_where_the_connection_ended(caller: Caller, reply: bytes, where: str) -> None:
    words = where if "body" in where else "before the head of its response was complete"
    if b"\r\n0\r\n" in reply:
        words = "before its response was complete"
    check(caller, reply, f"a proxy, closed the connection {words}", close=True, http_client="httpx")


@pytest.mark.parametrize(("reply", "where"), CUT, ids=[str(n) for n in range(len(CUT))])
def test_where_the_connection_ended_is_said(caller: Caller, reply: bytes, where: str) -> None:
    check(caller, reply, f"the server closed the connection {where}", close=True)
