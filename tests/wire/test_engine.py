"""The default engine: what it sends, how it keeps connections, and what it makes of bad answers."""

from __future__ import annotations

import gzip
import json
import socket
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

from .caller import KEY, USER
from .server import Server, after, answer, drip, flood, hang_up, head, message, raw, reset

if TYPE_CHECKING:
    from collections.abc import Callable

    from .caller import Caller
    from .server import Received, Reply

SMALL = 4096


def test_request_has_only_what_it_needs(caller: Caller) -> None:
    with Server(answer(json={"workflow_run_id": "r1"})) as server:
        client = caller.client(server.url, branch="b1", user_token="t.o.k")
        caller(client.workflows.trigger, "flow", recipients=["u1"], data={"a": 1}, idempotency_key="k1")
    (received,) = server.requests
    assert (received.method, received.target) == ("POST", "/v1/workflows/flow/trigger")
    assert received.json == {"recipients": ["u1"], "data": {"a": 1}}
    agent = received.headers["user-agent"]
    assert agent.startswith("knock-sdk/")
    assert received.headers == {
        "host": f"127.0.0.1:{server.port}",
        "authorization": f"Bearer {KEY}",
        "accept": "application/json",
        "accept-encoding": "gzip",
        "user-agent": agent,
        "content-type": "application/json",
        "content-length": str(len(received.body)),
        "x-knock-branch": "b1",
        "x-knock-user-token": "t.o.k",
        "idempotency-key": "k1",
    }


def test_one_connection_carries_many_calls(caller: Caller) -> None:
    with Server(answer(json=USER)) as server:
        client = caller.client(server.url)
        for _ in range(20):
            assert caller(client.users.get, "u1").id == "u1"
        assert server.accepted == 1
        assert len(server.requests) == 20


def test_clients_made_by_with_options_share_the_connection(caller: Caller) -> None:
    with Server(answer(json=USER)) as server:
        client = caller.client(server.url)
        other = client.with_options(branch="b1", user_token="t", timeout=5)
        for each in (client, other, client):
            caller(each.users.get, "u1")
        assert server.accepted == 1
        assert [received.headers.get("x-knock-branch") for received in server.requests] == [None, "b1", None]


@pytest.mark.parametrize(
    "reply",
    [
        answer(json=USER, connection="close"),
        raw(b"HTTP/1.0 200 OK\r\n\r\n" + json.dumps(USER).encode(), then_close=True),
    ],
    ids=["connection: close", "HTTP/1.0"],
)
def test_an_answer_that_ends_its_connection(caller: Caller, reply: Reply) -> None:
    with Server(reply) as server:
        client = caller.client(server.url)
        for _ in range(3):
            assert caller(client.users.get, "u1").id == "u1"
        assert server.accepted == len(server.requests) == 3


def test_host_with_several_addresses(caller: Caller, monkeypatch: pytest.MonkeyPatch) -> None:
    """The first address refuses, the second one is the server."""
    with socket.socket() as closed, Server(answer(json=USER)) as server:
        closed.bind(("127.0.0.1", 0))
        kind = (socket.AF_INET, socket.SOCK_STREAM, 0, "")
        _resolve_to(monkeypatch, (*kind, closed.getsockname()), (*kind, ("127.0.0.1", server.port)))
        assert caller(caller.client(server.url).users.get, "u1").id == "u1"


def test_address_that_swallows_everything(caller: Caller, monkeypatch: pytest.MonkeyPatch) -> None:
    """An address without an answer takes only a part of the time, so that the next one is tried."""
    for half in ("_sync", "_async"):
        monkeypatch.setattr(f"knock_sdk.{half}.network.NEXT_ADDRESS", 0.2)
    with socket.socket() as full, Server(answer(json=USER)) as server:
        full.bind(("127.0.0.1", 0))
        full.listen(0)
        waiting = [_knock(full) for _ in range(4)]
        kind = (socket.AF_INET, socket.SOCK_STREAM, 0, "")
        _resolve_to(monkeypatch, (*kind, full.getsockname()), (*kind, ("127.0.0.1", server.port)))
        assert caller(caller.client(server.url, timeout=5, max_retries=0).users.get, "u1").id == "u1"
        for each in waiting:
            each.close()


def _knock(listener: socket.socket) -> socket.socket:
    """Fill the queue of a listener that accepts nobody."""
    visitor = socket.socket()
    visitor.setblocking(False)
    visitor.connect_ex(listener.getsockname())
    return visitor


def _resolve_to(monkeypatch: pytest.MonkeyPatch, *addresses: object) -> None:
    async def resolve(*_: object) -> list[object]:
        return list(addresses)

    monkeypatch.setattr("knock_sdk._sync.network.resolve", lambda *_: list(addresses))
    monkeypatch.setattr("knock_sdk._async.network.resolve", resolve)


def test_unknown_host_is_not_sent(caller: Caller) -> None:
    client = caller.client("https://nowhere.invalid", max_retries=0)
    with pytest.raises(APIConnectionError, match=r"cannot look up nowhere\.invalid") as caught:
        caller(client.users.get, "u1")
    assert not caught.value.sent


class TestStaleConnection:
    def test_closed_between_calls(self, caller: Caller) -> None:
        with Server(answer(json=[])) as server:
            client = caller.client(server.url)
            for _ in range(5):
                caller(client.schedules.create, recipients=["u1"], workflow="flow")
                server.close_idle()
            assert len(server.requests) == server.accepted == 5

    @pytest.mark.parametrize("end", [hang_up, reset], ids=["closed", "reset"])
    def test_closed_as_the_request_arrives(self, caller: Caller, end: Reply) -> None:
        """A request that may be repeated goes out again at once, on another connection."""
        with Server(answer(json=USER), end, answer(json=USER)) as server:
            client = caller.client(server.url)
            caller(client.users.get, "u1")
            assert caller(client.users.get, "u1").response_info.attempts == 2
            first, second, third = server.requests
            assert first.connection == second.connection != third.connection
            assert third.at - second.at < 0.5

    @pytest.mark.parametrize("end", [hang_up, reset], ids=["closed", "reset"])
    def test_unrepeatable_request_is_not_sent_again(self, caller: Caller, end: Reply) -> None:
        with Server(answer(json=[]), end, answer(json=[])) as server:
            client = caller.client(server.url)
            caller(client.schedules.create, recipients=["u1"], workflow="flow")
            with pytest.raises(OutcomeUnknownError) as caught:
                caller(client.schedules.create, recipients=["u1"], workflow="flow")
            assert caught.value.sent
            assert len(server.requests) == 2

    def test_glued_answer_is_never_returned(self, caller: Caller) -> None:
        """What comes behind an answer belongs to no request of ours."""
        stray = message(json={**USER, "id": "stray"})
        with Server(raw(message(json=USER) + stray), answer(json=USER)) as server:
            client = caller.client(server.url)
            assert [caller(client.users.get, "u1").id for _ in range(3)] == ["u1", "u1", "u1"]
            assert server.accepted == 2


class TestBadAnswer:
    """2xx answers that cannot be read: the error says that the server had accepted the request."""

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
    def test_no_user(self, caller: Caller, body: bytes) -> None:
        with Server(answer(body=body, x_request_id="req_1", content_type="text/html")) as server:
            with pytest.raises(APIResponseValidationError) as caught:
                caller(caller.client(server.url).users.get, "u1")
            assert len(server.requests) == 1
        error = caught.value
        assert (error.status_code, error.request_id, error.start) == (200, "req_1", body[:512])
        assert len(str(error)) < 2048

    def test_204_where_a_body_is_due(self, caller: Caller) -> None:
        with Server(answer(204)) as server, pytest.raises(APIResponseValidationError) as caught:
            caller(caller.client(server.url).users.get, "u1")
        assert caught.value.status_code == 204

    @pytest.mark.parametrize("reply", [answer(204), answer(200, body=b"")], ids=["204", "empty"])
    def test_nothing_where_nothing_is_due(self, caller: Caller, reply: Reply) -> None:
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
    def test_no_http(self, caller: Caller, data: bytes) -> None:
        with Server(raw(data, then_close=True)) as server:
            with pytest.raises(APIConnectionError) as caught:
                caller(caller.client(server.url, max_retries=1).users.get, "u1")
            assert caught.value.sent
            assert len(server.requests) == caught.value.attempts == 2

    def test_half_a_body(self, caller: Caller) -> None:
        half = raw(message(json=USER)[:-10], then_close=True)
        with Server(half, answer(json=USER)) as server:
            assert caller(caller.client(server.url).users.get, "u1").response_info.attempts == 2

    def test_half_a_body_of_an_unrepeatable_request(self, caller: Caller) -> None:
        with Server(raw(message(json=[USER])[:-10], then_close=True)) as server:
            with pytest.raises(OutcomeUnknownError):
                caller(caller.client(server.url).users.merge, "u1", from_user_id="u2")
            assert len(server.requests) == 1


class TestSize:
    @pytest.mark.parametrize("size", [SMALL, SMALL + 1])
    @pytest.mark.parametrize("pack", [bytes, gzip.compress], ids=["plain", "gzip"])
    def test_the_limit_is_exact(self, caller: Caller, size: int, pack: Callable[[bytes], bytes]) -> None:
        body = json.dumps({**USER, "filler": ""}).encode()
        body = body[:-2] + b"x" * (size - len(body)) + body[-2:]
        encoding = {"content_encoding": "gzip"} if pack is not bytes else {}
        with Server(answer(body=pack(body), **encoding)) as server:
            get = caller.client(server.url, max_response_size=SMALL).users.get
            if size == SMALL:
                assert caller(get, "u1").id == "u1"
            else:
                with pytest.raises(ResponseTooLargeError, match="4,096 bytes"):
                    caller(get, "u1")

    def test_bomb(self, caller: Caller) -> None:
        """A few kilobytes that unpack to 50 MB."""
        packed = zlib.compressobj(wbits=31)
        bomb = packed.compress(b'{"id": "' + bytes(50_000_000)) + packed.flush()
        with Server(answer(body=bomb, content_encoding="gzip"), answer(json=USER)) as server:
            client = caller.client(server.url)
            with pytest.raises(ResponseTooLargeError) as caught:
                caller(client.users.get, "u1")
            assert caught.value.attempts == 1
            assert caller(client.users.get, "u1").id == "u1"
            assert server.accepted == 2

    def test_endless_body(self, caller: Caller) -> None:
        with Server(flood(head(200, {}, length=None), b"x" * 65_536)) as server:
            with pytest.raises(ResponseTooLargeError):
                caller(caller.client(server.url, max_response_size=1_000_000).users.get, "u1")
            server.wait_for(lambda server: server.open == 0)

    def test_the_attempts_are_counted(self, caller: Caller) -> None:
        with (
            Server(answer(503), answer(body=b"x" * (SMALL + 1))) as server,
            pytest.raises(ResponseTooLargeError) as caught,
        ):
            caller(caller.client(server.url, max_response_size=SMALL).users.get, "u1")
        assert caught.value.attempts == 2

    def test_large_error_page_stays_a_status_error(self, caller: Caller) -> None:
        page = b"<html>" + b"x" * 2_000_000
        with Server(answer(404, body=page)) as server, pytest.raises(APIStatusError) as caught:
            caller(caller.client(server.url, max_response_size=SMALL).users.get, "u1")
        assert caught.value.status_code == 404
        assert len(str(caught.value)) < 2048


class TestEncoding:
    def test_gzip(self, caller: Caller) -> None:
        packed = gzip.compress(json.dumps(USER).encode())
        with Server(answer(body=packed, content_encoding="gzip")) as server:
            client = caller.client(server.url)
            assert caller(client.users.get, "u1").id == "u1"
            assert caller(client.users.get, "u1").id == "u1"
            assert server.accepted == 1

    def test_gzip_in_small_parts(self, caller: Caller) -> None:
        packed = answer_bytes = gzip.compress(json.dumps(USER).encode())
        answer_bytes = message(body=packed, content_encoding="gzip")
        with Server(drip(answer_bytes, every=0.0)) as server:
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
    def test_what_cannot_be_unpacked(self, caller: Caller, body: bytes, encoding: str) -> None:
        with Server(answer(body=body, content_encoding=encoding)) as server, pytest.raises(APIResponseValidationError):
            caller(caller.client(server.url).users.get, "u1")

    def test_chunked(self, caller: Caller) -> None:
        whole = json.dumps(USER).encode()
        chunks = b"".join(b"%x\r\n%s\r\n" % (len(part), part) for part in (whole[:20], whole[20:])) + b"0\r\n\r\n"
        with Server(raw(head(200, {"transfer-encoding": "chunked"}, length=None) + chunks)) as server:
            client = caller.client(server.url)
            assert caller(client.users.get, "u1").id == "u1"
            assert caller(client.users.get, "u1").id == "u1"
            assert server.accepted == 1


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_redirects_are_not_followed(caller: Caller, status: int) -> None:
    with Server(answer(json=USER)) as other, Server(answer(status, location=other.url + "/v1/users/u1")) as server:
        client = caller.client(server.url)
        with pytest.raises(APIStatusError, match="redirects are not followed") as caught:
            caller(client.workflows.trigger, "flow", recipients=["u1"])
        assert caught.value.status_code == status
        assert len(server.requests) == 1
        assert other.accepted == 0


def test_max_connections(caller: Caller) -> None:
    inside = most = 0

    def pick(_: Received) -> Reply:
        async def reply(exchange: object) -> None:
            nonlocal inside, most
            inside += 1
            most = max(most, inside)
            await after(0.02, answer(json=USER))(exchange)
            inside -= 1

        return reply

    with Server.by(pick) as server:
        client = caller.client(server.url, max_connections=3)
        users = caller.together([lambda: client.users.get("u1")] * 24)
        assert [user.id for user in users] == ["u1"] * 24
        assert most == server.accepted == 3
